"""A company signs somebody out: their sessions end here, and a token that proves nothing ends none
(OpenID Connect Back-Channel Logout 1.0, 2.6).
"""

import asyncio

import pytest

from contracts.facts import SessionRevoked
from contracts.ids import WorkspaceId
from identity_service.domain.oidc.errors import LogoutTokenInvalid, ProviderUnreachable
from kit.errors import NotInForce, SessionEnded
from kit.testing import FrozenClock
from services.identity.tests.company import CLIENT, ISSUER, OWNER, new_company_platform, other_keys
from services.identity.tests.session_platform import OURS

EPOCH = int(FrozenClock()().timestamp())
STRANGER = other_keys()["RS256"]
INVALID = {
    "another issuer": {"iss": "https://login.evil.com"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "another"},
    "no audience": {"aud": None},
    "several audiences and no azp": {"aud": [CLIENT, "another"]},
    "expired": {"exp": EPOCH - 61},
    "neither exp nor iat": {"exp": None, "iat": None},
    "no exp and made long ago": {"exp": None, "iat": EPOCH - 661},
    "no exp and made later": {"exp": None, "iat": EPOCH + 61},
    "no exp and no name": {"exp": None, "jti": None},
    "half a character as its name": {"jti": "\ud800"},
    "half a character as the session": {"sid": "\ud800"},
    "exp as text": {"exp": "tomorrow"},
    "no iat": {"iat": None},
    "made later": {"iat": EPOCH + 61},
    "made long ago": {"iat": EPOCH - 661},
    "a nonce": {"nonce": "n"},
    "no events": {"events": None},
    "another event": {"events": {"http://schemas.openid.net/event/other": {}}},
    "an event that is no object": {
        "events": {"http://schemas.openid.net/event/backchannel-logout": "now"}
    },
    "no name": {"jti": None},
    "a name that is a number": {"jti": 7},
    "neither session nor person": {"sub": None},
    "a person that is a number": {"sub": 1},
    "a session that is a list": {"sid": ["s1"]},
}
HEADERS = {
    "an ID token's algorithm none": {"alg": "none"},
    "a token of another kind": {"typ": "at+jwt"},
    "a critical extension": {"crit": ["exp"]},
    "a key that nobody has": {"kid": "nobody"},
}


@pytest.fixture
async def platform():
    made = await new_company_platform()
    made.company.person = {"sub": "u1", "email": "ada@acme.com", "email_verified": True}
    return made


async def is_signed_in(platform, session):
    try:
        await platform.authenticate_session(session.digest)
    except SessionEnded:
        return False
    return True


async def test_a_person_who_is_signed_out_there_is_signed_out_here_everywhere(platform):
    sessions = [await platform.session_that_began() for _ in range(2)]

    await platform.back_channel(platform.company.logout_token())

    assert [await is_signed_in(platform, each) for each in sessions] == [False, False]
    revoked = [fact.session_id for fact in platform.sessions.facts.of(SessionRevoked)]
    assert {each.id for each in sessions} <= {*revoked}


async def test_of_one_session_there_only_that_one_ends_here(platform):
    platform.company.claims = {"sid": "s1"}
    first = await platform.session_that_began()
    platform.company.claims = {"sid": "s2"}
    second = await platform.session_that_began()

    await platform.back_channel(platform.company.logout_token(sid="s1", sub=None))

    assert not await is_signed_in(platform, first)
    assert await is_signed_in(platform, second)


async def test_f10_a_session_of_which_no_name_was_told_ends_with_its_person(platform):
    unnamed = await platform.session_that_began()
    platform.company.claims = {"sid": "s2"}
    another = await platform.session_that_began()
    platform.company.claims, platform.company.person = {}, {**platform.company.person, "sub": "u2"}
    platform.company.person["email"] = "bob@acme.com"
    bobs = await platform.session_that_began()

    await platform.back_channel(platform.company.logout_token(sub=None, sid="s1"))
    assert await is_signed_in(platform, unnamed)  # nobody says whose it is
    await platform.back_channel(platform.company.logout_token(sid="s1", jti="bye-2"))

    still = [await is_signed_in(platform, each) for each in (unnamed, another, bobs)]
    assert still == [False, True, True]


async def test_f11_a_logout_token_is_signed_as_its_provider_signs(platform):
    key = other_keys()["ES256"]
    platform.company.keys.append(key)
    platform.company.configuration = {"id_token_signing_alg_values_supported": ["RS256"]}
    platform.seconds.at += 600

    await refused(platform, platform.company.logout_token(header={"alg": "ES256"}, key=key))


async def test_of_another_person_nothing_ends(platform):
    session = await platform.session_that_began()
    by_link, _ = await platform.sign_in(OWNER, "Firefox")

    await platform.back_channel(platform.company.logout_token(sub="u2"))

    assert await is_signed_in(platform, session)
    assert await is_signed_in(platform, by_link)


