"""A secret that the process uses is in no log line, whatever spells it and however it is cut."""

import base64
import gc
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import logs
from kit.live_secrets import LIVE_SECRETS, MAX_CHARACTERS, LiveSecrets
from kit.sealing import Secret

SECRET = "correct horse/bättery+staple"
SPELLINGS = {
    "as it is": SECRET,
    "percent-encoded": quote(SECRET, safe=""),
    "in JSON": json.dumps(SECRET)[1:-1],
    "in base64": base64.b64encode(SECRET.encode()).decode(),
    "in base64url": base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("="),
}


REPLACEMENT = "[redacted]"


def redacted(known, text):
    parts, kept_from = [], 0
    for start, end in known.spans(text):
        if start >= kept_from:
            parts += [text[kept_from:start], REPLACEMENT]
        kept_from = max(kept_from, end)
    return "".join((*parts, text[kept_from:]))


@pytest.fixture
def secrets():
    known = LiveSecrets()
    known.add(SECRET)
    return known


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_live_secret_is_redacted(secrets, spelling):
    shown = redacted(secrets, f"before {SPELLINGS[spelling]} after")

    assert shown.startswith(f"before {REPLACEMENT}")
    assert shown.endswith(" after")
    assert SPELLINGS[spelling] not in shown


@given(text=st.text(max_size=40), secret=st.text(min_size=8, max_size=20))
def test_no_text_shows_a_secret_that_is_live(text, secret):
    known = LiveSecrets()
    known.add(secret)

    assert secret not in redacted(known, f"{text}{secret}{text}").replace(REPLACEMENT, "\0")


def test_the_longest_of_secrets_with_one_beginning_is_redacted():
    known = LiveSecrets()
    known.add("password")
    known.add("password-of-somebody")

    assert redacted(known, "password-of-somebody password") == f"{REPLACEMENT} {REPLACEMENT}"


def test_a_text_without_secrets_stays_and_short_ones_are_no_secrets(secrets):
    secrets.add("short")
    assert redacted(secrets, "a short text of horses") == "a short text of horses"


def test_those_added_first_make_room():
    known = LiveSecrets(max_spellings=10)
    for number in range(100):
        known.add(f"secret {number:04}")

    assert len(known) == 10
    assert redacted(known, "secret 0000 secret 0099") == f"secret 0000 {REPLACEMENT}"


def test_of_a_very_long_secret_the_beginning_is_redacted():
    known = LiveSecrets()
    known.add("s3" * MAX_CHARACTERS)
    assert redacted(known, "s3" * MAX_CHARACTERS).count("s3") < MAX_CHARACTERS


def test_no_secret_is_kept_in_memory(secrets):
    reachable = gc.get_referents(secrets.__dict__, *secrets.__dict__.values())
    assert SECRET[:8] not in repr(reachable)


def test_a_secret_of_the_kit_is_in_no_log_line_even_where_the_line_is_cut():
    Secret("hunter2 and more of it")
    edge = "x" * (logs.MAX_FIELD_CHARACTERS - 7)

    shown = logs.redact(f"{edge}hunter2 and more of it")

    assert "hunter2" not in shown
    assert len(shown) <= logs.MAX_FIELD_CHARACTERS + 1
    assert len(LIVE_SECRETS) > 0


@pytest.mark.parametrize(
    "secret",
    ["a secret Bearer 0123456789 in the middle", "Bearer 012345", "6789 at the end of a token"],
    ids=["around it", "its beginning", "its end"],
)
def test_a_secret_beside_what_looks_like_one_hides_no_part_of_either(secret):
    Secret(secret)
    text = "a secret Bearer 0123456789 in the middle, Bearer 0123456789 at the end of a token"

    shown = logs.redact(f"{text} of mine")

    assert secret not in shown
    assert "0123456789"[-4:] not in shown
    assert shown.endswith(" of mine")
