"""Keys as YAML writes them: plain, 'single' or "double" quoted (YAML 1.2.2, 7.3)."""

import json
import re
from dataclasses import dataclass

_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_SINGLE = re.compile(r"'((?:[^']|'')*)'")
_PLAIN = re.compile(r"(?:[^\s:#]|:(?=[^\s])|(?<=\S)\#|[ \t]+(?=[^\s#:])|[ \t]+(?=:\S))+")
_COLON = re.compile(r"[ \t]*:(?=\s|$)")
_EXPLICIT = re.compile(r"\?[ \t]+")
_PROPERTIES = re.compile(r"(?:[&!][^\s]*[ \t]+)*")


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
    gap = re.compile(r"\s*:(?=\s|$)") if explicit else _COLON
    colon = gap.match(text, end)
    if colon:
        return Key(value, start, end, colon.end())
    return Key(value, start, end, end) if explicit else None


def read_scalar(text: str, offset: int) -> tuple[str, int] | None:
    """The text of the scalar on this line and where it ends."""
    opening = text[offset : offset + 1]
    if opening == '"':
        found = _DOUBLE.match(text, offset)
        return (_unescaped(found[0]), found.end()) if found else None
    if opening == "'":
        found = _SINGLE.match(text, offset)
        return (found[1].replace("''", "'"), found.end()) if found else None
    found = _PLAIN.match(text, offset)
    return (found[0], found.end()) if found else None


def _unescaped(quoted: str) -> str:
    """YAML's other escapes are not worth a table: such a key is compared as it is written."""
    try:
        return str(json.loads(quoted, strict=False))
    except ValueError:
        return quoted[1:-1]


def _end(pattern: re.Pattern[str], text: str, offset: int) -> int:
    found = pattern.match(text, offset)
    return found.end() if found else offset
