"""Browser sessions: how long they live, and when their secret is renewed."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.facts import (
    MemberChanged,
    SessionRevoked,
    WorkspaceClosed,
    WorkspaceRemoved,
)
from contracts.ids import MemberId
from contracts.principal import SCOPES_OF_ROLE, OnlyTokensAct, Principal, Via
from contracts.requests import Authenticate, CredentialKind, Role
from identity_service.usecases.create_token import CreateToken, WantedToken
from identity_service.usecases.lend import Lend
from kit.errors import SessionEnded, SessionRenewal, Unauthenticated
from services.identity.tests.fakes import (
    CountedTokens,
    MemorySessions,
)
from services.identity.tests.session_platform import ADA, OURS, THEIRS, Platform, new_platform


@pytest.fixture
async def platform():
    return await new_platform()


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


async def test_a_token_that_a_session_makes_follows_the_role_of_its_member(platform):
    session, _ = await platform.signed_in()
    scopes = SCOPES_OF_ROLE[Role.BUILDER]
    ada = Principal(OURS, ADA.id, Role.BUILDER, Via.SESSION, scopes, None, session.id)
    lend, draw = Lend(platform.tokens, platform.sessions), CountedTokens()
    create = CreateToken(platform.tokens, platform.members, draw, platform.clock, 50, lend)

    token, _ = await create(ada, WantedToken("CI"))

    assert token.scopes is None


async def test_the_kind_says_what_was_presented_and_nobody_acts_for_others(platform):
    _, digest = await platform.signed_in()
    asked = Authenticate(token_digest=digest, kind=CredentialKind.SESSION)

    assert (await platform.authenticate_caller(asked)).via is Via.SESSION
    with pytest.raises(Unauthenticated):
        await platform.authenticate_caller(Authenticate(token_digest=digest))
    with pytest.raises(OnlyTokensAct):
        await platform.authenticate_caller(asked.model_copy(update={"on_behalf_of": "mem_eve"}))


async def test_one_reads_ones_own_session_and_with_a_token_only_who_one_is(platform):
    session, _ = await platform.signed_in()
    scopes = SCOPES_OF_ROLE[Role.BUILDER]
    by_session = Principal(OURS, ADA.id, Role.BUILDER, Via.SESSION, scopes, None, session.id)
    by_token = replace(by_session, via=Via.TOKEN, credential_id="tok_1")

    assert (await platform.read_own(by_session)).session == session
    own = await platform.read_own(by_token)
    assert (own.session, own.member, own.workspace.title) == (None, ADA, "Ours")
