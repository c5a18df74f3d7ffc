"""A state that a browser carries opens for whoever it was sealed for, and shows nothing."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import timedelta

import pytest

from kit.attempt_cookie import AttemptCookie
from kit.public_address import PublicAddress
from kit.sealed_states import MAX_STATE, SealedStates

OLDER, NEWER = (hashlib.sha256(name).digest() for name in (b"older", b"newer"))


@dataclass(frozen=True)
class Begun:
    id: str
    verifier: str


BEGUN = Begun("att_1", "text-of-the-verifier")
STATES = SealedStates(Begun, b"a purpose", (OLDER,))


def test_it_opens_with_its_secret_and_shows_nothing():
    first, second = (STATES.seal(BEGUN, "a secret") for _ in range(2))

    assert first != second
    assert STATES.open(first, "a secret") == STATES.open(second, "a secret") == BEGUN
    assert b"text-of-the" not in base64.urlsafe_b64decode(first + "=" * (-len(first) % 4))


@pytest.mark.parametrize(
    "other",
    [
        SealedStates(Begun, b"another purpose", (OLDER,)),
        SealedStates(Begun, b"a purpose", (NEWER,)),
        SealedStates(Begun, b"a purpose"),
    ],
)
def test_another_purpose_or_key_opens_nothing(other):
    assert other.open(STATES.seal(BEGUN, "a secret"), "a secret") is None
    assert STATES.open(other.seal(BEGUN, "a secret"), "a secret") is None


def test_after_a_new_root_key_earlier_states_open_until_the_older_key_goes():
    both = SealedStates(Begun, b"a purpose", (NEWER, OLDER))

    assert both.open(STATES.seal(BEGUN, "a secret"), "a secret") == BEGUN
    assert STATES.open(both.seal(BEGUN, "a secret"), "a secret") is None


def test_what_was_changed_cut_or_never_sealed_opens_nothing():
    state = STATES.seal(BEGUN, "a secret")
    changed = [state[:at] + ("A" if state[at] != "A" else "B") + state[at + 1 :] for at in (0, 30)]

    for each in (*changed, state[:-4], state[:9], "", "ä", "%", "A" * (MAX_STATE + 1)):
        assert STATES.open(each, "a secret") is None
    assert STATES.open(state, "another secret") is None


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("https://actions.example.com", "__Host-openactions-thing"),
        ("http://127.0.0.1:8080", "openactions-thing"),
    ],
)
def test_the_cookie_of_attempts_is_of_this_host_alone_where_there_is_tls(origin, name):
    cookie, address = AttemptCookie("thing", "oax_", timedelta(minutes=10)), PublicAddress(origin)
    drawn = cookie.secret_or_new({"headers": []}, address)
    kept = cookie.keep(address, drawn)
    brought = {"headers": [(b"cookie", f"{name}={drawn}".encode())]}

    assert kept.startswith(f"{name}={drawn}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax")
    assert kept.endswith("; Secure") == origin.startswith("https:")
    assert cookie.secret(brought, address) == cookie.secret_or_new(brought, address) == drawn
    assert len(drawn) == len("oax_") + 43
    twice = {"headers": brought["headers"] * 2}
    assert cookie.secret(twice, address) is None
    assert "Max-Age=0" in cookie.take_away(address)
