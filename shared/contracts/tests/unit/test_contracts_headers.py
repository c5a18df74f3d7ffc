"""One list of headers that only the platform sets (B24, H65)."""

import pytest

from contracts.headers import FRAMING, RESERVED, is_reserved, is_reserved_parameter, is_token

CONNECTION = ["connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"]
"""RFC 9110, 7.6.1, 6.6.2, 10.1.4 and 7.8; RFC 9112, 6.1."""
PROXIES = ["proxy-connection", "proxy-authenticate", "proxy-authorization"]
"""RFC 9110, 7.6.1, 11.7.1 and 11.7.2."""
MESSAGE = ["host", "content-length", "accept-encoding", "expect", "http2-settings"]
"""RFC 9110, 7.2, 8.6, 12.5.3 and 10.1.1; RFC 7540, 3.2.1."""
CREDENTIALS = ["authorization", "cookie", "set-cookie"]
"""RFC 9110, 11.6.2; RFC 6265."""
BODY = ["content-type", "content-encoding"]
"""RFC 9110, 8.3 and 8.4; OAS 3.1, 4.8.12.1."""
SENDER = ["user-agent", "traceparent", "tracestate", "date", "via", "forwarded", "x-real-ip"]
"""Product, 6: what is sent names us and the trace. RFC 9110, 6.6.1 and 7.6.3; RFC 7239."""
ANOTHER_REQUEST = [
    *("x-http-method", "x-http-method-override", "x-method-override"),
    *("x-original-url", "x-rewrite-url"),
]
"""Frameworks take method or path from them: another operation than the decided one is called."""


@pytest.mark.parametrize("name", [*CONNECTION, *PROXIES, *MESSAGE])
def test_b24_h65_what_frames_or_routes_a_message_is_on_the_list(name):
    assert name in FRAMING


@pytest.mark.parametrize(
    "name",
    [*CONNECTION, *PROXIES, *MESSAGE, *CREDENTIALS, *BODY, *SENDER, *ANOTHER_REQUEST],
)
def test_b24_a_reserved_name_is_on_the_list_and_reserved_in_any_spelling(name):
    assert name in RESERVED
    for spelling in (name, name.upper(), name.title(), f" {name}\t"):
        assert is_reserved(spelling)
        assert is_reserved_parameter(spelling)


@pytest.mark.parametrize(
    "prefix", ["Proxy-", "Sec-", "X-Forwarded-", "OpenAI-", "OpenActions-", "X-OpenActions-"]
)
def test_b24_so_is_whatever_begins_like_one(prefix):
    assert is_reserved(f"{prefix}Anything")


def test_b24_what_frames_a_message_is_reserved():
    assert FRAMING < RESERVED


def test_a_document_does_not_set_accept_and_a_credential_may():
    assert is_reserved_parameter("Accept")
    assert not is_reserved("Accept")


@pytest.mark.parametrize("name", ["X-Api-Key", "If-Match", "Forwarded-For", "Proxied"])
def test_others_are_free(name):
    assert not is_reserved_parameter(name)


@pytest.mark.parametrize("name", ["", "X Key", "X:Key", "Schlüssel", "X-Key\n", "(x)"])
def test_a_header_name_is_a_token(name):
    assert is_token("X-Key")
    assert not is_token(name)
