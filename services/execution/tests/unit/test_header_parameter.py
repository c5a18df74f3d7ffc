"""Headers that arguments may not set, and values that could smuggle one (H65, H66)."""

import pytest

from execution_service.domain.admission import Refused, admit
from execution_service.domain.errors import HeaderRefused, OperationUnusable

RESERVED = [
    "Authorization",
    "Host",
    "Cookie",
    "Content-Length",
    "Transfer-Encoding",
    "Connection",
    "Proxy-Authorization",
    "X-Forwarded-For",
    "Forwarded",
    "X-HTTP-Method-Override",
    "TE",
    "Upgrade",
    "User-Agent",
    "traceparent",
    "OpenAI-Ephemeral-User-Id",
]


@pytest.mark.parametrize("name", RESERVED)
@pytest.mark.parametrize("spell", [str, str.lower, str.upper])
def test_h65_reserved_headers_are_refused(calls, name, spell):
    call = calls.compiled(calls.parameter(spell(name), "header", argument="value"))
    with pytest.raises(HeaderRefused, match="never by an argument") as refused:
        calls.request(call, value="x")
    assert refused.value.code == "execution.header_refused"


def test_h65_a_reserved_header_that_nobody_supplies_blocks_no_call(calls):
    call = calls.compiled(calls.parameter("Host", "header"))
    assert calls.request(call).headers == ()


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\nb", "a\rb", "a\0b", "é", "\x85", "a\x7f"])
@pytest.mark.parametrize("wrap", [lambda text: text, lambda text: [text], lambda text: {"k": text}])
def test_h66_a_value_that_is_no_plain_header_text_is_refused(calls, value, wrap):
    call = calls.compiled(calls.parameter("X-Note", "header", argument="note"))
    with pytest.raises(HeaderRefused, match="X-Note") as refused:
        calls.request(call, note=wrap(value))
    assert value not in refused.value.sentence + refused.value.hint


def test_h66_a_long_value_is_refused(calls):
    call = calls.compiled(calls.parameter("X-Note", "header", argument="note"))
    with pytest.raises(HeaderRefused, match="8192"):
        calls.request(call, note="x" * 9000)
    assert isinstance(admit(call, {"note": "x" * 1_000_000}), Refused)


def test_h66_long_cookies_are_refused(calls):
    call = calls.compiled(calls.parameter("a", "cookie"), calls.parameter("b", "cookie"))
    with pytest.raises(HeaderRefused, match="8192"):
        calls.request(call, a="x" * 5000, b="x" * 5000)


def test_h66_a_line_break_in_an_exploded_name_is_refused(calls):
    call = calls.compiled(calls.parameter("X-Note", "header", explode=True))
    with pytest.raises(HeaderRefused):
        calls.request(call, **{"X-Note": {"a\r\nHost: b": 1}})


@pytest.mark.parametrize("name", ["X Note", "X\r\nY", "", "X:", "Ü"])
def test_a_name_that_is_no_token_makes_the_operation_unusable(calls, name):
    with pytest.raises(OperationUnusable):
        calls.compiled(calls.parameter(name, "header", argument="note"))


def test_the_body_decides_the_content_type_not_a_parameter(calls):
    call = calls.compiled(calls.parameter("Content-Type", "header", argument="type"))
    assert calls.request(call, type="text/evil").headers == ()


def test_json_content_in_a_header_must_be_ascii(calls):
    call = calls.compiled(
        calls.parameter("X-Filter", "header", argument="f", content_type="application/json")
    )
    assert calls.request(call, f={"a": 1}).headers == (("X-Filter", '{"a":1}'),)
    with pytest.raises(HeaderRefused):
        calls.request(call, f={"a": "é"})
