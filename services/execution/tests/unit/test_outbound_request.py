"""The request as a whole: whatever is admitted leaves as plain ASCII, and reads back."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.operation import Body
from execution_service.domain.admission import Refused, admit
from execution_service.domain.errors import HeaderRefused, PathEscapes, UrlTooLong
from execution_service.domain.outbound_request import build_request

PLAIN = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
SCALAR = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | PLAIN
SCALAR |= st.floats(allow_nan=False, allow_infinity=False)
ANY = st.recursive(
    SCALAR, lambda v: st.lists(v, max_size=3) | st.dictionaries(PLAIN, v, max_size=3), max_leaves=6
)
STYLES = ["form", "spaceDelimited", "pipeDelimited", "deepObject"]


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_h68_the_method_is_the_operations(calls, method):
    assert calls.request(calls.compiled(method=method)).method == method


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "get", "GET /x HTTP/1.1\r\n"])
def test_h68_other_methods_cannot_be_compiled(calls, method):
    with pytest.raises(ValidationError):
        calls.operation(method=method)


def test_parts_come_in_the_order_of_the_document(calls):
    call = calls.compiled(
        calls.parameter("b"),
        calls.parameter("a"),
        calls.parameter("X-B", "header"),
        calls.parameter("X-A", "header"),
        calls.parameter("c", "cookie"),
        method="POST",
        server="https://API.example.com:8443/v1",
        path="/pets?kind=dog",
        body=Body(media_type="application/json"),
    )
    sent = calls.request(call, a=1, b=2, c=3, body={}, **{"X-A": "a", "X-B": "b"})
    assert sent.raw_path_and_query == "/v1/pets?kind=dog&b=2&a=1"
    assert [name for name, _ in sent.headers] == ["X-B", "X-A", "cookie", "content-type"]
    assert sent.body == b"{}"


@pytest.mark.parametrize(
    ("content_type", "value", "sent"),
    [
        (None, {"a": "x y", "b": [1, 2], "c": {"d": 1}}, "a=x%20y&b=1&b=2&c=%7B%22d%22%3A1%7D"),
        ("application/x-www-form-urlencoded", "a=x+y&b=%26#c", "a=x%20y&b=%26%23c"),
        ("application/json", {"a": [1]}, "%7B%22a%22%3A%5B1%5D%7D"),
        ("application/jsonpath", "$.a[1:1]", "%24.a%5B1%3A1%5D"),
    ],
)
def test_a_querystring_parameter_is_the_query(calls, content_type, value, sent):
    call = calls.compiled(calls.parameter("any", "querystring", content_type=content_type))
    assert calls.request(call, any=value).raw_path_and_query == f"/pets?{sent}"


def test_nothing_is_sent_for_absent_optional_arguments(calls):
    call = calls.compiled(
        calls.parameter("q"), calls.parameter("X-A", "header"), calls.parameter("c", "cookie")
    )
    sent = calls.request(call)
    assert (sent.raw_path_and_query, sent.headers, sent.body) == ("/pets", (), None)


def test_a_url_beyond_what_any_server_reads_is_refused(calls):
    with pytest.raises(UrlTooLong, match="70005"):
        calls.sent_path("/x", calls.parameter("q"), q="x" * 70_000)


@pytest.mark.parametrize("hostile", ["a\r\nHost: evil\r\n\r\n", "a b", "a\0", "é", "\u2028"])
@pytest.mark.parametrize("location", ["query", "querystring", "cookie"])
def test_hostile_text_is_encoded_in_queries_and_cookies(calls, location, hostile):
    call = calls.compiled(calls.parameter("v", location))
    sent = calls.request(call, v=hostile)
    text = sent.raw_path_and_query + "".join(value for _, value in sent.headers)
    assert text.isascii()
    assert text.isprintable()
    assert " " not in text


@given(
    st.fixed_dictionaries(
        {"path": SCALAR.filter(lambda v: v not in (None, ""))},
        optional=dict.fromkeys([*STYLES, "kept", "json", "X-H", "cookie", "body"], ANY),
    )
)
def test_whatever_is_admitted_leaves_as_ascii_without_line_breaks(calls, arguments):
    call = calls.compiled(
        calls.parameter("path", "path"),
        *(calls.parameter(style, style=style, explode=True) for style in STYLES),
        calls.parameter("kept", allow_reserved=True),
        calls.parameter("json", content_type="application/json"),
        calls.parameter("X-H", "header"),
        calls.parameter("cookie", "cookie"),
        path="/a/{path}",
        method="POST",
        body=Body(media_type="multipart/form-data" if len(arguments) % 2 else "application/json"),
    )
    if not isinstance(arguments.get("body"), dict):
        arguments.pop("body", None)
    admitted = admit(call, arguments)
    if isinstance(admitted, Refused):
        assert [each.code for each in admitted.faults] == ["argument.path_empty"]
        return
    try:
        sent = build_request(call, admitted)
    except (PathEscapes, HeaderRefused):
        return
    lines = [sent.method, sent.raw_path_and_query]
    lines += [text for header in sent.headers for text in header]
    for line in lines:
        assert line.isascii()
        assert not set("\r\n\0") & set(line)
    assert sent.raw_path_and_query.partition("?")[0].count("/") == 2
    assert "#" not in sent.raw_path_and_query
    assert " " not in sent.raw_path_and_query


@given(st.dictionaries(PLAIN, PLAIN, min_size=1, max_size=5))
def test_an_exploded_form_reads_back_as_what_was_given(calls, value):
    sent = calls.sent_path("/x", calls.parameter("v"), v=value)
    assert dict(parse_qsl(urlsplit(sent).query, keep_blank_values=True)) == value


@given(st.lists(PLAIN, min_size=1, max_size=5))
def test_a_repeated_form_parameter_reads_back_in_order(calls, value):
    sent = calls.sent_path("/x", calls.parameter("v"), v=value)
    pairs = parse_qsl(urlsplit(sent).query, keep_blank_values=True)
    assert pairs == [("v", text) for text in value]


@given(PLAIN, PLAIN)
def test_a_value_never_becomes_another_parameter(calls, first, second):
    a, b = calls.parameter("a", allow_reserved=True), calls.parameter("b")
    sent = calls.sent_path("/x", a, b, a=first, b=second)
    pairs = parse_qsl(urlsplit(sent).query, keep_blank_values=True)
    assert [name for name, _ in pairs] == ["a", "b"]
    assert pairs[1][1] == second
