"""Invitations: one person, once, within seven days, by somebody who may still give the role."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.errors import PlatformError
from contracts.facts import MemberChanged
from contracts.ids import MemberId, WorkspaceId, least_id
from contracts.principal import SCOPES_OF_ROLE, Principal, Via
from contracts.requests import Role
from identity_service.adapters.ended_invitations import EndInvitations
from identity_service.domain.directory_entry import DirectoryEntry, EmailAddress
from identity_service.domain.invitation import MAX_OPEN, PATH, PREFIX, Invitation
from identity_service.domain.member import Member, MemberEdit, MemberKind
from identity_service.usecases.accept_invitation import AcceptInvitation
from identity_service.usecases.create_invitation import CreateInvitation, WantedInvitation
from identity_service.usecases.lend import Lend
from identity_service.usecases.read_invitation import ReadInvitation
from identity_service.usecases.revoke_invitation import RevokeInvitation
from kit.caller import digest_of
from services.identity.tests.fakes import CountedSecrets
from services.identity.tests.invitation_fakes import MemoryInvitations
from services.identity.tests.session_platform import OURS, new_platform

ADMIN, OWNER = (Member(MemberId(f"mem_{role}"), OURS, role, role) for role in ("admin", "owner"))
BOB = WantedInvitation("bob@example.com", "Bob", Role.BUILDER)


class Inviting:
    """An admin and an owner; `invite` answers the digest of the link's secret."""

    def __init__(self, platform, limit=10):
        self.platform, self.store = platform, MemoryInvitations()
        self.clock, self.members = platform.clock, platform.members
        draw, lend = CountedSecrets(PREFIX), Lend(platform.tokens, platform.sessions)
        self.create = CreateInvitation(self.store, self.members, draw, self.clock, lend)
        self.read = ReadInvitation(
            self.store, self.members, platform.workspaces, platform.enforce, self.clock
        )
        self.revoke = RevokeInvitation(self.store)
        known = (self.store, self.members, self.read, platform.sign_in)
        self._accept = AcceptInvitation(*known, limit)

    async def invite(self, wanted=BOB, by=ADMIN):
        _, path = await self.create(caller(by), wanted)
        return digest_of(path.removeprefix(PATH))

    async def accept(self, digest, replaced=None):
        return await self._accept(digest, "Firefox on Linux", replaced)

    async def demote(self, member, role):
        seen = await self.members.find(OURS, member.id)
        await self.members.replace(seen, seen.edited(MemberEdit(role=role)))


def caller(member, scopes=None, workspace_id=OURS):
    scopes = SCOPES_OF_ROLE[Role(member.role)] if scopes is None else frozenset(scopes)
    return Principal(workspace_id, member.id, Role(member.role), Via.TOKEN, scopes, None, "tok")


async def code_of(work):
    try:
        await work
    except PlatformError as error:
        return error.code
    return None


@pytest.fixture
async def ours():
    platform = await new_platform()
    for member in (ADMIN, OWNER):
        await platform.members.add(replace(member, role=Role(member.role)))
    return Inviting(platform)


async def test_looking_at_an_invitation_uses_nothing_up_and_accepting_it_makes_the_member(ours):
    digest = await ours.invite()

    offered = [await ours.read(digest) for _ in range(3)]
    joined = await ours.accept(digest)
    session, drawn = joined.session, joined.secret

    assert {each.inviter.id for each in offered} == {ADMIN.id}
    assert (offered[0].workspace.title, offered[0].invitation.email) == ("Ours", BOB.email)
    member = await ours.members.find(OURS, session.member_id)
    assert (member.name, member.email, member.role) == ("Bob", BOB.email, Role.BUILDER)
    assert (member.kind, member.active) == (MemberKind.PERSON, True)
    assert (await ours.platform.authenticate_session(drawn.digest)).member_id == member.id


