"""Pages of other services say who somebody is; of foreign members they say nothing."""

import pytest

from contracts.requests import MemberNamed
from identity_service.usecases.name_member import NameMember
from kit.errors import NothingHere
from services.identity.tests.session_platform import ADA, OURS, THEIRS, new_platform


async def test_a_member_and_their_workspace_are_named():
    platform = await new_platform()
    name = NameMember(platform.members, platform.workspaces)

    assert await name(OURS, ADA.id) == MemberNamed(member="Ada", workspace="Ours")


async def test_a_member_who_is_switched_off_is_named_as_such():
    platform = await new_platform()
    await platform.members.replace(ADA, ADA.switched(active=False))

    assert not (await NameMember(platform.members, platform.workspaces)(OURS, ADA.id)).active


@pytest.mark.parametrize(("workspace", "member"), [(THEIRS, ADA.id), (OURS, "mem_unknown")])
async def test_unknown_and_foreign_members_have_no_name(workspace, member):
    platform = await new_platform()

    with pytest.raises(NothingHere):
        await NameMember(platform.members, platform.workspaces)(workspace, member)
