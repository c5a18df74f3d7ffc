"""The exact bytes of a request, and what may not be in them (H65, H66, H68)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.headers import FRAMING
from egress import OutboundRequest, RequestInvalid, Target
from egress.message import request_bytes

TARGET = Target.parse("https://api.example.com/v1")


def wire(method="GET", headers=(), body=None, path="/v1"):
    return request_bytes(OutboundRequest(method, TARGET.at(path), headers, body, pool_key="ws:con"))


def test_a_request_is_written_as_rfc_9112_says():
    assert wire("POST", (("X-Key", "k"), ("x-key", "l")), b"{}", "/a%2Fb?q=%zz") == (
        b"POST /a%2Fb?q=%zz HTTP/1.1\r\n"
        b"host: api.example.com\r\n"
        b"accept-encoding: gzip\r\n"
        b"X-Key: k\r\n"
        b"x-key: l\r\n"
        b"content-length: 2\r\n"
        b"\r\n"
        b"{}"
    )


@pytest.mark.parametrize(
    ("method", "body", "announced"),
    [("GET", None, False), ("DELETE", None, False), ("GET", b"", True), ("POST", None, True),
     ("PUT", None, True), ("DELETE", b"x", True)],
)  # fmt: skip
def test_a_length_is_announced_where_it_is_needed(method, body, announced):
    assert (b"content-length" in wire(method, body=body)) is announced


@pytest.mark.parametrize("name", sorted(FRAMING))
def test_h65_headers_that_frame_the_message_are_not_the_callers(name):
    for spelling in (name, name.title()):
        with pytest.raises(RequestInvalid):
            wire(headers=((spelling, "x"),))


@pytest.mark.parametrize(
    "header",
    [
        ("X", "a\r\nHost: evil"),
        ("X", "a\n"),
        ("X", "a\rb"),
        ("X", "\x00"),
        ("X", "\x7f"),
        ("X", " leading"),
        ("X", "trailing "),
        ("X", "snow☃man"),
        ("X\r\n", "a"),
        ("X:", "a"),
        ("X ", "a"),
        ("", "a"),
        ("Ünder", "a"),
        ("X", "a" * 200_000),
    ],
)
def test_h66_a_header_that_http_cannot_carry_is_refused(header):
    with pytest.raises(RequestInvalid) as refused:
        wire(headers=(header,))

    assert "evil" not in refused.value.sentence


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "GET /", "G\r\nET", "", "GÉT"])
def test_h68_a_method_that_must_not_be_sent_is_refused(method):
    with pytest.raises(RequestInvalid):
        wire(method)


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_header_can_add_a_line(name, value):
    try:
        lines = wire(headers=((name, value),)).split(b"\r\n")
    except RequestInvalid:
        return
    assert len(lines) == 6
    assert not any(b"\r" in line or b"\n" in line or b"\0" in line for line in lines)
