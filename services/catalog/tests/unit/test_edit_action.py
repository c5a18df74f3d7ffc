"""PATCH keeps what it does not name, PUT says what it takes away (T10); a schema that is deleted
while it is bound (T11).
"""

import pytest
from catalog_fakes import (
    BUILDER,
    MemoryGpts,
    MemoryVersions,
    ScriptedHosts,
    ScriptedSchemas,
    operation,
    schema,
)
from pydantic import ValidationError

from catalog_service.domain.binding import Wanted
from catalog_service.domain.definition import Definition, Limits
from catalog_service.domain.gpt import Gpt
from catalog_service.entrypoints.bodies import ActionBody, ActionEditBody, GptEditBody
from catalog_service.usecases.bind_action import BindAction
from catalog_service.usecases.pin_tools import PinTools
from contracts.errors import PlatformError

POLICY = "https://example.com/privacy"
OPERATIONS = (operation("getPet"), operation("addPet"))


class Catalog:
    def __init__(self):
        self.gpts = MemoryGpts()
        self.schemas = ScriptedSchemas(
            {
                ("ws_1", "sch_1"): schema(*OPERATIONS),
                ("ws_1", "sch_2"): schema(*OPERATIONS, schema_id="sch_2", title="Pets 2"),
                ("ws_1", "sch_3"): schema(operation("addPet"), schema_id="sch_3"),
            }
        )
        self.limits = Limits(actions=10, operations=128)

    async def bind(self, wanted, action_id=None):
        pin_tools = PinTools(self.gpts, MemoryVersions(), self.schemas, kept_versions=50)
        hosts = ScriptedHosts({"api.example.com"})
        bind = BindAction(self.gpts, pin_tools, self.schemas, hosts, self.limits)
        return await bind(BUILDER, "gpt_1", action_id, wanted, None)

    async def edit(self, action_id, **body):
        return await self.bind(ActionEditBody(**body).edit(), action_id)

    async def replace(self, action_id, **body):
        return await self.bind(ActionBody(**body).wanted(), action_id)

    async def draft(self):
        return (await self.gpts.read("ws_1", "gpt_1")).draft


@pytest.fixture
async def catalog():
    made = Catalog()
    await made.gpts.add(Gpt("gpt_1", "ws_1", Definition("Vet"), owner="mem_1"))
    return made


@pytest.fixture
async def bound(catalog):
    return (await catalog.bind(Wanted("sch_1", ("getPet",), POLICY, "Mine"))).action


async def test_t10_an_edit_with_only_a_schema_keeps_everything_else(catalog, bound):
    edited = await catalog.edit(bound.id, schema_id="sch_2")

    action = edited.action
    assert (action.id, action.schema_id, action.name) == (bound.id, "sch_2", "Mine")
    assert (action.operations, action.privacy_policy_url) == (("getPet",), POLICY)
    assert edited.warnings == ()


async def test_t10_an_edit_keeps_the_schema_where_it_names_something_else(catalog, bound):
    edited = await catalog.edit(bound.id, operations=["addPet", "addPet"])

    assert (edited.action.schema_id, edited.action.operations) == ("sch_1", ("addPet",))


async def test_t10_null_clears_what_is_optional(catalog, bound):
    edited = await catalog.edit(bound.id, privacy_policy_url=None, name=None, operations=None)

    action = edited.action
    assert (action.privacy_policy_url, action.name) == (None, "Pets")
    assert action.operations == ("getPet", "addPet")


async def test_t10_operations_that_another_schema_does_not_have_are_refused(catalog, bound):
    with pytest.raises(PlatformError) as refused:
        await catalog.edit(bound.id, schema_id="sch_3")

    assert refused.value.code == "catalog.operations_unusable"
    assert (await catalog.draft()).actions == (bound,)


async def test_t10_replacing_with_only_a_schema_says_that_the_privacy_policy_goes(catalog, bound):
    replaced = await catalog.replace(bound.id, schema_id="sch_2")

    assert replaced.action.privacy_policy_url is None
    assert [each.code for each in replaced.warnings] == ["catalog.privacy_policy_removed"]


@pytest.mark.parametrize("policy", [None, POLICY])
async def test_t10_replacing_that_names_the_privacy_policy_warns_of_nothing(catalog, bound, policy):
    replaced = await catalog.replace(bound.id, schema_id="sch_2", privacy_policy_url=policy)

    assert (replaced.action.privacy_policy_url, replaced.warnings) == (policy, ())


@pytest.mark.parametrize("member", ["name", "description", "instructions", "starters"])
def test_t10_null_in_an_edit_is_refused_by_the_members_name(member):
    with pytest.raises(ValidationError) as refused:
        GptEditBody.model_validate({member: None})

    [fault] = refused.value.errors()
    assert fault["loc"] == (member,)
    assert fault["msg"] == "This member cannot be null; leave it out to keep what is there."


def test_t10_null_for_the_schema_of_an_action_is_refused():
    with pytest.raises(ValidationError):
        ActionEditBody.model_validate({"schema_id": None})


class DeletedWhileBound(MemoryGpts):
    """Schema deletes the document, which nobody uses yet, right before the binding is stored."""

    schemas = None

    async def change(self, seen, changed, *facts):
        if self.schemas:
            self.schemas.known.pop(("ws_1", "sch_1"), None)
        await super().change(seen, changed, *facts)


async def test_t11_a_schema_that_is_deleted_while_it_is_bound_is_not_bound(catalog):
    catalog.gpts = DeletedWhileBound()
    await catalog.gpts.add(Gpt("gpt_1", "ws_1", Definition("Vet"), owner="mem_1"))
    catalog.gpts.schemas = catalog.schemas

    with pytest.raises(PlatformError) as refused:
        await catalog.bind(Wanted("sch_1"))

    assert refused.value.code == "catalog.schema_gone"
    assert (await catalog.draft()).actions == ()


async def test_t11_a_binding_that_is_taken_back_leaves_what_was_bound_before(catalog, bound):
    seen = await catalog.gpts.read("ws_1", "gpt_1")
    catalog.gpts = DeletedWhileBound()
    await catalog.gpts.add(seen)
    catalog.schemas.known[("ws_1", "sch_2")] = catalog.schemas.known[("ws_1", "sch_1")]

    catalog.gpts.schemas = catalog.schemas
    catalog.schemas.known[("ws_1", "sch_1")] = schema(*OPERATIONS)
    with pytest.raises(PlatformError) as refused:
        await catalog.replace(bound.id, schema_id="sch_1")

    assert refused.value.code == "catalog.schema_gone"
    assert (await catalog.draft()).actions == (bound,)
