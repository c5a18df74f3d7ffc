"""The first start, and what a kill -9 at any point of it leaves to the next."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from contracts.facts import MemberChanged, TokenRevoked, WorkspaceCreated, WorkspaceRemoved
from contracts.requests import Role
from identity_service.domain.bootstrap import CLAIM_LASTS
from identity_service.domain.member import Member, MemberEdit
from identity_service.usecases.announce_owner_token import AnnounceOwnerToken
from identity_service.usecases.authenticate_token import AuthenticateToken
from identity_service.usecases.bootstrap_workspace import BootstrapWorkspace
from identity_service.usecases.end_session import EndSession
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from identity_service.usecases.remove_due_workspaces import RemoveDueWorkspaces
from kit.caller import digest_of
from kit.errors import NotInForce, Unauthenticated
from kit.testing import FrozenClock
from services.identity.tests.fakes import (
    CountedTokens,
    MemoryBootstraps,
    MemoryMembers,
    MemorySessions,
    MemoryTokens,
    MemoryUses,
    MemoryWorkspaces,
)
from services.identity.tests.mortal_fakes import Killed, Life, Mortal

FOR_EVER = 1_000


@dataclass
class Installation:
    """What outlives a process: its stores, and what the operator has read."""

    clock: FrozenClock = field(default_factory=FrozenClock)
    bootstraps: MemoryBootstraps = field(default_factory=MemoryBootstraps)
    workspaces: MemoryWorkspaces = field(default_factory=MemoryWorkspaces)
    members: MemoryMembers = field(default_factory=MemoryMembers)
    tokens: MemoryTokens = field(default_factory=MemoryTokens)
    draw: CountedTokens = field(default_factory=CountedTokens)
    read_by_operator: list = field(default_factory=list)
    sessions: MemorySessions = field(default_factory=MemorySessions)

    def __post_init__(self):
        self.ends = EndSessionsOfMember(self.sessions, EndSession(self.sessions))

    async def start(self, *, steps=FOR_EVER, reset=False):
        """One process' start; it is killed after so many writes and announcements."""
        life = Life(steps)
        bootstraps = Mortal(self.bootstraps, life)
        workspaces, members = Mortal(self.workspaces, life), Mortal(self.members, life)

        def announce(text):
            self.read_by_operator.append(text)
            life.spend()

        bootstrap = BootstrapWorkspace(bootstraps, workspaces, members, "Ours")
        await bootstrap(reset_owner_token=reset)
        tokens = Mortal(self.tokens, life)
        return await AnnounceOwnerToken(
            bootstraps, members, tokens, self.draw, announce, self.clock, self.ends
        )()

    async def who_is(self, text):
        authenticate = AuthenticateToken(
            self.tokens, self.members, self.workspaces, MemoryUses(), self.clock
        )
        return await authenticate(digest_of(text))

    async def live_owner_tokens(self):
        begun = await self.bootstraps.read()
        return await self.tokens.of_member(begun.workspace_id, begun.owner_id)


async def test_the_first_start_makes_a_workspace_and_announces_its_owners_token():
    installation = Installation()

    assert await installation.start()

    [text] = installation.read_by_operator
    caller = await installation.who_is(text)
    assert caller.role is Role.OWNER
    assert (await installation.workspaces.read(caller.workspace_id)).title == "Ours"


async def test_a_later_start_announces_nothing():
    installation = Installation()
    await installation.start()

    assert await installation.start()

    assert len(installation.read_by_operator) == 1
    assert len(installation.workspaces.facts.of(WorkspaceCreated)) == 1


@pytest.mark.parametrize("reset", [False, True], ids=["first start", "reset"])
@pytest.mark.parametrize("steps", range(1, 10))
async def test_f25_killed_at_any_point_the_next_start_lets_the_owner_in(steps, reset):
    installation = Installation()
    if reset:
        await installation.start()
    try:
        await installation.start(steps=steps, reset=reset)
    except Killed:
        installation.clock.advance(CLAIM_LASTS)

    assert await installation.start()

    [live] = await installation.live_owner_tokens()
    assert live.digest == digest_of(installation.read_by_operator[-1])
    assert len(installation.workspaces.facts.of(WorkspaceCreated)) == 1


async def test_the_first_start_has_no_more_steps_than_the_test_above_kills_at():
    with pytest.raises(Killed):
        await Installation().start(steps=8)
    assert await Installation().start(steps=9)


async def test_while_one_replica_announces_another_waits():
    installation = Installation()
    with pytest.raises(Killed):
        await installation.start(steps=4)

    assert not await installation.start()
    assert installation.read_by_operator == []

    installation.clock.advance(CLAIM_LASTS)
    assert await installation.start()
    assert len(installation.read_by_operator) == 1


