"""What of an API's answer a caller gets: text, bounded, whatever its headers claim."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from execution_service.domain.answer import MAX_ANSWER_CHARACTERS, AnswerReader, read_answer
from execution_service.domain.json_text import JsonText


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON; charset=utf-8", "application/problem+json"],
)
def test_json_is_handed_on_as_its_bytes(content_type):
    text = b'{"a": [1, null]}'

    assert read_answer(content_type, text).body == JsonText(text)


@pytest.mark.parametrize(
    "body", [b"{", b'{"a": 1} trailing', b"\xff", b"[" * 2_000, b"[" * 1_025 + b"]" * 1_025]
)
def test_what_only_claims_to_be_json_is_the_text_that_it_is(body):
    answer = read_answer("application/json", body)

    assert answer.is_text
    assert isinstance(answer.body, str)


@pytest.mark.parametrize("content_type", ["", "text/html", "application/xml", "image/svg+xml"])
def test_text_is_passed_on(content_type):
    assert read_answer(content_type, b"<a>").body == "<a>"


@pytest.mark.parametrize("content_type", ["image/png", "application/octet-stream", "video/mp4"])
def test_what_is_not_text_is_not(content_type):
    answer = read_answer(content_type, b"\x00\x01")

    assert (answer.is_text, answer.body) == (False, None)


@pytest.mark.parametrize("content_type", ["image/png", "application/json", ""])
def test_nothing_is_empty_text(content_type):
    assert read_answer(content_type, b"").body == ""


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("iso-8859-1", b"\xe9"),
        ("windows-1252", b"\xe9"),
        ("UTF-8", b"\xc3\xa9"),
        ('"utf-16le"', b"\xe9\x00"),
        ("Shift_JIS", "ア".encode("shift_jis")),
    ],
)
def test_a_charset_is_honoured(charset, body):
    assert read_answer(f"text/plain; charset={charset}", body).body in ("é", "ア")


@pytest.mark.parametrize(
    "charset",
    ["unicode_escape", "raw_unicode_escape", "idna", "punycode", "utf-7", "zlib", "rot13", "nope"],
)
def test_a_codec_that_is_no_charset_is_not_used(charset):
    answer = read_answer(f"text/plain; charset={charset}", rb"\ud800 +2AA-")

    assert answer.body == r"\ud800 +2AA-"
    orjson.dumps(answer.body)  # no lone surrogate: it can be passed on


def test_bytes_that_do_not_fit_their_charset_are_replaced():
    assert read_answer("text/plain", b"a\xffb").body == "a\N{REPLACEMENT CHARACTER}b"


def test_exactly_the_limit_is_not_cut():
    answer = read_answer("text/plain", b"a" * MAX_ANSWER_CHARACTERS)

    assert not answer.truncated
    assert len(answer.body) == MAX_ANSWER_CHARACTERS


def test_json_beyond_the_limit_is_cut_as_text():
    answer = read_answer("application/json", b'["' + b"a" * MAX_ANSWER_CHARACTERS + b'"]')

    assert answer.truncated
    assert answer.body.startswith('["aaa')


def test_the_limit_of_json_counts_characters_too():
    text = b'["' + "é".encode() * (MAX_ANSWER_CHARACTERS - 4) + b'"]'

    assert read_answer("application/json", text).body == JsonText(text)
    assert read_answer("application/json", text + b"   ").truncated


@pytest.mark.parametrize("charset", ["utf-16", "utf-16le", "utf-16be"])
@pytest.mark.parametrize("length", [1, MAX_ANSWER_CHARACTERS])
def test_utf_16_without_a_mark_is_read_too_a10(charset, length):
    body = ("é" * length).encode("utf-16-be" if charset == "utf-16be" else "utf-16-le")

    assert read_answer(f"text/plain; charset={charset}", body).body == "é" * length


CHARSETS = st.sampled_from(
    [
        "-",
        "utf-8",
        "utf-16",
        "utf-16le",
        "iso-8859-15",
        "iso-8859-6",
        "windows-1252",
        "shift_jis",
        "euc-jp",
        "euc-kr",
        "gb18030",
        "gbk",
        "gb2312",
        "big5",
        "koi8-r",
        "us-ascii",
        "zlib",
    ]
)
TYPES = st.sampled_from(["application/json", "text/plain", "", "image/png", "a/b+json"])
BODIES = st.one_of(
    st.binary(max_size=60),
    st.text(max_size=30).map(str.encode),
    st.text(max_size=30).map(lambda text: text.encode("utf-16")),
    st.lists(st.integers() | st.text(max_size=3), max_size=6).map(
        lambda value: json.dumps(value).encode()
    ),
)


@given(TYPES, CHARSETS, BODIES, st.lists(st.integers(1, 9), max_size=40), st.booleans())
def test_any_answer_in_any_pieces_is_read_and_can_be_passed_on_a10(
    media_type, charset, body, sizes, complete
):
    content_type = f"{media_type}; charset={charset}"
    whole, pieces = AnswerReader(content_type, most=20), AnswerReader(content_type, most=20)
    whole.feed(body)
    for size in sizes:
        pieces.feed(body[:size])
        body = body[size:]
    pieces.feed(body)

    answer = pieces.end(complete=complete)

    assert answer == whole.end(complete=complete)
    if isinstance(answer.body, str):
        orjson.dumps(answer.body)
    assert pieces.size == whole.size


@given(st.text(max_size=60), st.sampled_from(["utf-8", "utf-16", "gb18030"]))
def test_a_text_is_the_same_as_python_reads_it(text, charset):
    expected = text.encode(charset, "replace").decode(charset, "replace")

    answer = read_answer(f"text/plain; charset={charset}", text.encode(charset, "replace"))

    assert answer.body == expected


def test_of_an_answer_without_end_only_what_is_shown_is_held():
    reader = AnswerReader("application/json")

    for _ in range(1_000):
        reader.feed(b"a" * 10_000)

    assert reader.held == MAX_ANSWER_CHARACTERS
    answer = reader.end(complete=False)
    assert answer.body.endswith("has more than 10,000,000 characters, 100,000 are shown]")
