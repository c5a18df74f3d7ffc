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
from catalog_service.domain.errors import OperationsUnusable, ServerVariableUnknown
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


def places(bound):
    return [(tool.origin, tool.server) for tool in bound.action.tools]


def has_moved(bound):
    return "catalog.called_elsewhere" in [each.code for each in bound.warnings]


async def test_nb12_an_action_that_is_replaced_with_the_same_server_is_warned_about(catalog, bound):
    # as a release pinned it that took a base URL for the whole
    catalog.schemas.behind = "/v2"
    body = ActionBody(
        schema_id="sch_1",
        operations=["getPet"],
        base_url=OURS,
        server_variables={"tenant": "acme"},
    )
    replaced = await catalog.bind(body, bound.action.id)

    [warning] = [each for each in replaced.warnings if each.code == "catalog.called_elsewhere"]
    assert f"{OURS}, and is called at {OURS}/v2" in warning.sentence
    assert places(replaced) == [("https://ours.acme.io", f"{OURS}/v2")]
    assert not has_moved(await catalog.bind(body, bound.action.id))


@pytest.mark.parametrize(
    "change",
    [
        {"name": "renamed"},
        {"privacy_policy_url": "https://acme.io/privacy"},
        {"operations": ["getPet"]},
        {"schema_id": "sch_1"},
        {"base_url": f"{OURS}/"},
        {"server_variables": {"tenant": "acme"}, "base_url": OURS, "schema_id": "sch_1"},
    ],
)
async def test_na7_a_change_that_names_no_other_server_keeps_where_calls_go(catalog, bound, change):
    digest = bound.action.tools[0].source_digest
    catalog.schemas.behind = "/v2"
    edited = await catalog.bind(ActionEditBody(**change), bound.action.id)

    assert places(edited) == [("https://ours.acme.io", OURS)]
    assert edited.action.origins == ("https://ours.acme.io",)
    assert edited.action.tools[0].source_digest == digest
    assert not has_moved(edited)


@pytest.mark.parametrize(
    "change", [{"base_url": OTHER}, {"schema_id": "sch_2"}, {"server_variables": {"tenant": "b"}}]
)
async def test_na7_a_change_that_names_another_server_works_it_out_anew(catalog, bound, change):
    catalog.schemas.behind = "/v2"
    edited = await catalog.bind(ActionEditBody(**change), bound.action.id)

    assert [server for _, server in places(edited)] == [f"{change.get('base_url', OURS)}/v2"]


async def test_na7_an_operation_that_joins_is_called_as_the_document_says_now(catalog, bound):
    two = schema(blocked("getPet"), blocked("addPet"))
    catalog.schemas.known["ws_1", "sch_1"] = two
    catalog.schemas.behind = "/v2"
    edited = await catalog.bind(ActionEditBody(operations=["addPet", "getPet"]), bound.action.id)

    assert [server for _, server in places(edited)] == [f"{OURS}/v2", OURS]


async def test_na7_an_operation_that_is_ready_no_more_is_refused_as_before(catalog, bound):
    catalog.schemas.known["ws_1", "sch_1"] = schema(brief("addPet"))
    with pytest.raises(OperationsUnusable):
        await catalog.bind(ActionEditBody(name="renamed"), bound.action.id)


async def test_na7_calls_at_the_documents_own_server_that_move_are_warned_about(catalog, bound):
    away = ActionBody(schema_id="sch_3")
    catalog.schemas.known["ws_1", "sch_3"] = schema(brief("getPet"), schema_id="sch_3")
    before = await catalog.bind(away, bound.action.id)
    moved = brief("getPet", origin="https://other.acme.io")
    catalog.schemas.known["ws_1", "sch_3"] = schema(moved, schema_id="sch_3")

    assert not has_moved(before)
    assert has_moved(await catalog.bind(away, bound.action.id))


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
