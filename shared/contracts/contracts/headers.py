"""Which request headers nobody but the platform sets: one list for documents, credentials, calls
and the wire.

A document's parameter of such a name is left out of its operation, a credential of such a name is
refused, and so is an argument that an operation compiled by an earlier release still sends there.
"""

import re
from typing import Final

FRAMING: Final = frozenset(
    {
        *("connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect"),
        *("host", "content-length", "accept-encoding", "http2-settings", "proxy-authorization"),
        *("proxy-connection", "proxy-authenticate"),
    }
)
"""They frame or route a message (RFC 9110, 7.6.1; RFC 9112): only the engine writes them."""

RESERVED: Final = FRAMING | frozenset(
    {
        *("authorization", "cookie", "set-cookie"),  # credentials; an action's own are auth's
        *("content-type", "content-encoding"),  # the body's (OAS 3.1, 4.8.12.1)
        *("user-agent", "traceparent", "tracestate", "date", "via", "forwarded", "x-real-ip"),
        *("x-http-method", "x-http-method-override", "x-method-override"),
        *("x-original-url", "x-rewrite-url"),
    }
)
"""With what carries credentials, describes the body, names the sender or means another request."""

RESERVED_PREFIXES: Final = (
    *("proxy-", "x-forwarded-", "sec-"),
    *("openai-", "openactions-", "x-openactions-"),
)

ACCEPT: Final = "accept"
"""The platform's where a document describes it (OAS 3.1, 4.8.12.1); a credential may set it."""


_COOKIE_VALUE: Final = re.compile(r"[!#-+\--:<-\[\]-~]*")
"""cookie-octet (RFC 6265, 4.1.1)."""
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def is_token(name: str) -> bool:
    """A token (RFC 9110, 5.6.2)."""
    return _TOKEN.fullmatch(name) is not None


def is_reserved(name: str) -> bool:
    """In any letter case, and with whitespace around it, which some HTTP parsers strip."""
    name = name.strip().lower()
    return name in RESERVED or name.startswith(RESERVED_PREFIXES)


def is_reserved_parameter(name: str) -> bool:
    """Whether a document's header parameter of this name is ignored."""
    return is_reserved(name) or name.strip().lower() == ACCEPT


def is_cookie_value(text: str) -> bool:
    """Whether a cookie holds it as it is (RFC 6265, 4.1.1)."""
    return _COOKIE_VALUE.fullmatch(text) is not None
