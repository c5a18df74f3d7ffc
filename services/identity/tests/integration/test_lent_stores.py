"""Stores of what one member made for another: what holds in memory holds in MongoDB."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contracts.ids import MemberId, SessionId, TokenId, WorkspaceId, new_id
from contracts.requests import Role
from identity_service.adapters.random_secret import draw_link_secret, draw_session_secret
from identity_service.adapters.random_token import draw_random_token
from identity_service.domain.api_token import ApiToken
from identity_service.domain.invitation import LIVES_FOR, Invitation
from identity_service.domain.lent import READ_AT_ONCE, Lent
from identity_service.domain.session import ByToken, Session
from identity_service.domain.sign_in_link import SignInLink

OURS, THEIRS = WorkspaceId("ws_ours"), WorkspaceId("ws_theirs")
ADA, EVE, ZOE = (MemberId(f"mem_{name}") for name in ("ada", "eve", "zoe"))
NOW = datetime.now(UTC).replace(microsecond=0)
LENT = Lent((EVE, ZOE), Role.ADMIN)


def token(workspace_id, lent):
    drawn, id_ = draw_random_token(), TokenId(new_id("tok"))
    names = ("CI", drawn.digest, drawn.hint)
    return ApiToken(id_, workspace_id, ADA, *names, None, NOW, created_by=EVE, lent=lent)


def session(workspace_id, lent):
    digest, id_ = draw_session_secret().digest, SessionId(new_id("ses"))
    return Session(id_, workspace_id, ADA, digest, Role.USER, "Firefox", NOW, NOW, lent=lent)


async def test_what_rests_on_a_member_is_found_by_each_of_its_makers(stores):
    for store, made in ((stores.tokens, token), (stores.sessions, session)):
        lent, other = made(OURS, LENT), made(OURS, None)
        for each in (lent, other, made(THEIRS, LENT)):
            await store.add(each)

        assert await store.find_by_digest(lent.digest) == lent
        assert await store.find_by_digest(other.digest) == other
        assert await store.lent_by(OURS, EVE) == [lent]
        assert await store.lent_by(OURS, ZOE) == [lent]
        assert await store.lent_by(OURS, ADA) == []


@pytest.mark.parametrize("kind", ["tokens", "sessions"])
async def test_what_rests_on_a_member_is_read_in_parts_newest_first(stores, kind):
    store, make = getattr(stores, kind), {"tokens": token, "sessions": session}[kind]
    made = [make(OURS, LENT) for _ in range(READ_AT_ONCE + 1)]
    for each in (*made, make(OURS, None)):
        await store.add(each)
    newest_first = sorted(made, key=lambda each: each.id, reverse=True)

    first = await store.lent_by(OURS, EVE)
    rest = await store.lent_by(OURS, EVE, first[-1].id)

    assert (first, rest) == (newest_first[:-1], newest_first[-1:])
    assert await store.lent_by(OURS, EVE, rest[-1].id) == []


@pytest.mark.parametrize("ends", [None, NOW])
async def test_a_session_is_found_by_the_token_that_it_began_with(stores, ends):
    by_token, other = (ByToken(TokenId(new_id("tok")), ends) for _ in range(2))
    began, others = (replace(session(OURS, None), by_token=each) for each in (by_token, other))
    for each in (began, others, session(OURS, None), replace(began, id=SessionId(new_id("ses")))):
        digest = draw_session_secret().digest
        await stores.sessions.add(each if each in (began, others) else replace(each, digest=digest))

    found = await stores.sessions.of_token(OURS, by_token.id)

    assert began in found
    assert {each.by_token for each in found} == {by_token}
    assert len(found) == 2
    assert await stores.sessions.of_token(THEIRS, by_token.id) == []


async def test_an_invitation_remembers_on_whom_it_rests(stores):
    for lent in (LENT, None):
        names = (f"{new_id('x')}@example.com", "Bob", Role.USER, draw_link_secret().digest, EVE)
        made = Invitation(new_id("ivt"), OURS, *names, NOW, NOW + LIVES_FOR, lent)
        await stores.invitations.add(made)

        assert await stores.invitations.find_by_digest(made.digest) == made


async def test_a_link_remembers_who_made_it(stores):
    for lent in (LENT, None):
        link = SignInLink(new_id("sil"), OURS, ADA, draw_link_secret().digest, NOW, lent)
        await stores.links.add(link)

        assert await stores.links.find_by_digest(link.digest) == link