async def test_h106_an_invitation_works_once_however_many_try_together(ours):
    digest = await ours.invite()
    before = await ours.members.count(OURS)

    codes = await asyncio.gather(*(code_of(ours.accept(digest)) for _ in range(8)))

    assert sorted(codes, key=str) == [None, *["identity.invitation_used_up"] * 7]
    assert await ours.members.count(OURS) == before + 1
    assert await code_of(ours.read(digest)) == "identity.invitation_used_up"


async def test_h106_an_invitation_ends_after_seven_days(ours):
    digest = await ours.invite()
    ours.clock.now += timedelta(days=7) - timedelta(seconds=1)
    assert await code_of(ours.read(digest)) is None

    ours.clock.now += timedelta(seconds=1)

    for refused in (ours.read(digest), ours.accept(digest), ours.read("0" * 64)):
        assert await code_of(refused) == "identity.invitation_used_up"


async def test_a_revoked_invitation_is_used_up_and_another_workspace_cannot_revoke_it(ours):
    digest = await ours.invite()
    [invitation] = await ours.store.page(OURS, 10, None)

    foreign = ours.revoke(WorkspaceId("ws_theirs"), invitation.id)
    assert await code_of(foreign) == "platform.not_found"
    await ours.revoke(OURS, invitation.id)

    assert await code_of(ours.accept(digest)) == "identity.invitation_used_up"
    assert await code_of(ours.revoke(OURS, invitation.id)) == "platform.not_found"


async def test_nobody_invites_above_their_role_or_what_their_token_may_not(ours):
    above = ours.create(caller(ADMIN), replace(BOB, role=Role.OWNER))
    assert await code_of(above) == "identity.role_above_own"
    limited = caller(OWNER, {"members:write", *SCOPES_OF_ROLE[Role.USER]})
    assert await code_of(ours.create(limited, BOB)) == "identity.scopes_exceeded"
    assert await code_of(ours.create(limited, replace(BOB, role=Role.USER))) is None


@pytest.mark.parametrize("how", ["demoted", "lower", "removed", "switched off"])
async def test_an_invitation_is_void_once_its_inviter_may_not_give_the_role(ours, how):
    digest = await ours.invite(replace(BOB, role=Role.ADMIN), by=OWNER)
    seen = await ours.members.find(OURS, OWNER.id)
    if how == "removed":
        fact = MemberChanged(workspace_id=OURS, member_id=OWNER.id, role=None, revision=2)
        await ours.members.remove(seen, fact)
    elif how == "switched off":
        await ours.members.replace(seen, seen.switched(active=False))
    else:
        await ours.demote(OWNER, Role.BUILDER if how == "lower" else Role.USER)

    for refused in (ours.read(digest), ours.accept(digest)):
        assert await code_of(refused) == "identity.invitation_void"
    assert await ours.store.count(OURS) == 1


async def test_an_inviter_who_became_an_admin_may_still_invite_builders(ours):
    digest = await ours.invite(by=OWNER)
    above = replace(BOB, email="eve@example.com", role=Role.OWNER)
    for_owner = await ours.invite(above, by=OWNER)
    await ours.demote(OWNER, Role.ADMIN)

    assert await code_of(ours.read(digest)) is None
    assert await code_of(ours.read(for_owner)) == "identity.invitation_void"
    await ours.demote(OWNER, Role.BUILDER)  # no higher than the role, but nobody who invites
    assert await code_of(ours.read(digest)) == "identity.invitation_void"


async def test_nobody_joins_a_workspace_that_is_closing(ours):
    digest = await ours.invite()
    seen = await ours.platform.workspaces.read(OURS)
    closing = seen.closed(ours.clock.now + timedelta(days=30))
    await ours.platform.workspaces.replace(seen, closing)

    assert await code_of(ours.accept(digest)) == "identity.workspace_closing"
    assert await ours.store.count(OURS) == 1


