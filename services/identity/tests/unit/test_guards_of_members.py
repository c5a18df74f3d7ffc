"""Guards about members that no other test would miss, one by one."""

from dataclasses import replace

import pytest

from contracts.facts import MemberChanged
from contracts.ids import MemberId
from contracts.principal import SCOPES_OF_ROLE, OnlyTokensAct, Principal, Role, Via
from contracts.requests import Authenticate, CredentialKind
from identity_service.domain import invitation as invitations
from identity_service.domain.directory_entry import DirectoryEntry
from identity_service.domain.group import Group, GroupRole, GroupRoles
from identity_service.domain.member import Member, MemberEdit
from identity_service.domain.member_errors import InvitationUsedUp
from identity_service.usecases.accept_invitation import AcceptInvitation
from identity_service.usecases.change_member import ChangeMember
from identity_service.usecases.create_invitation import CreateInvitation, WantedInvitation
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.lend import Lend
from identity_service.usecases.place_member import PlaceMember, with_group
from identity_service.usecases.read_invitation import ReadInvitation
from identity_service.usecases.switch_member import SwitchMember
from services.identity.tests.directory_fakes import MemoryGroupRoles, MemoryGroups
from services.identity.tests.fakes import CountedSecrets
from services.identity.tests.invitation_fakes import MemoryInvitations
from services.identity.tests.session_platform import ADA, OURS, new_platform

OWNER = Member(MemberId("mem_owner"), OURS, "Olga", Role.OWNER)


def caller(member=OWNER):
    scopes = SCOPES_OF_ROLE[member.role]
    return Principal(OURS, member.id, member.role, Via.TOKEN, scopes, None, "tok")


@pytest.fixture
async def ours():
    platform = await new_platform()
    await platform.members.add(OWNER)
    platform.keep = KeepAnOwner(platform.members, platform.tokens, platform.clock)
    return platform


class UsedUpMeanwhile(MemoryInvitations):
    """Somebody else is the one who uses it up."""

    async def use_up(self, workspace_id, invitation_id):
        await super().use_up(workspace_id, invitation_id)
        return False


async def test_f11_of_two_who_accept_an_invitation_at_once_one_becomes_a_member(ours):
    store = UsedUpMeanwhile()
    create = CreateInvitation(
        store, ours.members, CountedSecrets(), ours.clock, Lend(ours.tokens, ours.sessions)
    )
    invited, _ = await create(caller(), WantedInvitation("bob@acme.com", "Bob", Role.USER))
    read = ReadInvitation(store, ours.members, ours.workspaces, ours.enforce, ours.clock)
    accept = AcceptInvitation(store, ours.members, read, ours.sign_in, 10)

    with pytest.raises(InvitationUsedUp):
        await accept(invited.digest, "Firefox on Linux", None)

    assert await ours.members.count(OURS) == 2
    assert await ours.sessions.of_workspace(OURS) == []


def test_f11_a_workspace_has_200_open_invitations():
    assert invitations.MAX_OPEN == 200


@pytest.mark.parametrize(
    ("edit", "facts"),
    [
        (MemberEdit(name="Ada L."), 0),
        (MemberEdit(email="ada@acme.com"), 1),
        (MemberEdit(role=Role.USER), 1),
        (MemberEdit(email="ada@acme.com", role=Role.USER, name="Ada L."), 1),
    ],
)
async def test_f11_another_address_or_role_is_a_fact_and_another_name_is_none(ours, edit, facts):
    change = ChangeMember(ours.members, ours.keep)

    changed = await change(caller(), ADA.id, edit, None)

    found = ours.members.facts.of(MemberChanged)
    assert [(each.role, each.revision) for each in found] == [(changed.role, 2)] * facts


async def test_f11_an_address_that_is_taken_away_is_a_fact_too(ours):
    change = ChangeMember(ours.members, ours.keep)
    for email in ("ada@acme.com", ""):
        await change(caller(), ADA.id, MemberEdit(email=email), None)

    assert len(ours.members.facts.of(MemberChanged)) == 2


async def test_f11_whoever_is_switched_off_has_no_session_left(ours):
    session, _ = await ours.signed_in()
    switch = SwitchMember(ours.members, ours.keep, ours.end_all)

    await switch(caller(), ADA.id, active=False)

    assert await ours.sessions.find(OURS, session.id) is None


async def test_f11_a_session_that_began_while_they_were_off_does_not_come_back(ours):
    session, _ = await ours.signed_in()
    switch = SwitchMember(ours.members, ours.keep, ours.end_all)
    await switch(caller(), ADA.id, active=False)
    await ours.sessions.add(session)  # by a replica that had read them before

    await switch(caller(), ADA.id, active=True)

    assert await ours.sessions.find(OURS, session.id) is None


async def test_f11_nobody_acts_for_somebody_else_by_a_session(ours):
    session, digest = await ours.signed_in(OWNER)
    asked = Authenticate(token_digest=digest, kind=CredentialKind.SESSION, on_behalf_of=ADA.id)

    with pytest.raises(OnlyTokensAct):
        await ours.authenticate_caller(asked)
    alone = asked.model_copy(update={"on_behalf_of": None})
    assert (await ours.authenticate_caller(alone)).member_id == session.member_id


MAKERS = Group("grp_1", OURS, "Makers")


class Directory:
    """A group that gives a role, and somebody who changes that right after a member's write."""

    def __init__(self, members, then):
        self._members, self._then = members, then
        self.groups, self.group_roles = MemoryGroups(), MemoryGroupRoles()

    def __getattr__(self, name):
        return getattr(self._members, name)

    async def replace(self, seen, changed, *facts):
        await self._members.replace(seen, changed, *facts)
        then, self._then = self._then, None
        if then is not None:
            await then(self)

    async def gives(self, role):
        seen = await self.group_roles.read(OURS)
        given = (GroupRole("Makers", role),) if role else ()
        await self.group_roles.replace(seen, GroupRoles(OURS, given, seen.revision + 1))

    async def closes(self):
        await self.groups.replace(MAKERS, MAKERS.closed())


@pytest.mark.parametrize(
    ("then", "role"),
    [
        (lambda directory: directory.gives(Role.ADMIN), Role.ADMIN),
        (lambda directory: directory.gives(Role.USER), Role.USER),
        (lambda directory: directory.closes(), Role.USER),
    ],
)
async def test_f11_what_a_group_gives_from_the_moment_of_the_write_on_counts(ours, then, role):
    entry = DirectoryEntry("ada@acme.com", "ada@acme.com", gave_role=True)
    await ours.members.replace(ADA, replace(ADA, role=Role.USER, revision=2, directory=entry))
    directory = Directory(ours.members, then)
    await directory.groups.add(MAKERS)
    await directory.gives(Role.BUILDER)
    place = PlaceMember(directory, directory.groups, directory.group_roles, ours.keep, ours.end_all)

    placed = await place(caller(), ADA.id, with_group(MAKERS.id))

    assert placed.role is role
    assert await ours.members.find(OURS, ADA.id) == placed
