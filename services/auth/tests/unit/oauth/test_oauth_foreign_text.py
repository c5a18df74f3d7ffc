"""H82: what a provider says is one bounded line, and repeats no secret."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth_service.domain.oauth.foreign_text import MAX_CHARACTERS, cleaned, code_of
from kit.sealing import Secret

ANYTHING = st.text(st.characters(codec=None), max_size=2_000)


@given(text=ANYTHING)
def test_h82_any_text_becomes_one_line_of_characters_that_are_seen(text):
    line = cleaned(text)

    assert len(line) <= MAX_CHARACTERS
    assert not any(unicodedata.category(each)[0] == "C" for each in line)
    assert line.splitlines() in ([], [line])
    line.encode()


@given(text=ANYTHING, secret=st.text("ab+%é", min_size=8, max_size=20), where=st.integers(0, 300))
def test_a_secret_that_the_provider_repeats_is_not_shown(text, secret, where):
    said = text[:where] + secret + text[where:]

    assert secret not in cleaned(said, [Secret(secret)])


def test_a_secret_is_hidden_also_where_it_is_percent_encoded():
    said = cleaned("code=a%2Bb%20c%C3%A9 a%2Bb+c%C3%A9", [Secret("a+b cé")])

    assert said == "code=… …"


def test_a_secret_is_hidden_also_in_base64_and_as_json_writes_it():
    said = cleaned(r"got YSticyBjw6k= and a+bs c\u00e9", [Secret("a+bs cé")])

    assert said == "got …= and …"


def test_characters_that_turn_or_hide_text_leave_no_trace():
    assert cleaned("a\u202eb\u200bc\ufeff\x00d\u2028e\r\nf") == "abc d e f"


@pytest.mark.parametrize("unverified", [None, 7, ["a"], {"a": 1}, b"a", True])
def test_what_is_no_text_is_empty(unverified):
    assert cleaned(unverified) == code_of(unverified) == ""


@pytest.mark.parametrize("error", ["invalid_grant", "bad-code.2", "E" * 60])
def test_a_code_is_taken_as_it_is(error):
    assert code_of(error) == error


@pytest.mark.parametrize("error", ["<b>", "a b", "E" * 61, "é", "a`b", ""])
def test_what_is_no_code_is_left_out(error):
    assert code_of(error) == ""