async def test_a_reset_announces_a_new_token_and_the_owners_older_ones_are_dead():
    installation = Installation()
    await installation.start()

    await installation.start(reset=True)

    lost, found = installation.read_by_operator
    with pytest.raises(Unauthenticated):
        await installation.who_is(lost)
    assert (await installation.who_is(found)).role is Role.OWNER
    [revoked] = installation.tokens.facts.of(TokenRevoked)
    assert revoked.token_digest == digest_of(lost)


async def test_a_reset_reaches_a_replica_that_is_just_announcing():
    installation = Installation()
    with pytest.raises(Killed):
        await installation.start(steps=5)
    installation.clock.advance(timedelta(seconds=1))

    assert await installation.start(reset=True)

    [live] = await installation.live_owner_tokens()
    assert live.digest == digest_of(installation.read_by_operator[-1])


def changed(member, role):
    return MemberChanged(
        workspace_id=member.workspace_id, member_id=member.id, role=role, revision=2
    )


async def test_an_owner_who_was_removed_does_not_come_back_with_a_start():
    installation = Installation()
    await installation.start()
    begun = await installation.bootstraps.read()
    await installation.members.add(Member("mem_2nd", begun.workspace_id, "2nd", Role.OWNER))
    owner = await installation.members.find(begun.workspace_id, begun.owner_id)
    await installation.members.remove(owner, changed(owner, None))

    await installation.start()

    assert await installation.members.find(begun.workspace_id, begun.owner_id) is None


async def test_a_reset_is_for_an_owner_where_the_first_one_is_none_any_more():
    installation = Installation()
    await installation.start()
    begun = await installation.bootstraps.read()
    await installation.members.add(Member("mem_2nd", begun.workspace_id, "2nd", Role.OWNER))
    first = await installation.members.find(begun.workspace_id, begun.owner_id)
    await installation.members.replace(
        first, first.edited(MemberEdit(role=Role.USER)), changed(first, Role.USER)
    )

    await installation.start(reset=True)

    caller = await installation.who_is(installation.read_by_operator[-1])
    assert (caller.member_id, caller.role) == ("mem_2nd", Role.OWNER)


async def test_an_installation_whose_first_workspace_is_removed_begins_anew_with_another():
    installation = Installation()
    await installation.start()
    begun = await installation.bootstraps.read()
    gone = await installation.workspaces.read(begun.workspace_id)
    until = installation.clock()
    await installation.workspaces.replace(gone, gone.closed(until))
    installation.clock.advance(timedelta(seconds=1))
    remove = RemoveDueWorkspaces(
        installation.workspaces, installation.bootstraps, installation.clock
    )

    assert await remove() == 1
    await installation.start()

    anew = await installation.bootstraps.read()
    assert anew.workspace_id != begun.workspace_id
    assert await installation.workspaces.find(begun.workspace_id) is None
    caller = await installation.who_is(installation.read_by_operator[-1])
    assert caller.workspace_id == anew.workspace_id


@pytest.mark.parametrize("steps", [1, 2])
async def test_f25_killed_while_the_first_workspace_is_removed_the_next_start_begins_anew(steps):
    """And what was left of the removal is done then, once."""
    installation = Installation()
    await installation.start()
    begun = await installation.bootstraps.read()
    gone = await installation.workspaces.read(begun.workspace_id)
    await installation.workspaces.replace(gone, gone.closed(installation.clock()))
    installation.clock.advance(timedelta(seconds=1))
    life = Life(steps)
    workspaces, bootstraps = installation.workspaces, installation.bootstraps
    mortal = (Mortal(workspaces, life), Mortal(bootstraps, life))
    with pytest.raises(Killed):
        await RemoveDueWorkspaces(*mortal, installation.clock)()

    await installation.start()
    await RemoveDueWorkspaces(workspaces, bootstraps, installation.clock)()

    anew = await bootstraps.read()
    assert await workspaces.find(begun.workspace_id) is None
    assert [fact.workspace_id for fact in workspaces.facts.of(WorkspaceRemoved)] == [gone.id]
    caller = await installation.who_is(installation.read_by_operator[-1])
    assert caller.workspace_id == anew.workspace_id != gone.id


class Unpublished:
    """Facts that the broker does not take at the moment."""

    async def publish(self, fact):
        raise NotInForce


async def test_a_reset_lets_the_owner_in_also_where_the_revocation_is_not_in_force_yet():
    installation = Installation()
    await installation.start()
    installation.tokens.facts = Unpublished()

    assert await installation.start(reset=True)

    lost, found = installation.read_by_operator
    assert (await installation.who_is(found)).role is Role.OWNER
    with pytest.raises(Unauthenticated):
        await installation.who_is(lost)
