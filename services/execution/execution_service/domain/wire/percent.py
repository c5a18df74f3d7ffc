"""JSON values as text, and text as the characters that a URL may hold (RFC 3986, RFC 6570)."""

import re
from typing import Any
from urllib.parse import quote

from execution_service.domain.arguments.exact_json import ExactNumber, write_json

_LARGEST_PLAIN_INTEGRAL = 1e21
"""ECMAScript, and so every JSON.stringify, writes integral numbers below this without exponent."""

_KEPT_RESERVED = ":/?@!$'()*+,;="
"""RFC 3986's reserved characters without those that would end a query value or are not allowed in
a query at all: `&`, `#`, `[` and `]` are encoded even under allowReserved."""

_KEPT_IN_COOKIES = ":/?#[]@!$&'()*+="
"""The same for a cookie, which a comma or a semicolon may not be in (RFC 6265, 4.1.1)."""

_TRIPLE = re.compile(r"(%[0-9A-Fa-f]{2})")


def literal(value: Any) -> str:
    """A value as JSON shows it, but text without quotes. Containers are compact JSON."""
    if isinstance(value, str):
        return value
    if type(value) is int:
        return str(value)
    if type(value) is ExactNumber:
        return value.text
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_PLAIN_INTEGRAL:
        return str(int(value))
    return write_json(value).decode()


def encode(text: str) -> str:
    """Everything but unreserved characters as percent-encoded UTF-8 (RFC 6570, 3.2.1)."""
    if text.isalnum() and text.isascii():  # saves the common case a microsecond
        return text
    return quote(text, safe="")


def encode_reserved(text: str) -> str:
    """As `allowReserved` wants it in a query: reserved characters and percent triples stay.

    OAS 4.8.12 and RFC 6570, 3.2.3.
    """
    return _encode_keeping(text, _KEPT_RESERVED)


def encode_reserved_in_cookie(text: str) -> str:
    """As `allowReserved` wants it in a cookie (OAS 3.2, 4.12.1)."""
    return _encode_keeping(text, _KEPT_IN_COOKIES)


def _encode_keeping(text: str, kept: str) -> str:
    parts = _TRIPLE.split(text)
    parts[::2] = [quote(part, safe=kept) for part in parts[::2]]
    return "".join(parts)


def encode_name(name: str) -> str:
    """A name from the document, for a query, form or cookie: `$filter` stays as APIs write it."""
    return quote(name, safe="$!*")
