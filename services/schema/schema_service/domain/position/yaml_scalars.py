"""Keys as YAML writes them: plain, 'single' or "double" quoted (YAML 1.2.2, 7.3)."""

import json
import re
import sys
from dataclasses import dataclass

SPACE = " \t\r\n"
"""YAML's white space (YAML 1.2.2, 5.4 and 5.5); Python has more."""
DOUBLE_QUOTED = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
SINGLE_QUOTED = r"'[^']*+(?:''[^']*+)*+'"

_DOUBLE = re.compile(DOUBLE_QUOTED, re.DOTALL)
_SINGLE = re.compile(SINGLE_QUOTED)
_PLAIN = re.compile(
    r"(?:[^\s:#]++|:(?=[^\s])|(?<=\S)\#|[ \t]+(?=[^\s#:])|[ \t]+(?=:\S))++", re.ASCII
)
_COLON = re.compile(r"[ \t]*:(?=\s|$)", re.ASCII)
_COLON_BELOW = re.compile(r"\s*:(?=\s|$)", re.ASCII)
_EXPLICIT = re.compile(r"\?[ \t]+")
_PROPERTIES = re.compile(r"(?:[&!][^\s]*[ \t]+)*", re.ASCII)

_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U(0[0-9A-Fa-f]{7})|(.))", re.DOTALL)
_SHORT = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
} | {
    "e": "\x1b",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
"""YAML 1.2.2, 5.7."""


@dataclass(frozen=True, slots=True)
class Key:
    """`start` to `end` is the key as written, `after` the first character behind its colon."""

    text: str
    start: int
    end: int
    after: int


def read_key(text: str, offset: int) -> Key | None:
    """The key of a block mapping's entry that begins there, or None if it is no simple one."""
    explicit = _EXPLICIT.match(text, offset)
    start = _end(_PROPERTIES, text, explicit.end() if explicit else offset)
    scalar = read_scalar(text, start)
    if not scalar:
        return None
    value, end = scalar
    colon = (_COLON_BELOW if explicit else _COLON).match(text, end)
    if colon:
        return Key(value, start, end, colon.end())
    return Key(value, start, end, end) if explicit else None


def read_scalar(text: str, offset: int, end: int = sys.maxsize) -> tuple[str, int] | None:
    """The text of the scalar on this line and where it ends; a plain one at `end` at the latest."""
    opening = text[offset : offset + 1]
    if opening == '"':
        found = _DOUBLE.match(text, offset)
        return (_unescaped(found[0]), found.end()) if found else None
    if opening == "'":
        found = _SINGLE.match(text, offset)
        return (found[0][1:-1].replace("''", "'"), found.end()) if found else None
    found = _PLAIN.match(text, offset, min(end, len(text)) + 1)  # a colon needs what follows it
    return (found[0][: end - offset], min(found.end(), end)) if found else None


def _unescaped(quoted: str) -> str:
    """As JSON, whose surrogate pairs YAML readers take too, or else by YAML's own escapes."""
    try:
        return str(json.loads(quoted, strict=False))
    except ValueError:
        return _ESCAPE.sub(_character, quoted[1:-1])


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2] or escape[3]
    return chr(int(code, 16)) if code else _SHORT.get(escape[4], escape[4])


def _end(pattern: re.Pattern[str], text: str, offset: int) -> int:
    found = pattern.match(text, offset)
    return found.end() if found else offset
