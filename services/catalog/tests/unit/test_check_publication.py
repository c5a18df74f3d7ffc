"""What a publication is refused for, and what is only a warning (T13)."""

from dataclasses import replace

import pytest
from catalog_fakes import ScriptedHosts, ScriptedSchemas, ScriptedSignIns, operation, schema

from catalog_service.domain.binding import pinned
from catalog_service.domain.definition import (
    NO_SERVER_VALUES,
    Action,
    Definition,
    ServerValues,
)
from catalog_service.usecases.check_publication import CheckPublication
from contracts.errors import Denied, Invalid, Unavailable
from contracts.requests import ActionProblem, BlockingBrief

ORIGIN = "https://api.example.com"
GET_PET = operation("getPet")
ADD_PET = operation("addPet")
GET_ALL = operation("getAll")
WANTING = GET_PET.model_copy(update={"wants_credential": True})


def draft(*operations):
    names = tuple(each.name for each in operations)
    bare = Action("act_1", "Pets", "sch_1", names, (ORIGIN,))
    return Definition("Vet", actions=(pinned(bare, operations, Definition("Vet")),))


class Rig:
    def __init__(self, *operations):
        self.schemas = ScriptedSchemas({("ws_1", "sch_1"): schema(*operations)})
        self.hosts, self.sign_ins = ScriptedHosts({"api.example.com"}), ScriptedSignIns()

    async def check(self, definition):
        checked = CheckPublication(self.schemas, self.hosts, self.sign_ins)
        return await checked("ws_1", definition)

    async def refusal(self, definition, kind=Invalid):
        with pytest.raises(kind) as refused:
            await self.check(definition)
        return refused.value


async def test_t13_operations_that_can_be_called_are_published_without_a_warning():
    assert await Rig(GET_PET, ADD_PET).check(draft(GET_PET, ADD_PET)) == ()


async def test_t13_an_operation_that_is_blocked_by_now_is_refused_by_name_with_the_fix():
    blocked = ADD_PET.model_copy(update={"ready": False, "origin": ""})

    refusal = await Rig(GET_PET, blocked).refusal(draft(GET_PET, ADD_PET))

    assert refusal.code == "catalog.operations_blocked"
    assert [finding["operation"] for finding in refusal.findings] == ["addPet"]
    assert "PATCH /v1/gpts/{gpt_id}/actions/{action_id}" in refusal.hint


async def test_d_what_a_newer_compiler_blocks_is_named_with_its_finding():
    why = BlockingBrief(code="schema.xml_name_invalid", message="No name `a b`.", hint="Rename it.")
    blocked = ADD_PET.model_copy(update={"ready": False, "origin": "", "blocked_by": why})

    refusal = await Rig(GET_PET, blocked).refusal(draft(GET_PET, ADD_PET))

    [finding] = refusal.findings
    assert (finding["code"], finding["finding"]) == ("catalog.operation_blocked", why.code)
    assert finding["message"].endswith("is blocked: No name `a b`.")
    assert finding["hint"] == "Rename it."


async def test_t13_an_operation_that_the_schema_has_no_more_is_refused():
    refusal = await Rig(GET_PET).refusal(draft(GET_PET, ADD_PET))

    assert [finding["operation"] for finding in refusal.findings] == ["addPet"]


async def test_t13_an_action_whose_schema_is_gone_is_refused():
    rig = Rig(GET_PET)
    rig.schemas.known.clear()

    refusal = await rig.refusal(draft(GET_PET))

    assert [finding["code"] for finding in refusal.findings] == ["catalog.schema_gone"]


class ChoosySchemas(ScriptedSchemas):
    """Refuses any choice of a server for one schema, as schema does by now."""

    async def read(self, workspace_id, schema_id, names, server=NO_SERVER_VALUES):
        if server and schema_id == "sch_1":
            raise Denied("Only https can be called.", hint="Use https.", code="egress.scheme")
        return await super().read(workspace_id, schema_id, names, server)


async def test_b07_a_server_choice_that_fits_no_more_is_one_fault_of_its_action_among_others():
    rig = Rig()
    lacking, broken = (
        operation(name, ready=False, origin="").model_copy(update={"lacks_server": lacks})
        for name, lacks in (("getPet", True), ("addPet", False))
    )
    rig.schemas = ChoosySchemas(
        {
            ("ws_1", "sch_1"): schema(lacking, broken, GET_ALL),
            ("ws_1", "sch_2"): schema(broken, schema_id="sch_2"),
        }
    )
    values = ServerValues("http://api.example.com")
    [first] = draft(lacking, broken, GET_ALL).actions
    second = replace(first, id="act_2", schema_id="sch_2", operations=("addPet",))
    third = replace(first, id="act_3", schema_id="sch_3")
    actions = tuple(replace(each, server_values=values) for each in (first, second, third))

    refusal = await rig.refusal(Definition("Vet", actions=actions))

    faults = [(f["action_id"], f["code"], f.get("operation")) for f in refusal.findings]
    assert faults == [
        ("act_1", "egress.scheme", None),
        ("act_1", "catalog.operation_blocked", "addPet"),
        ("act_2", "catalog.operation_blocked", "addPet"),
        ("act_3", "catalog.schema_gone", None),
    ]
    assert "Only https can be called." in refusal.findings[0]["message"]
    assert "PATCH /v1/gpts/{gpt_id}/actions/act_1" in refusal.findings[0]["message"]


class AwaySchemas(ScriptedSchemas):
    async def read(self, workspace_id, schema_id, names, server=NO_SERVER_VALUES):
        raise Unavailable("It does not answer.")


async def test_b07_while_schema_is_away_nothing_is_said_of_a_choice():
    rig = Rig(GET_PET)
    rig.schemas = AwaySchemas()
    [action] = draft(GET_PET).actions
    chosen = replace(action, server_values=ServerValues("https://api.example.com"))

    await rig.refusal(Definition("Vet", actions=(chosen,)), Unavailable)


async def test_t13_a_document_that_wants_a_key_where_none_is_set_is_a_warning():
    rig = Rig(WANTING)
    rig.sign_ins.unset.add("act_1")

    [warning] = await rig.check(draft(WANTING))

    assert (warning.code, warning.action_id) == ("catalog.credential_missing", "act_1")


@pytest.mark.parametrize(("offered", "unset"), [(WANTING, set()), (GET_PET, {"act_1"})])
async def test_t13_no_warning_where_a_key_or_none_is_set_or_no_key_is_wanted(offered, unset):
    rig = Rig(offered)
    rig.sign_ins.unset |= unset

    assert await rig.check(draft(offered)) == ()


async def test_t13_a_credential_that_is_bound_elsewhere_is_refused_in_auths_words():
    rig = Rig(GET_PET)
    rig.sign_ins.known["act_1"] = ActionProblem(
        action_id="act_1",
        code="auth.credential_bound_elsewhere",
        sentence="It is bound to another host.",
        hint="Enter it again.",
    )

    refusal = await rig.refusal(draft(GET_PET), Exception)

    assert refusal.code == "auth.credential_bound_elsewhere"


async def test_t13_custom_actions_that_are_off_are_a_warning():
    rig = Rig(GET_PET)
    rig.hosts.enabled = False

    [warning] = await rig.check(draft(GET_PET))

    assert warning.code == "policy.custom_actions_disabled"
    assert warning.sentence.startswith("Custom actions are disabled for your workspace.")


async def test_t13_a_gpt_without_actions_asks_nobody():
    rig = Rig()
    rig.hosts.enabled = False

    assert await rig.check(replace(draft(GET_PET), actions=())) == ()
    assert rig.sign_ins.asked == []