async def test_an_address_that_a_member_has_is_not_invited_and_does_not_join_twice(ours):
    digest = await ours.invite()
    came_otherwise = Member(MemberId("mem_bob"), OURS, "Bob", Role.USER, email=BOB.email)
    await ours.members.add(came_otherwise)

    assert await code_of(ours.create(caller(ADMIN), BOB)) == "identity.email_taken"
    for late in (ours.read(digest), ours.accept(digest)):
        assert await code_of(late) == "identity.already_a_member"
    assert await ours.store.count(OURS) == 1
    fact = MemberChanged(workspace_id=OURS, member_id=came_otherwise.id, role=None, revision=2)
    await ours.members.remove(came_otherwise, fact)
    await ours.members.add(replace(came_otherwise, kind=MemberKind.SERVICE))
    assert await code_of(ours.accept(digest)) == "identity.email_taken"


async def test_a_second_invitation_to_an_address_takes_the_place_of_the_first(ours):
    first, other = await ours.invite(), await ours.invite(replace(BOB, email="eve@example.com"))
    second = await ours.invite(replace(BOB, role=Role.USER))

    assert await code_of(ours.accept(first)) == "identity.invitation_used_up"
    assert (await ours.read(second)).invitation.role is Role.USER
    assert await code_of(ours.read(other)) is None


async def test_a_full_workspace_uses_no_invitation_up(ours):
    digest = await ours.invite()
    full = Inviting(ours.platform, limit=await ours.members.count(OURS))
    full.store._invitations = ours.store._invitations

    assert await code_of(full.accept(digest)) == "identity.too_many_members"
    assert await code_of(ours.accept(digest)) is None


async def test_a_workspace_has_a_bounded_number_of_open_invitations(ours):
    for each in range(MAX_OPEN):
        await ours.invite(replace(BOB, email=f"bob{each}@example.com"))

    assert await code_of(ours.invite()) == "identity.too_many_invitations"
    again = replace(BOB, email="bob7@example.com")  # in place of another
    assert await code_of(ours.invite(again)) is None
    [newest, *_] = await ours.store.page(OURS, 1, None)
    await ours.revoke(OURS, newest.id)
    assert await code_of(ours.invite()) is None


async def test_accepting_ends_the_session_that_the_browser_had(ours):
    _, before = await ours.platform.signed_in()
    await ours.accept(await ours.invite(), before)

    ended = ours.platform.authenticate_session(before)
    assert await code_of(ended) == "identity.session_ended"


async def test_the_text_of_a_secret_shows_in_no_representation(ours):
    invitation, path = await ours.create(caller(ADMIN), BOB)

    assert path.removeprefix(PATH) not in repr(invitation)


async def test_an_invitation_from_before_a_removal_opens_nothing(ours):
    """Also where it is still there; one that a replica makes whose clock is behind opens."""
    digest = await ours.invite()
    invitation = await ours.store.find_by_digest(digest)
    await ours.store.close_to(OURS, {BOB.email}, ours.clock.now + timedelta(seconds=1))
    assert await ours.store.find_by_digest(digest) is None
    await ours.store.add(invitation)

    for refused in (ours.read(digest), ours.accept(digest)):
        assert await code_of(refused) == "identity.invitation_used_up"
    assert await code_of(ours.accept(await ours.invite())) is None


async def test_who_becomes_a_member_and_who_is_removed_ends_invitations(ours):
    end = EndInvitations(ours.store, ours.clock)
    entry = DirectoryEntry("Bob@Example.com", "bob@example.com", emails=(EmailAddress("B@x.com"),))
    before = Member(MemberId("mem_b"), OURS, "Bob", Role.USER, email="rob@example.com")
    after = replace(before, directory=entry)
    for address in ("bob@example.com", "b@x.com", "rob@example.com", "eve@example.com"):
        await ours.invite(replace(BOB, email=address))

    await end.to(after, replace(after, name="Robert"))
    assert await ours.store.count(OURS) == 4
    await end.to(after, before)
    assert await ours.store.count(OURS) == 2
    await end.to(after)
    assert [each.email for each in await ours.store.page(OURS, 9, None)] == ["eve@example.com"]
    await end.for_good(after)
    assert await ours.store.closed_at(OURS, "b@x.com") == ours.clock.now
    assert await ours.store.closed_at(OURS, "eve@example.com") is None


