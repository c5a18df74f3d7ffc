"""JSON is checked, and its bytes are left as they are (B13, W9)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from execution_service.domain.json_text import MAX_LEVELS, JsonText, json_text

VALID = {
    "30 digits": b"[123456789012345678901234567890]",
    "beyond a double": b"[1e400, -1E+999, 1e-400]",
    "more digits than an int may have": b"9" * 90_000,
    "an exponent without end": b"1e" + b"9" * 200,
    "minus zero": b"[-0, -0.0, 0e0]",
    "a name twice": b'{"a": 1, "a": 2}',
    "half a pair": rb'["\ud800", "\udc00\ud800", {"\uDbFF": "\\ud800"}]',
    "spaces": b' \t\r\n{ "a" :\n[ ] }\n ',
    "deep": b"[" * MAX_LEVELS + b"]" * MAX_LEVELS,
    "deep, and beyond a double": b'{"a":' * MAX_LEVELS + b"1e400" + b"}" * MAX_LEVELS,
    "only a text": b'"a"',
}
INVALID = {
    "nothing": b"",
    "a zero in front": b"[0123, 1e400]",
    "two zeros": b"[1e400, -00]",
    "no digit after the point": b"[1e400, 1.]",
    "no digit after the e": b"[12345e]",
    "a plus in front": b"[+1]",
    "not a number": b"[NaN]",
    "infinite": b"[1e400, -Infinity]",
    "an escape that is none": rb'["\ud800", "\x41"]',
    "half an escape": rb'["\ud80"]',
    "an escape that is not hexadecimal": rb'["\ud800\u12g4"]',
    "a control character": b'["\\ud800\x00"]',
    "half a pair, encoded": b'["\xed\xa0\x80"]',
    "not UTF-8": b'["\\ud800\xff"]',
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"),
    "more after the end": b"[1e400] x",
    "a comma too many": b"[1e400,]",
    "too deep": b"[" * (MAX_LEVELS + 1) + b"]" * (MAX_LEVELS + 1),
    "very deep": b"[" * 50_000 + b"]" * 50_000,
    "not closed": b"[" * 100_000,
}


@pytest.mark.parametrize("text", VALID.values(), ids=VALID)
def test_valid_json_is_its_own_bytes_b13_w9(text):
    assert json_text(text) == JsonText(text)


@pytest.mark.parametrize("text", INVALID.values(), ids=INVALID)
def test_what_is_not_json_is_none(text):
    assert json_text(text) is None


def test_a_byte_order_mark_is_no_part_of_the_value_w8():
    assert json_text(b'\xef\xbb\xbf{"a": 1}') == JsonText(b'{"a": 1}')


def _refused(constant):
    raise ValueError(constant)


def _is_json(text):
    """By another parser, which keeps numbers as texts and knows surrogates."""
    try:
        json.loads(text.decode(), parse_int=str, parse_float=str, parse_constant=_refused)
    except ValueError:
        return False
    return True


PIECES = st.sampled_from(
    [
        *'[]{}:,"-+.eE01 9\n',
        *("100", "012", "400", "1e400", "-0", r"\u0041", r"\ud800", r"\\", r"\"", r"\n", r"\u12"),
        *('"a"', '"a":', "true", "null", "nul", "é", "\x01", '"\\', "[1,", '{"":'),
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_another_parser_finds_the_same_texts_valid(text):
    assert (json_text(text.encode()) is not None) == _is_json(text.encode())


NUMBERS = st.from_regex(r"-?[0-9]{1,5}(\.[0-9]{1,4})?([eE][+-]?[0-9]{1,6})?", fullmatch=True)
STRINGS = st.from_regex(r'"(\\u[dD89][0-9a-fA-F]{2,4}|\\.|[0-9u\\])*"', fullmatch=True)


@given(st.lists(st.one_of(NUMBERS, STRINGS), max_size=4).map(",".join))
def test_another_parser_finds_the_same_numbers_and_escapes_valid(texts):
    text = f"[{texts},1e400]".encode()

    assert (json_text(text) is not None) == _is_json(text)
