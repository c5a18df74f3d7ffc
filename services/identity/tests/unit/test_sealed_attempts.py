"""An attempt to sign in is with its browser alone: nobody else ends it, reads it, or makes one."""

import asyncio
import base64
import hashlib
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from identity_service.adapters.sealed_attempts import SealedAttempts
from identity_service.domain.oidc.attempt import CLOCKS_DIFFER, Attempt, FromBrowser, ProviderAnswer
from identity_service.domain.oidc.errors import AttemptOver
from kit.testing import FrozenClock
from services.identity.tests.company import (
    CLIENT,
    FIREFOX,
    ISSUER,
    ROOT_KEY,
    new_company_platform,
)
from services.identity.tests.session_platform import OURS

ATTEMPT = Attempt(
    id="att_1",
    workspace_id=OURS,
    issuer=ISSUER,
    client_id=CLIENT,
    nonce="text-of-the-nonce",
    verifier="text-of-the-verifier",
    return_to="/back?to=h%C3%A1",
    chooses=True,
    created_at=FrozenClock()(),
)
SEAL = SealedAttempts((ROOT_KEY,))
OURS_SECRET, THEIRS_SECRET = "oab_ours", "oab_theirs"


@pytest.fixture
async def platform():
    made = await new_company_platform()
    made.company.person = {"sub": "u1", "email": "ada@acme.com", "email_verified": True}
    return made


async def test_f6_whatever_strangers_begin_everybodys_own_attempt_goes_on(platform):
    asked, code = await platform.began()
    stranger = FromBrowser("curl", THEIRS_SECRET)
    for _ in range(6_000):
        await platform.begin(OURS, stranger.secret, "/", chooses=False)

    finished = await platform.finish(ProviderAnswer(asked["state"], OURS, code), FIREFOX)

    assert finished.session
    assert len(platform.ended_attempts._ended) == 1  # beginning one kept nothing


def test_f6_it_opens_with_the_secret_it_was_sealed_with():
    states = {SEAL.seal(ATTEMPT, OURS_SECRET) for _ in range(2)}

    assert len(states) == 2
    assert [SEAL.open(each, OURS_SECRET) for each in states] == [ATTEMPT, ATTEMPT]
    assert [SEAL.open(each, THEIRS_SECRET) for each in states] == [None, None]


def test_f6_a_state_shows_nothing_of_the_attempt():
    state = SEAL.seal(ATTEMPT, OURS_SECRET)
    raw = base64.urlsafe_b64decode(state + "=" * (-len(state) % 4))

    assert b"text-of-the" not in raw
    assert "text-of-the" not in repr(ATTEMPT)
    assert OURS_SECRET not in repr(FromBrowser("Firefox", OURS_SECRET))


def test_f6_a_longest_way_back_fits_into_a_state():
    longest = replace(ATTEMPT, return_to="/" + "x" * 999, issuer="https://" + "x" * 300)

    assert len(SEAL.seal(longest, OURS_SECRET)) < 2_500


NEWER_KEY = hashlib.sha256(b"newer").digest()


def test_after_a_new_root_key_attempts_of_the_older_one_open_until_it_goes():
    begun = SEAL.seal(ATTEMPT, OURS_SECRET)
    rotated, without = SealedAttempts((NEWER_KEY, ROOT_KEY)), SealedAttempts((NEWER_KEY,))

    assert rotated.open(begun, OURS_SECRET) == ATTEMPT
    assert without.open(begun, OURS_SECRET) is None
    assert without.open(rotated.seal(ATTEMPT, OURS_SECRET), OURS_SECRET) == ATTEMPT


def test_an_attempt_opens_with_the_browsers_secret_and_the_installations_key_only():
    begun = SEAL.seal(ATTEMPT, OURS_SECRET)

    for other in (SealedAttempts(), SealedAttempts((NEWER_KEY,)), SealedAttempts((bytes(32),))):
        assert other.open(begun, OURS_SECRET) is None
    for other in (THEIRS_SECRET, "", OURS_SECRET + "x"):
        assert SEAL.open(begun, other) is None


def test_the_keys_are_those_of_the_setting():
    keys = [base64.b64encode(key).decode() for key in (NEWER_KEY, ROOT_KEY)]
    of_setting = SealedAttempts.of(SecretStr(f"b:{keys[0]},a:{keys[1]}"))

    assert of_setting.open(SEAL.seal(ATTEMPT, OURS_SECRET), OURS_SECRET) == ATTEMPT
    assert SEAL.open(of_setting.seal(ATTEMPT, OURS_SECRET), OURS_SECRET) is None
    begun = SealedAttempts.of(None).seal(ATTEMPT, OURS_SECRET)  # no key is set
    assert SealedAttempts().open(begun, OURS_SECRET) == ATTEMPT


