"""Base URL and server variables of an action: kept, pinned with its tools, part of its origins."""

import pytest
from catalog_fakes import (
    BUILDER,
    MemoryGpts,
    MemoryVersions,
    ScriptedHosts,
    ScriptedSchemas,
    ScriptedSignIns,
    schema,
)
from catalog_fakes import operation as brief
from pydantic import TypeAdapter

from catalog_service.domain.definition import (
    NO_SERVER_VALUES,
    Action,
    Definition,
    Limits,
    ServerValues,
)
from catalog_service.domain.errors import ServerVariableUnknown
from catalog_service.domain.gpt import Gpt
from catalog_service.entrypoints.bodies import ActionBody, ActionEditBody
from catalog_service.entrypoints.views import BoundActionView
from catalog_service.usecases.bind_action import BindAction
from catalog_service.usecases.check_publication import CheckPublication
from catalog_service.usecases.pin_tools import PinTools

OURS, OTHER = "https://ours.acme.io/v1", "https://other.acme.io/v1"


class PlacingSchemas(ScriptedSchemas):
    """Answers as schema does: a base URL makes ready what had no server."""

    behind = ""

    async def read(self, workspace_id, schema_id, names, server=NO_SERVER_VALUES):
        found = await super().read(workspace_id, schema_id, names, server)
        if server.base_url is None:
            return found
        origin = "/".join(server.base_url.split("/")[:3])
        placed = [
            each.model_copy(
                update={"ready": True, "origin": origin, "server": server.base_url + self.behind}
            )
            for each in found.operations
        ]
        return found.model_copy(update={"operations": tuple(placed)})


def blocked(name):
    found = brief(name, ready=False, origin="")
    return found.model_copy(update={"server_variables": ("tenant",)})


class Catalog:
    def __init__(self):
        self.gpts = MemoryGpts()
        self.schemas = PlacingSchemas(
            {
                ("ws_1", "sch_1"): schema(blocked("getPet")),
                ("ws_1", "sch_2"): schema(blocked("getPet"), schema_id="sch_2"),
            }
        )

    async def bind(self, body, action_id=None):
        pin_tools = PinTools(self.gpts, MemoryVersions(), self.schemas, kept_versions=50)
        hosts = ScriptedHosts({"acme.io", "ours.acme.io", "other.acme.io"})
        bind = BindAction(self.gpts, pin_tools, self.schemas, hosts, Limits(10, 128))
        wanted = body.edit() if isinstance(body, ActionEditBody) else body.wanted()
        return await bind(BUILDER, "gpt_1", action_id, wanted, None)

    async def release(self):
        gpt = await self.gpts.read("ws_1", "gpt_1")
        return gpt.draft_release.page(0)


@pytest.fixture
async def catalog():
    made = Catalog()
    await made.gpts.add(Gpt("gpt_1", "ws_1", Definition("Vet"), owner="mem_1"))
    return made


@pytest.fixture
async def bound(catalog):
    variables = {"tenant": "acme"}
    body = ActionBody(
        schema_id="sch_1", operations=["getPet"], base_url=f"{OURS}/", server_variables=variables
    )
    return await catalog.bind(body)


async def test_a_base_url_is_pinned_with_the_tool_and_in_the_actions_origins(catalog, bound):
    [tool] = (await catalog.release()).tools

    assert (tool.server, tool.origin) == (OURS, "https://ours.acme.io")
    assert bound.action.origins == ("https://ours.acme.io",)
    view = BoundActionView.of_bound(bound)
    assert (view.base_url, view.server_variables) == (OURS, {"tenant": "acme"})


async def test_nb12_an_edit_that_moves_its_calls_is_warned_about(catalog, bound):
    # as a release pinned it that took a base URL for the whole
    catalog.schemas.behind = "/v2"
    edited = await catalog.bind(ActionEditBody(name="Other"), bound.action.id)

    [warning] = [each for each in edited.warnings if each.code == "catalog.called_elsewhere"]
    assert f"{OURS}, and is called at {OURS}/v2" in warning.sentence
    again = await catalog.bind(ActionEditBody(name="Third"), bound.action.id)
    assert "catalog.called_elsewhere" not in [each.code for each in again.warnings]