class Slow:
    """A store in which whoever asks waits until all others asked, too, as with many replicas."""

    def __init__(self, store, waits):
        self._store, self._waits = store, waits

    def __getattr__(self, name):
        call = getattr(self._store, name)

        async def slowly(*arguments):
            for _ in range(3):
                await asyncio.sleep(0)
            return await call(*arguments)

        return slowly if name in self._waits else call


async def test_one_invitation_to_an_address_is_open_however_many_are_made_at_once(ours):
    create = replace(ours.create, invitations=Slow(ours.store, {"add", "open_to", "use_up"}))

    made = await asyncio.gather(*(create(caller(ADMIN), BOB) for _ in range(6)))

    [left] = await ours.store.page(OURS, 10, None)
    assert left in [invitation for invitation, _ in made]


def of_a_fast_clock(ours, digest="d" * 64):
    """An invitation of another replica, whose clock is ahead."""
    later = ours.clock.now + timedelta(days=10_000)
    id_ = least_id("ivt", later)
    whose = (BOB.email, BOB.name, Role.ADMIN, digest, ADMIN.id)
    return Invitation(id_, OURS, *whose, ours.clock.now, later)


async def test_an_invitation_takes_the_place_of_one_that_a_fast_clock_made_before(ours):
    await ours.store.add(of_a_fast_clock(ours))

    invitation, path = await ours.create(caller(ADMIN), replace(BOB, role=Role.USER))

    assert await ours.store.page(OURS, 10, None) == [invitation]
    assert (await ours.read(digest_of(path.removeprefix(PATH)))).invitation.role is Role.USER


async def test_of_those_made_at_once_none_is_answered_that_another_had_replaced(ours):
    """The other replica's comes after this one looked, and has the higher id."""
    add, others = ours.store.add, [of_a_fast_clock(ours, each * 64) for each in "ab"]

    async def add_with_another(invitation):
        await add(invitation)
        if others:
            await add(replace(others.pop(), created_at=ours.clock.now))

    ours.store.add = add_with_another

    invitation, path = await ours.create(caller(ADMIN), BOB)

    assert others == []
    assert await ours.store.page(OURS, 10, None) == [invitation]
    assert await code_of(ours.accept(digest_of(path.removeprefix(PATH)))) is None


async def test_what_another_one_replaces_in_between_is_not_answered_as_made(ours):
    taken = []

    class Replacing(Slow):
        async def use_up(self, workspace_id, id_):
            """Another caller takes the place of the own one, while others are revoked."""
            if not taken:
                taken.extend(await self._store.open_to(OURS, BOB.email))
                await self._store.revoke_to(OURS, {BOB.email})
            return await self._store.use_up(workspace_id, id_)

    await ours.invite()
    create = replace(ours.create, invitations=Replacing(ours.store, set()))

    invitation, _ = await create(caller(ADMIN), BOB)

    assert len(taken) == 2
    assert await ours.store.page(OURS, 10, None) == [invitation]


async def test_invitations_are_bounded_however_many_are_made_at_once(ours):
    for each in range(MAX_OPEN - 3):
        await ours.invite(replace(BOB, email=f"bob{each}@example.com"))
    create = replace(ours.create, invitations=Slow(ours.store, {"add"}))
    wanted = [replace(BOB, email=f"eve{each}@example.com") for each in range(8)]

    codes = await asyncio.gather(*(code_of(create(caller(ADMIN), each)) for each in wanted))

    assert await ours.store.count(OURS) == MAX_OPEN
    assert sorted(codes, key=str) == [None] * 3 + ["identity.too_many_invitations"] * 5


async def test_nobody_is_invited_who_became_a_member_meanwhile(ours):
    bob = Member(MemberId("mem_bob"), OURS, "Bob", Role.USER, email=BOB.email)
    add = ours.store.add

    async def add_late(invitation):
        await ours.members.add(bob)
        await add(invitation)

    ours.store.add = add_late

    assert await code_of(ours.create(caller(ADMIN), BOB)) == "identity.email_taken"
    assert await ours.store.count(OURS) == 0
