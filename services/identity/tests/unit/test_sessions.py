"""Browser sessions: how long they live, when their secret is renewed, how they end."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from contracts.errors import NotFound
from contracts.facts import (
    MemberChanged,
    SessionRevoked,
    WorkspaceClosed,
    WorkspaceCreated,
    WorkspaceRemoved,
)
from contracts.ids import MemberId, SessionId, WorkspaceId
from contracts.principal import SCOPES_OF_ROLE, Principal, Via
from contracts.requests import Authenticate, CredentialKind, Role
from identity_service.domain.member import Member, MemberEdit
from identity_service.domain.session import MAX_OF_A_MEMBER
from identity_service.domain.workspace import Workspace
from identity_service.usecases.authenticate_caller import AuthenticateCaller
from identity_service.usecases.authenticate_session import AuthenticateSession
from identity_service.usecases.authenticate_token import AuthenticateToken
from identity_service.usecases.create_token import CreateToken, WantedToken
from identity_service.usecases.end_session import EndSession
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from identity_service.usecases.read_own_session import ReadOwnSession
from identity_service.usecases.renew_session import RenewSession
from identity_service.usecases.sign_in import SignIn
from kit.errors import NotInForce, SessionEnded, SessionRenewal, Unauthenticated
from kit.testing import FrozenClock
from services.identity.tests.fakes import (
    CountedSecrets,
    CountedTokens,
    MemoryMembers,
    MemorySessions,
    MemoryTokens,
    MemoryUses,
    MemoryWorkspaces,
)

OURS, THEIRS = WorkspaceId("ws_ours"), WorkspaceId("ws_theirs")
ADA = Member(MemberId("mem_ada"), OURS, "Ada", Role.BUILDER)


@dataclass
class Platform:
    clock: FrozenClock = field(default_factory=FrozenClock)
    members: MemoryMembers = field(default_factory=MemoryMembers)
    sessions: MemorySessions = field(default_factory=MemorySessions)
    workspaces: MemoryWorkspaces = field(default_factory=MemoryWorkspaces)
    tokens: MemoryTokens = field(default_factory=MemoryTokens)
    uses: MemoryUses = field(default_factory=MemoryUses)
    draw: CountedSecrets = field(default_factory=CountedSecrets)

    def __post_init__(self):
        kept = (self.members, self.workspaces, self.uses, self.clock)
        self.authenticate_session = AuthenticateSession(self.sessions, *kept)
        token = AuthenticateToken(self.tokens, *kept)
        self.authenticate_caller = AuthenticateCaller(token, self.authenticate_session)
        self.end = EndSession(self.sessions)
        self.end_all = EndSessionsOfMember(self.sessions, self.end)
        self.sign_in = SignIn(self.sessions, self.end, self.draw, self.clock)
        self.renew = RenewSession(self.sessions, self.members, self.draw, self.clock)
        self.read_own = ReadOwnSession(self.sessions, self.members, self.workspaces)

    async def change_role(self, member, role):
        seen = await self.members.find(OURS, member.id)
        await self.members.replace(seen, seen.edited(MemberEdit(role=role)))

    async def signed_in(self, member=ADA, replaced=None):
        session, drawn = await self.sign_in(member, "Firefox on Linux", replaced)
        return session, drawn.digest


@pytest.fixture
async def platform():
    platform = Platform()
    await platform.members.add(ADA)
    fact = WorkspaceCreated(workspace_id=OURS, title="Ours")
    await platform.workspaces.add(Workspace(OURS, "Ours"), fact)
    return platform


async def test_a_session_does_what_its_members_role_does_and_says_how_it_came(platform):
    session, digest = await platform.signed_in()

    caller = await platform.authenticate_session(digest)

    assert (caller.workspace_id, caller.member_id, caller.role) == (OURS, ADA.id, Role.BUILDER)
    assert (caller.via, caller.token_id) == (Via.SESSION, session.id)
    assert caller.scopes == SCOPES_OF_ROLE[Role.BUILDER]


async def test_a_session_ends_twelve_hours_after_its_last_use(platform):
    session, digest = await platform.signed_in()

    platform.clock.advance(timedelta(hours=12, microseconds=-1))
    assert (await platform.authenticate_session(digest)).expires_at is not None
    await platform.sessions.set_last_used(session, platform.clock())
    platform.clock.advance(timedelta(hours=12, microseconds=-1))
    assert await platform.authenticate_session(digest)

    platform.clock.advance(timedelta(microseconds=1))
    with pytest.raises(SessionEnded):
        await platform.authenticate_session(digest)


async def test_a_session_ends_after_seven_days_however_much_it_is_used(platform):
    session, digest = await platform.signed_in()
    for _ in range(7 * 24 - 1):
        platform.clock.advance(timedelta(hours=1))
        await platform.sessions.set_last_used(session, platform.clock())
    caller = await platform.authenticate_session(digest)

    assert caller.expires_at == session.created_at + timedelta(days=7)
    platform.clock.advance(timedelta(hours=1))
    with pytest.raises(SessionEnded):
        await platform.authenticate_session(digest)


async def test_a_use_is_noted_unless_one_was_within_the_last_minute(platform):
    session, digest = await platform.signed_in()

    platform.clock.advance(timedelta(seconds=59))
    await platform.authenticate_session(digest)
    platform.clock.advance(timedelta(seconds=1))
    await platform.authenticate_session(digest)

    assert platform.uses.noted == [(session.id, platform.clock())]


async def test_who_is_unknown_removed_or_of_a_removed_workspace_is_refused_alike(platform):
    _, digest = await platform.signed_in()
    _, orphan = await platform.signed_in(replace(ADA, id=MemberId("mem_gone")))
    _, foreign = await platform.signed_in(replace(ADA, workspace_id=THEIRS))

    for refused in ("another", orphan, foreign):
        with pytest.raises(SessionEnded):
            await platform.authenticate_session(refused)
    ours = await platform.workspaces.read(OURS)
    await platform.workspaces.remove(ours, WorkspaceRemoved(workspace_id=OURS))
    with pytest.raises(SessionEnded):
        await platform.authenticate_session(digest)
    assert platform.uses.noted == []


async def test_in_a_closed_workspace_a_session_reads_and_restores_and_does_nothing_else(platform):
    await platform.change_role(ADA, Role.OWNER)
    _, digest = await platform.signed_in(replace(ADA, role=Role.OWNER))
    ours = await platform.workspaces.read(OURS)
    until = platform.clock() + timedelta(days=30)
    fact = WorkspaceClosed(workspace_id=OURS, closing_until=until)
    await platform.workspaces.replace(ours, ours.closed(until), fact)

    caller = await platform.authenticate_session(digest)

    assert caller.scopes == {"workspace:read", "workspace:remove"}
    assert caller.closing_until == until


@pytest.mark.parametrize("role", [Role.USER, Role.OWNER])
async def test_after_a_role_change_the_secret_is_good_for_nothing_but_a_new_one_once(
    platform, role
):
    session, digest = await platform.signed_in()
    await platform.change_role(ADA, role)

    with pytest.raises(SessionRenewal):
        await platform.authenticate_session(digest)
    renewed, drawn = await platform.renew(digest)

    assert (await platform.authenticate_session(drawn.digest)).role is role
    assert (renewed.id, renewed.created_at) == (session.id, session.created_at)
    with pytest.raises(SessionEnded):
        await platform.authenticate_session(digest)
    with pytest.raises(SessionEnded):
        await platform.renew(digest)
    [fact] = platform.sessions.facts.of(SessionRevoked)
    assert fact.session_digest == digest


async def test_where_nothing_changed_nothing_is_renewed(platform):
    _, digest = await platform.signed_in()

    _, drawn = await platform.renew(digest)

    assert drawn is None
    assert await platform.authenticate_session(digest)


@pytest.mark.parametrize("gone", ["expired", "removed", "ended", "unknown"])
async def test_what_does_not_go_on_is_not_renewed(platform, gone):
    session, digest = await platform.signed_in()
    await platform.change_role(ADA, Role.USER)
    if gone == "expired":
        platform.clock.advance(timedelta(hours=12))
    if gone == "removed":
        seen = await platform.members.find(OURS, ADA.id)
        fact = MemberChanged(workspace_id=OURS, member_id=ADA.id, role=None, revision=9)
        await platform.members.remove(seen, fact)
    if gone == "ended":
        await platform.end(OURS, ADA.id, session.id)

    with pytest.raises(SessionEnded):
        await platform.renew("another" if gone == "unknown" else digest)


class SeenTogether(MemorySessions):
    """Both of two readers see a session as it was before either changed it."""

    async def find_by_digest(self, digest):
        found = await super().find_by_digest(digest)
        await asyncio.sleep(0)
        return found


async def test_of_two_who_renew_at_once_one_gets_the_new_secret(platform):
    platform = Platform(sessions=SeenTogether(), members=platform.members)
    _, digest = await platform.signed_in()
    await platform.change_role(ADA, Role.USER)

    tried = (platform.renew(digest) for _ in range(2))
    outcomes = await asyncio.gather(*tried, return_exceptions=True)

    assert sorted(isinstance(each, SessionEnded) for each in outcomes) == [False, True]


async def test_a_new_secret_at_each_sign_in_and_the_browsers_older_session_ends(platform):
    older, old = await platform.signed_in()

    newer, new = await platform.signed_in(replaced=old)

    assert old != new
    assert older.id != newer.id
    with pytest.raises(SessionEnded):
        await platform.authenticate_session(old)
    [fact] = platform.sessions.facts.of(SessionRevoked)
    assert (fact.session_id, fact.session_digest, fact.member_id) == (older.id, old, ADA.id)


async def test_signing_in_as_another_member_ends_the_first_ones_session_too(platform):
    eve = Member(MemberId("mem_eve"), OURS, "Eve", Role.USER)
    await platform.members.add(eve)
    _, adas = await platform.signed_in()

    await platform.signed_in(eve, replaced=adas)

    with pytest.raises(SessionEnded):
        await platform.authenticate_session(adas)


async def test_a_secret_that_never_was_one_replaces_nothing(platform):
    _, digest = await platform.signed_in()

    await platform.signed_in(replaced="made up")

    assert await platform.authenticate_session(digest)


async def test_who_signs_in_need_not_wait_until_the_older_session_is_void_everywhere(platform):
    _, old = await platform.signed_in()
    platform.sessions.late = True

    _, new = await platform.signed_in(replaced=old)

    assert await platform.authenticate_session(new)
    with pytest.raises(SessionEnded):
        await platform.authenticate_session(old)


async def test_one_session_more_than_a_member_may_have_ends_the_oldest(platform):
    signed_in = []
    for _ in range(MAX_OF_A_MEMBER + 1):
        signed_in.append(await platform.signed_in())
        platform.clock.advance(timedelta(seconds=1))

    with pytest.raises(SessionEnded):
        await platform.authenticate_session(signed_in[0][1])
    for _, digest in signed_in[1:]:
        assert await platform.authenticate_session(digest)


async def test_expired_sessions_take_nobodys_place(platform):
    for _ in range(MAX_OF_A_MEMBER):
        await platform.signed_in()
    platform.clock.advance(timedelta(hours=13))
    await platform.signed_in()

    assert platform.sessions.facts.of(SessionRevoked) == []


async def test_ending_a_session_twice_succeeds_and_is_published_once(platform):
    session, digest = await platform.signed_in()
    for _ in range(2):
        await platform.end(OURS, ADA.id, session.id)

    assert len(platform.sessions.facts.of(SessionRevoked)) == 1
    with pytest.raises(SessionEnded):
        await platform.authenticate_session(digest)


@pytest.mark.parametrize(
    ("workspace_id", "member_id"), [(THEIRS, ADA.id), (OURS, MemberId("mem_eve"))]
)
async def test_h97_another_ones_session_is_not_found_in_the_words_for_what_never_was(
    platform, workspace_id, member_id
):
    session, digest = await platform.signed_in()

    refusals = []
    for id_ in (session.id, SessionId("ses_never")):
        with pytest.raises(NotFound) as refused:
            await platform.end(workspace_id, member_id, id_)
        refusals.append((refused.value.code, refused.value.sentence, refused.value.hint))

    assert refusals[0] == refusals[1]
    assert await platform.authenticate_session(digest)


async def test_b5_an_end_that_is_not_in_force_is_answered_so_until_it_is(platform):
    session, digest = await platform.signed_in()
    platform.sessions.late = True
    for _ in range(2):
        with pytest.raises(NotInForce):
            await platform.end(OURS, ADA.id, session.id)
        with pytest.raises(SessionEnded):
            await platform.authenticate_session(digest)

    platform.sessions.late = False
    await platform.end(OURS, ADA.id, session.id)

    assert await platform.sessions.of_member(OURS, ADA.id) == []


async def test_b5_signing_out_everywhere_ends_all_at_once_and_succeeds_once_that_is_in_force(
    platform,
):
    signed_in = [await platform.signed_in() for _ in range(3)]
    platform.sessions.late = True
    for _ in range(2):
        with pytest.raises(NotInForce):
            await platform.end_all(OURS, ADA.id)
    for _, digest in signed_in:
        with pytest.raises(SessionEnded):
            await platform.authenticate_session(digest)

    platform.sessions.late = False
    await platform.end_all(OURS, ADA.id)

    published = {fact.session_digest for fact in platform.sessions.facts.of(SessionRevoked)}
    assert published == {digest for _, digest in signed_in}


async def test_a_token_that_a_session_makes_follows_the_role_of_its_member(platform):
    session, _ = await platform.signed_in()
    scopes = SCOPES_OF_ROLE[Role.BUILDER]
    ada = Principal(OURS, ADA.id, Role.BUILDER, Via.SESSION, scopes, None, session.id)
    create = CreateToken(platform.tokens, platform.members, CountedTokens(), platform.clock, 50)

    token, _ = await create(ada, WantedToken("CI"))

    assert token.scopes is None


async def test_the_kind_says_what_was_presented_and_nobody_acts_for_others(platform):
    _, digest = await platform.signed_in()
    asked = Authenticate(token_digest=digest, kind=CredentialKind.SESSION)

    assert (await platform.authenticate_caller(asked)).via is Via.SESSION
    with pytest.raises(Unauthenticated):
        await platform.authenticate_caller(Authenticate(token_digest=digest))
    with pytest.raises(Unauthenticated):
        await platform.authenticate_caller(asked.model_copy(update={"on_behalf_of": "mem_eve"}))


async def test_one_reads_ones_own_session_and_with_a_token_only_who_one_is(platform):
    session, _ = await platform.signed_in()
    scopes = SCOPES_OF_ROLE[Role.BUILDER]
    by_session = Principal(OURS, ADA.id, Role.BUILDER, Via.SESSION, scopes, None, session.id)
    by_token = replace(by_session, via=Via.TOKEN, credential_id="tok_1")

    assert (await platform.read_own(by_session)).session == session
    own = await platform.read_own(by_token)
    assert (own.session, own.member, own.workspace.title) == (None, ADA, "Ours")