@pytest.mark.parametrize("change", [{"base_url": OTHER}, {"schema_id": "sch_2"}])
async def test_nb12_calls_that_the_builder_moves_are_not(catalog, bound, change):
    catalog.schemas.behind = "/v2"
    edited = await catalog.bind(ActionEditBody(**change), bound.action.id)
    assert "catalog.called_elsewhere" not in [each.code for each in edited.warnings]


async def test_an_edit_keeps_them_also_for_another_schema(catalog, bound):
    edited = await catalog.bind(ActionEditBody(schema_id="sch_2"), bound.action.id)

    assert edited.action.server_values == ServerValues(OURS, (("tenant", "acme"),))
    assert [tool.server for tool in edited.action.tools] == [OURS]


async def test_n37_a_variable_that_another_schema_lacks_is_kept_with_a_warning(catalog, bound):
    without = blocked("getPet").model_copy(update={"server_variables": ()})
    catalog.schemas.known["ws_1", "sch_2"] = schema(without, schema_id="sch_2")

    edited = await catalog.bind(ActionEditBody(schema_id="sch_2"), bound.action.id)

    assert edited.action.server_variables == {"tenant": "acme"}
    assert "catalog.server_variable_unused" in [each.code for each in edited.warnings]


async def test_another_base_url_is_another_set_of_origins_for_credentials(catalog, bound):
    before = (await catalog.release()).actions[0].origin_set
    edited = await catalog.bind(ActionEditBody(base_url=OTHER), bound.action.id)
    after = (await catalog.release()).actions[0].origin_set

    assert edited.action.origins == ("https://other.acme.io",)
    assert before != after


async def test_put_replaces_them_and_says_so(catalog, bound):
    replaced = await catalog.bind(ActionBody(schema_id="sch_1"), bound.action.id)

    assert not replaced.action.server_values
    assert "catalog.server_values_removed" in [each.code for each in replaced.warnings]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (ActionBody(schema_id="sch_1"), True),
        (ActionBody(schema_id="sch_1", base_url=OTHER), False),
        (ActionBody(schema_id="sch_1", base_url=None), False),
        (ActionBody(schema_id="sch_1", server_variables={}), False),
        (ActionEditBody(name="Vets"), False),
        (ActionEditBody(base_url=None, server_variables={}, operations=[]), False),
    ],
)
async def test_a_server_that_goes_is_said_only_where_nobody_asked_for_it(
    catalog, bound, body, said
):
    edited = await catalog.bind(body, bound.action.id)

    warned = "catalog.server_values_removed" in [each.code for each in edited.warnings]
    assert warned is said


async def test_a_new_action_without_a_server_loses_none(catalog):
    bound = await catalog.bind(ActionBody(schema_id="sch_1", operations=[]))

    assert "catalog.server_values_removed" not in [each.code for each in bound.warnings]


async def test_null_clears_a_base_url(catalog, bound):
    cleared = await catalog.bind(ActionEditBody(base_url=None, operations=[]), bound.action.id)
    assert cleared.action.base_url is None


async def test_a_variable_that_no_server_has_is_refused_with_those_that_there_are(catalog):
    body = ActionBody(
        schema_id="sch_1",
        operations=["getPet"],
        base_url=OURS,
        server_variables={"tenat": "acme"},
    )
    with pytest.raises(ServerVariableUnknown) as refused:
        await catalog.bind(body)
    assert "tenant" in refused.value.hint


async def test_publishing_asks_with_the_same_values(catalog, bound):
    hosts = ScriptedHosts({"ours.acme.io"})

    await CheckPublication(catalog.schemas, hosts, ScriptedSignIns())("ws_1", bound.gpt.draft)

    assert catalog.schemas.asked[-1] == bound.action.server_values


def test_what_an_earlier_release_stored_has_none():
    stored = {
        "id": "act_1",
        "name": "Pets",
        "schema_id": "sch_1",
        "operations": ["getPet"],
        "origins": ["https://api.acme.io"],
    }
    assert not TypeAdapter(Action).validate_python(stored).server_values
