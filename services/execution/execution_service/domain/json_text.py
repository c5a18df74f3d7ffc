"""A JSON value as its bytes: it is checked and never rebuilt, since rebuilding alters it.

A parser makes a float of 123456789012345678901234567890, merges members of the same name, and
refuses numbers and nesting that it cannot represent though RFC 8259 allows them.
"""

import re
from dataclasses import dataclass
from typing import Final

import orjson

MAX_LEVELS: Final = 1_024
"""Of nesting, by `orjson`: what is deeper most parsers refuse (RFC 8259, 9), so it is no use to a
caller as JSON."""

_BOM: Final = b"\xef\xbb\xbf"
_ESCAPE: Final = re.compile(rb"\\u[0-9A-Fa-f]{4}")
_DIGITS: Final = re.compile(rb"([0-9])[0-9]{2,}")


@dataclass(frozen=True, slots=True)
class JsonText:
    """One JSON value (RFC 8259) in UTF-8, without a byte order mark."""

    text: bytes


def json_text(body: bytes) -> JsonText | None:
    """`body` without its byte order mark; None where that is not JSON, or too deep."""
    text = body.removeprefix(_BOM)
    return JsonText(text) if _is_json(text) or _is_json(_representable(text)) else None


def _is_json(text: bytes) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _representable(text: bytes) -> bytes:
    r"""As valid as `text`, without what `orjson` refuses although RFC 8259 allows it.

    That are escapes of half a surrogate pair (`"\ud800"`), each escape becomes `\n` here, and
    numbers beyond a double (`1e400`): of three digits in a row and more two are left, the first of
    which shows whether a number begins with a zero that it must not have.
    """
    return _DIGITS.sub(rb"\g<1>1", _ESCAPE.sub(rb"\\n", text))
