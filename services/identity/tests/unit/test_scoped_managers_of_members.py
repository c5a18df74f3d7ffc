"""Who manages members with a token of some scopes gives nobody a session that may do more."""

from dataclasses import replace

import pytest

from contracts.principal import SCOPES_OF_ROLE, Scope
from contracts.requests import Role
from identity_service.domain.directory_entry import DirectoryEntry, NamedRole
from identity_service.domain.errors import ScopesExceeded
from identity_service.domain.group import GroupRole
from identity_service.domain.member import MemberEdit, MemberKind
from identity_service.usecases.add_member import AddMember, NewMember
from identity_service.usecases.change_member import ChangeMember
from identity_service.usecases.place_member import PlaceMember
from identity_service.usecases.set_group_roles import SetGroupRoles
from identity_service.usecases.set_sign_in import WantedSignIn
from services.identity.tests.company import ISSUER, OWNER, new_company_platform
from services.identity.tests.directory_fakes import MemoryGroups
from services.identity.tests.session_platform import OURS

MAL, EVIL = "mal@acme.com", "https://login.evil.example"
AS_OWNER = (NamedRole(Role.OWNER, primary=True),)


class Managed:
    """An owner who calls with a token that manages members and does little else."""

    def __init__(self, platform):
        self.platform, members = platform, platform.members
        scopes = SCOPES_OF_ROLE[Role.USER] | {Scope.MEMBERS_WRITE}
        self.limited = replace(platform.caller(OWNER), scopes=scopes)
        self.add = AddMember(members, 20)
        self.change = ChangeMember(members, platform.keep)
        roles = platform.group_roles
        place = PlaceMember(members, MemoryGroups(), roles, platform.keep, platform.end_all)
        self.give = SetGroupRoles(roles, members, place, platform.sign_in_settings)

    async def came(self, **claims):
        """Whom the company's account signs in."""
        said = {"sub": "u6", "email": MAL, "email_verified": True, "name": "Mal"}
        self.platform.company.person, self.platform.company.claims = said, claims
        return await self.platform.member_who_came()


@pytest.fixture
async def managed():
    return Managed(await new_company_platform())


async def test_nobody_is_added_who_signs_in_with_a_role_that_may_do_more(managed):
    with pytest.raises(ScopesExceeded):
        await managed.add(managed.limited, NewMember("Mal", Role.OWNER, email=MAL))

    assert (await managed.came()).role is Role.USER


async def test_nobody_who_may_do_more_gets_an_address_by_which_somebody_signs_in(managed):
    with pytest.raises(ScopesExceeded):
        await managed.change(managed.limited, OWNER.id, MemberEdit(email=MAL), None)

    assert (await managed.came()).id != OWNER.id


async def test_no_group_gets_a_role_that_may_do_more(managed):
    with pytest.raises(ScopesExceeded):
        await managed.give(managed.limited, (GroupRole("everyone", Role.OWNER),))

    await managed.platform.configure(group_claim="groups")
    assert (await managed.came(groups=["everyone"])).role is Role.USER


async def test_no_issuer_that_may_vouch_for_owners_is_set(managed):
    limited = replace(managed.limited, scopes=frozenset({Scope.SIGN_IN_WRITE}))

    with pytest.raises(ScopesExceeded):
        await managed.platform.set(limited, WantedSignIn(EVIL, "openactions"), None)

    settings = await managed.platform.sign_in_settings.find(OURS)
    assert settings.issuer == ISSUER
    assert managed.platform.company.asked == ["/.well-known/openid-configuration"]


async def test_what_gives_no_session_with_more_is_given(managed):
    robot = NewMember("Robot", Role.OWNER, MemberKind.SERVICE, "robot@acme.com")
    without = NewMember("Jo", Role.OWNER)
    user = NewMember("Ada", Role.USER, email="ada@acme.com")
    for wanted in (robot, without, user):
        added = await managed.add(managed.limited, wanted)
        assert (added.role, added.email) == (wanted.role, wanted.email)

    edit = MemberEdit(name="Olga O.", email=OWNER.email)
    assert (await managed.change(managed.limited, OWNER.id, edit, None)).name == "Olga O."
    entries = (GroupRole("everyone", Role.USER),)
    assert (await managed.give(managed.limited, entries)).entries == entries
    assert await managed.platform.members.count(OURS) == 4


async def test_who_gave_a_group_more_before_may_take_it_away_with_less(managed):
    owner = managed.platform.caller(OWNER)
    await managed.give(owner, (GroupRole("bosses", Role.OWNER), GroupRole("all", Role.USER)))

    left = await managed.give(managed.limited, (GroupRole("all", Role.USER),))

    assert [each.group for each in left.entries] == ["all"]


async def test_whom_a_directory_may_raise_again_gets_no_address_by_somebody_with_less(managed):
    """An owner by the directory, a user by hand, and an owner again with its next word."""
    entry = DirectoryEntry("dora", "dora", roles=AS_OWNER, gave_role=True)
    dora = replace(OWNER, id="mem_dora", role=Role.USER, email="", directory=entry)
    await managed.platform.members.add(dora)

    with pytest.raises(ScopesExceeded):
        await managed.change(managed.limited, "mem_dora", MemberEdit(email=MAL), None)

    assert (await managed.came()).id != "mem_dora"


async def test_nobody_has_the_directorys_role_again_by_somebody_with_less(managed):
    entry = DirectoryEntry("dora", "dora", roles=AS_OWNER, gave_role=True)
    dora = replace(OWNER, id="mem_dora", role=Role.USER, email="", directory=entry)
    await managed.platform.members.add(dora)

    with pytest.raises(ScopesExceeded):
        await managed.give(managed.limited, ())

    assert await managed.platform.members.find(OURS, "mem_dora") == dora
    await managed.give(managed.platform.caller(OWNER), ())
    assert (await managed.platform.members.find(OURS, "mem_dora")).role is Role.OWNER


async def test_nobody_gets_a_higher_default_role_by_somebody_who_changes_groups_with_less(managed):
    owner, users = managed.platform.caller(OWNER), (GroupRole("contractors", Role.USER),)
    await managed.give(owner, users)
    await managed.platform.configure(group_claim="groups", default_role=Role.BUILDER)
    assert (await managed.came(groups=["contractors"])).role is Role.USER

    for entries in ((), (GroupRole("others", Role.USER),)):
        with pytest.raises(ScopesExceeded):
            await managed.give(managed.limited, entries)

    assert (await managed.came(groups=["contractors"])).role is Role.USER
    assert (await managed.give(managed.limited, users)).entries == users
