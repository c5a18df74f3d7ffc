"""A session that began with a token ends with it; who reads with a token ends no session."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.ids import SessionId, TokenId
from contracts.principal import SCOPES_OF_ROLE, Scope
from contracts.requests import Role
from identity_service.domain.lent import READ_AT_ONCE, Lent
from identity_service.domain.session import ByToken
from identity_service.usecases.announce_owner_token import AnnounceOwnerToken
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.revoke_token import RevokeToken
from kit.caller import digest_of
from kit.errors import NotInForce
from services.identity.tests.company import OWNER
from services.identity.tests.fakes import CountedTokens, MemoryBootstraps
from services.identity.tests.page_platform import pages, principal_of
from services.identity.tests.session_platform import OURS
from services.identity.tests.signing_in import SCRIPT
from services.identity.tests.unit.test_ended_loans import LateRevocations
from services.identity.tests.unit.test_sign_in_by_token import (
    ADMIN,
    BOB,
    Meanwhile,
    sign_in,
    token_of,
)

IDLE = timedelta(hours=12)


class Ours:
    def __init__(self, shown):
        self.shown, self.platform = shown, shown.platform

    async def signed_in(self, token):
        browser = self.shown.browser()
        assert (await sign_in(browser, token)).status_code == 204
        return browser

    async def token_named(self, text):
        return await self.platform.tokens.find_by_digest(digest_of(text))

    async def revoke(self, text, tokens=None):
        tokens, members = tokens or self.platform.tokens, self.platform.members
        keep = KeepAnOwner(members, tokens, self.platform.clock)
        revoke = RevokeToken(tokens, members, keep, self.platform.end_all)
        await revoke(principal_of(OWNER), (await self.token_named(text)).id)

    async def sessions(self, member=BOB):
        return await self.platform.sessions.of_member(OURS, member.id)


@pytest.fixture
async def ours():
    async with pages() as shown:
        for member in (ADMIN, BOB):
            await shown.platform.members.add(member)
        yield Ours(shown)


async def test_a_session_expires_with_the_token_that_it_began_with(ours):
    token = await token_of(ours.shown, BOB, BOB, expires_in=timedelta(hours=1))
    await ours.signed_in(token)

    [session] = await ours.sessions()
    ends = (await ours.token_named(token)).expires_at
    assert session.expires_at == ends
    assert (session.live(ends - timedelta(seconds=1)), session.live(ends)) == (True, False)


async def test_a_token_without_an_end_begins_sessions_as_long_as_any(ours):
    await ours.signed_in(await token_of(ours.shown, BOB, BOB))

    [session] = await ours.sessions()
    assert session.expires_at == session.created_at + IDLE


async def test_who_revokes_a_token_ends_the_sessions_that_began_with_it_and_no_others(ours):
    leaked = await token_of(ours.shown, BOB, BOB)
    over, by_link = await ours.signed_in(leaked), await ours.shown.signed_in(BOB)
    by_other = ByToken(TokenId("tok_other"), None)
    other, _ = await ours.platform.sign_in(BOB, "Firefox", by_token=by_other)

    await ours.revoke(leaked)

    answers = [await each.call("GET", "/v1/session") for each in (over, by_link)]
    assert [each.status_code for each in answers] == [401, 200]
    assert other in await ours.sessions()


async def test_its_sessions_end_also_where_the_end_of_a_token_is_not_in_force(ours):
    token = await token_of(ours.shown, BOB, BOB)
    await ours.signed_in(token)

    late = LateRevocations(ours.platform.tokens)
    late.revoke_as_seen = late.revoke
    with pytest.raises(NotInForce):
        await ours.revoke(token, late)

    assert await ours.sessions() == []


async def test_who_revokes_it_again_ends_what_a_killed_process_left(ours):
    token = await token_of(ours.shown, BOB, BOB)
    await ours.signed_in(token)
    kept = await ours.token_named(token)
    await ours.platform.tokens.revoke(kept, kept)  # and dies

    revoke = RevokeToken(ours.platform.tokens, ours.platform.members, None, ours.platform.end_all)
    await revoke(principal_of(OWNER), kept.id)

    assert await ours.sessions() == []


async def test_a_token_that_is_revoked_meanwhile_leaves_no_session(ours):
    token, app = await token_of(ours.shown, BOB, BOB), ours.shown.api.state.app
    begin = app.sign_in_by_token.follow_sign_in_link.sign_in

    async def revoked():
        ours.platform.tokens._tokens.pop((await ours.token_named(token)).id)

    class Late(Meanwhile):
        async def __call__(self, *asked, **basis):
            await self._before()
            return await self._use_case(*asked, **basis)

        end_without_waiting = begin.end_without_waiting

    follow = replace(app.sign_in_by_token.follow_sign_in_link, sign_in=Late(begin, revoked))
    app.sign_in_by_token = replace(app.sign_in_by_token, follow_sign_in_link=follow)
    answer = await sign_in(ours.shown.browser(), token)

    assert (answer.status_code, answer.json()["code"]) == (401, "identity.token_invalid")
    assert await ours.sessions() == []


async def test_an_owner_whose_token_is_reset_is_signed_out_where_a_token_signed_them_in(ours):
    await ours.signed_in(await token_of(ours.shown, OWNER))
    by_link = await ours.shown.signed_in(OWNER)
    platform, announced = ours.platform, []
    announce = AnnounceOwnerToken(
        *(MemoryBootstraps(), platform.members, platform.tokens, CountedTokens(9)),
        *(announced.append, platform.clock, platform.end_all),
    )
    claimed = type("Claimed", (), {"workspace_id": OURS, "owner_id": OWNER.id})

    await announce._issue(claimed)

    [left] = await ours.sessions(OWNER)
    assert left.digest == digest_of(by_link.cookie)


@pytest.mark.parametrize("path", ["/v1/session/all", "/v1/session/all/{}"])
@pytest.mark.parametrize("lacks", [Scope.GPTS_READ, Scope.INVOCATIONS_CREATE])
async def test_a_token_of_fewer_scopes_than_its_members_role_signs_nobody_out(ours, path, lacks):
    scopes = SCOPES_OF_ROLE[Role.BUILDER] - {lacks}
    limited = await token_of(ours.shown, BOB, BOB, scopes=scopes)
    browser = await ours.shown.signed_in(BOB)
    [session] = await ours.sessions()

    sent = {**SCRIPT, "authorization": f"Bearer {limited}"}
    answer = await ours.shown.browser().call("DELETE", path.format(session.id), sent)

    said = answer.json()
    assert (answer.status_code, said["code"]) == (403, "identity.token_ends_no_session")
    assert f"`{lacks}`" in said["detail"]
    assert said["hint"]
    assert (await browser.call("GET", "/v1/session")).status_code == 200


async def test_a_token_that_may_do_all_and_a_session_sign_their_member_out(ours):
    token = await token_of(ours.shown, BOB, BOB)
    for _ in range(2):
        await ours.shown.signed_in(BOB)
    sent = {**SCRIPT, "authorization": f"Bearer {token}"}

    assert (await ours.shown.browser().call("DELETE", "/v1/session/all", sent)).status_code == 204
    assert await ours.sessions() == []
    browser = await ours.shown.signed_in(BOB)
    assert (await browser.call("DELETE", "/v1/session/all")).status_code == 204
    assert await ours.sessions() == []


async def test_while_the_workspace_closes_a_token_is_told_so_and_ends_no_session(ours):
    token = await token_of(ours.shown, BOB, BOB)
    await ours.shown.signed_in(BOB)
    workspaces = ours.platform.workspaces
    seen = await workspaces.find(OURS)
    await workspaces.replace(seen, replace(seen, closing_until=ours.platform.clock() + IDLE))
    sent = {**SCRIPT, "authorization": f"Bearer {token}"}

    answer = await ours.shown.browser().call("DELETE", "/v1/session/all", sent)

    assert (answer.status_code, answer.json()["code"]) == (403, "identity.workspace_closing")
    assert len(await ours.sessions()) == 1


async def test_sessions_that_rest_on_a_member_end_part_by_part(ours):
    session, _ = await ours.platform.sign_in(BOB, "Firefox")
    lent = replace(session, lent=Lent((ADMIN.id,), Role.ADMIN))
    for number in range(READ_AT_ONCE + 3):
        await ours.platform.sessions.add(replace(lent, id=SessionId(f"ses_{number}")))
    assert len(await ours.platform.sessions.lent_by(OURS, ADMIN.id)) == READ_AT_ONCE

    await ours.platform.end_all.with_lent(OURS, ADMIN.id)

    assert await ours.sessions() == [session]
