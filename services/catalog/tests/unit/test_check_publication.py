"""What a publication is refused for, and what is only a warning (T13)."""

from dataclasses import replace

import pytest
from catalog_fakes import ScriptedHosts, ScriptedSchemas, ScriptedSignIns, operation, schema

from catalog_service.domain.binding import pinned
from catalog_service.domain.definition import Action, Definition
from catalog_service.usecases.check_publication import CheckPublication
from contracts.errors import Invalid
from contracts.requests import ActionProblem

ORIGIN = "https://api.example.com"
GET_PET = operation("getPet")
ADD_PET = operation("addPet")
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


async def test_t13_an_operation_that_the_schema_has_no_more_is_refused():
    refusal = await Rig(GET_PET).refusal(draft(GET_PET, ADD_PET))

    assert [finding["operation"] for finding in refusal.findings] == ["addPet"]


async def test_t13_an_action_whose_schema_is_gone_is_refused():
    rig = Rig(GET_PET)
    rig.schemas.known.clear()

    refusal = await rig.refusal(draft(GET_PET))

    assert [finding["code"] for finding in refusal.findings] == ["catalog.schema_gone"]


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