async def test_it_ends_in_every_workspace_of_the_same_application(platform):
    others = WorkspaceId("ws_zother")
    await platform.confirm_others(others)
    ours = await platform.session_that_began()
    theirs = await platform.session_that_began(workspace_id=others)

    await platform.back_channel(platform.company.logout_token())

    assert not await is_signed_in(platform, ours)
    assert not await is_signed_in(platform, theirs)


async def refused(platform, token):
    session = await platform.session_that_began()
    with pytest.raises(LogoutTokenInvalid):
        await platform.back_channel(token)
    assert await is_signed_in(platform, session)


@pytest.mark.parametrize("name", INVALID)
async def test_h95_a_logout_token_that_claims_otherwise_ends_nothing(platform, name):
    await refused(platform, platform.company.logout_token(**INVALID[name]))


@pytest.mark.parametrize("name", HEADERS)
async def test_h95_a_logout_token_of_another_make_ends_nothing(platform, name):
    key = None
    if HEADERS[name].get("alg") == "none":
        head, payload, _ = platform.company.logout_token().split(".")
        key = f"{head}.{payload}."
    await refused(platform, key or platform.company.logout_token(header=HEADERS[name]))


async def test_h95_a_strangers_signature_ends_nothing(platform):
    token = platform.company.logout_token(header={"kid": "first"}, key=STRANGER)

    await refused(platform, token)


@pytest.mark.parametrize("token", ["", "a.b.c", "é", "x" * 70_000])
async def test_h95_what_is_no_token_ends_nothing(platform, token):
    await refused(platform, token)


async def test_an_id_token_is_no_logout_token(platform):
    asked, _ = await platform.began()
    token = platform.company.logout_token(
        header={"typ": None}, events=None, jti=None, nonce=asked["nonce"]
    )

    await refused(platform, token)


async def test_a_logout_token_works_once(platform):
    token = platform.company.logout_token()
    await platform.back_channel(token)

    await refused(platform, token)


async def test_a_logout_token_without_exp_works_once_while_it_is_new(platform):
    session = await platform.session_that_began()
    token = platform.company.logout_token(exp=None, iat=EPOCH - 600)

    await platform.back_channel(token)

    assert not await is_signed_in(platform, session)
    await refused(platform, token)


async def test_of_the_same_logout_token_at_once_one_is_carried_out(platform):
    session, token = await platform.session_that_began(), platform.company.logout_token()
    store = platform.logout_tokens
    all_looked = asyncio.Barrier(8)

    async def none_is_known_yet(workspace_id, logout):
        await all_looked.wait()
        return False

    store.is_known = none_is_known_yet
    sent = [platform.back_channel(token) for _ in range(8)]
    answers = await asyncio.gather(*sent, return_exceptions=True)

    assert [isinstance(each, LogoutTokenInvalid) for each in answers].count(True) == 7
    assert answers.count(None) == 1
    assert not await is_signed_in(platform, session)


async def test_a_logout_that_is_not_in_force_yet_may_be_repeated(platform):
    session = await platform.session_that_began()
    token = platform.company.logout_token()
    platform.sessions.late = True
    with pytest.raises(NotInForce):
        await platform.back_channel(token)
    assert not await is_signed_in(platform, session)

    platform.sessions.late = False
    await platform.back_channel(token)


async def test_nobody_is_asked_on_behalf_of_an_issuer_that_no_workspace_named(platform):
    asked = len(platform.company.asked)
    with pytest.raises(LogoutTokenInvalid):
        await platform.back_channel(platform.company.logout_token(iss="https://login.evil.com"))

    assert len(platform.company.asked) == asked


async def test_h95_invented_keys_make_us_ask_once_a_minute_and_failures_not_at_once(platform):
    for number in range(5):
        token = platform.company.logout_token(header={"kid": f"k{number}"})
        with pytest.raises(LogoutTokenInvalid):
            await platform.back_channel(token)
        platform.seconds.at += 1
    assert platform.company.asked.count("/keys") == 1


async def test_a_provider_that_fails_is_not_asked_again_for_some_seconds(platform):
    platform.company.down = True
    platform.seconds.at += 600
    for _ in range(3):
        with pytest.raises(ProviderUnreachable):
            await platform.back_channel(platform.company.logout_token())

    configurations = [each for each in platform.company.asked if "well-known" in each]
    assert len(configurations) == 2  # one of them when it was set up


async def test_signing_out_at_the_company_leads_to_its_own_address(platform):
    leads_to = await platform.sign_out(OURS)

    assert leads_to.startswith(f"{ISSUER}/logout?client_id={CLIENT}&post_logout_redirect_uri=")
    assert await platform.sign_out(WorkspaceId("ws_none")) is None