async def test_what_a_browser_seals_without_the_installations_key_is_over_and_leaves_nothing(
    platform,
):
    (asked, code), attempt = await platform.began(), replace(ATTEMPT, created_at=platform.clock())
    opened = SEAL.open(asked["state"], FIREFOX.secret)

    for made_up in (attempt, opened):
        state = SealedAttempts().seal(made_up, FIREFOX.secret)
        with pytest.raises(AttemptOver):
            await platform.finish(ProviderAnswer(state, OURS, code), FIREFOX)

    assert not platform.ended_attempts._ended
    assert (await platform.finish(ProviderAnswer(asked["state"], OURS, code), FIREFOX)).session


@pytest.mark.parametrize(
    "broken",
    [
        lambda state: state[:-1],
        lambda state: state[:-8],
        lambda state: state + "AAAA",
        lambda state: ("B" if state[0] != "B" else "C") + state[1:],
        lambda state: state[:40] + ("B" if state[40] != "B" else "C") + state[41:],
        lambda state: state[:16],
        lambda state: "",
        lambda state: "é" + state,
        lambda state: state + "\n",
        lambda state: "A" * 8_001,
        lambda state: "A" * 8_000,
    ],
)
def test_f6_whatever_was_changed_does_not_open(broken):
    assert SEAL.open(broken(SEAL.seal(ATTEMPT, OURS_SECRET)), OURS_SECRET) is None


async def test_f11_of_several_who_bring_one_answer_at_once_one_is_signed_in(platform):
    asked, code = await platform.began()
    brought = ProviderAnswer(asked["state"], OURS, code)

    finished = await asyncio.gather(
        *(platform.finish(brought, FIREFOX) for _ in range(4)), return_exceptions=True
    )

    assert [isinstance(each, AttemptOver) for each in finished].count(True) == 3
    assert len(platform.company.exchanged) == 1


async def test_f6_a_browser_makes_no_attempt_that_outlives_its_end(platform):
    later = replace(ATTEMPT, created_at=platform.clock() + CLOCKS_DIFFER + timedelta(seconds=1))

    with pytest.raises(AttemptOver):
        await platform.finish(
            ProviderAnswer(SEAL.seal(later, FIREFOX.secret), OURS, "code"), FIREFOX
        )


MADE_UP = [
    {"workspace_id": "ws_nobodys"},
    {"client_id": "another"},
    {"issuer": "https://login.other.com"},
    {"id": "x" * 65},
    {"created_at": FrozenClock()().replace(tzinfo=None)},
    {"created_at": FrozenClock()().replace(year=1)},
    {"created_at": FrozenClock()().replace(year=9999)},
    *({"return_to": each} for each in ("https://evil.com/", "//evil.com", "/x\r\nSet-Cookie: a=b")),
    *({"return_to": each} for each in ("/\ud7ff", "", "/\\evil.com", "/" + "x" * 2_001)),
]


@pytest.mark.parametrize("members", MADE_UP)
async def test_f6_what_a_browser_made_up_is_over_and_leaves_nothing(platform, members):
    made_up = replace(ATTEMPT, **({"created_at": platform.clock()} | members))
    state = SEAL.seal(made_up, FIREFOX.secret)

    with pytest.raises(AttemptOver):
        await platform.finish(ProviderAnswer(state, OURS, "code"), FIREFOX)

    assert not platform.ended_attempts._ended


async def test_f6_two_attempts_of_one_browser_go_their_own_ways(platform):
    (first, code), (second, other) = await platform.began(), await platform.began()
    assert first["state"] != second["state"]

    for asked, answered in ((second, other), (first, code)):
        assert (
            await platform.finish(ProviderAnswer(asked["state"], OURS, answered), FIREFOX)
        ).session


async def test_f6_the_address_is_one_that_browsers_and_providers_take(platform):
    leads_to = await platform.begin(OURS, FIREFOX.secret, "/" + "x" * 999, chooses=True)

    assert len(leads_to) < 4_000
    [state] = parse_qs(urlsplit(leads_to).query)["state"]
    assert SEAL.open(state, FIREFOX.secret).return_to == "/" + "x" * 999
