"""Bytes to text, as JSON (RFC 8259, RFC 4627 section 3) and YAML (1.2.2, section 5.2) detect it."""

import codecs
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NULS = {
    (True, True, True, False): "utf-32-be",
    (False, True, True, True): "utf-32-le",
    (True, False, True, False): "utf-16-be",
    (False, True, False, True): "utf-16-le",
}


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Text that is not Unicode, with the place where that shows (from one)."""

    reason: str
    line: int
    column: int


def to_utf8(raw: bytes | str) -> bytes | Undecodable:
    """UTF-8 without a byte order mark; bytes that claim to be UTF-8 are not checked."""
    if isinstance(raw, str):
        return _encoded(raw.removeprefix("\ufeff"))
    encoding, content = _detect(raw)
    if encoding == "utf-8":
        return content
    text = decode(content, encoding)
    return text if isinstance(text, Undecodable) else _encoded(text)


def decode(content: bytes, encoding: str = "utf-8") -> str | Undecodable:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding, "replace")
        return _undecodable(f"it is not valid {encoding.upper()} ({error.reason})", before)


def _detect(raw: bytes) -> tuple[str, bytes]:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return encoding, raw[len(mark) :]
    first = raw[:4].ljust(4, b"x")
    nuls = (first[0] == 0, first[1] == 0, first[2] == 0, first[3] == 0)
    return _NULS.get(nuls, "utf-8"), raw


def _encoded(text: str) -> bytes | Undecodable:
    """A Python text may hold lone surrogates, which no encoding of Unicode can carry."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        return _undecodable("it holds half of a surrogate pair", text[: error.start])


def _undecodable(reason: str, before: str) -> Undecodable:
    line = before.count("\n") + 1
    return Undecodable(reason, line, len(before) - (before.rfind("\n") + 1) + 1)
