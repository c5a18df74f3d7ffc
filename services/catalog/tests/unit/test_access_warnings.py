"""Warnings and refusals when the access to a GPT is changed."""

import pytest
from catalog_fakes import MemoryGpts, ScriptedMembers, principal

from catalog_service.domain.definition import Definition
from catalog_service.domain.gpt import Gpt
from catalog_service.entrypoints.views import AccessView
from catalog_service.usecases.change_access import AccessEdit, ChangeAccess
from contracts.access import Level
from contracts.errors import PlatformError
from contracts.principal import Role

MAKER = principal("mem_maker", Role.BUILDER)


@pytest.fixture
async def change_access():
    gpts = MemoryGpts()
    await gpts.add(Gpt("gpt_1", "ws_1", Definition("Vet"), owner="mem_maker"))
    known = {"mem_maker", "mem_other", "mem_user"}
    return ChangeAccess(gpts, ScriptedMembers(known, users={"mem_user"}))


async def test_an_editor_with_the_role_user_is_stored_with_a_warning(change_access):
    entries = [("mem_user", Level.EDIT), ("mem_other", Level.EDIT)]

    changed = await change_access(MAKER, "gpt_1", AccessEdit(entries=entries), None)

    [shown] = AccessView.of(changed.gpt.access, changed.warnings).warnings
    assert (shown.code, shown.member_id) == ("catalog.editor_builds_nothing", "mem_user")
    assert changed.gpt.access.entries == tuple(entries)


async def test_a_member_with_the_role_user_does_not_become_the_owner(change_access):
    with pytest.raises(PlatformError) as refused:
        await change_access(MAKER, "gpt_1", AccessEdit(owner="mem_user"), None)

    assert refused.value.code == "catalog.owner_builds_nothing"
    assert (await change_access.gpts.read("ws_1", "gpt_1")).owner == "mem_maker"


@pytest.mark.parametrize(
    ("entries", "codes"),
    [
        ([], ["catalog.access_given_away"]),
        ([("mem_maker", Level.CHAT)], ["catalog.access_given_away"]),
        ([("mem_maker", Level.VIEW)], []),
    ],
)
async def test_whoever_gives_a_gpt_away_is_told_that_they_lose_sight_of_it(
    change_access, entries, codes
):
    edit = AccessEdit(owner="mem_other", entries=entries)

    changed = await change_access(MAKER, "gpt_1", edit, None)

    assert [warning.code for warning in changed.warnings] == codes
