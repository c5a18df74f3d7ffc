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


def decode(raw: bytes | str) -> str | Undecodable:
    """The text without its byte order mark."""
    if isinstance(raw, str):
        return _checked(raw.removeprefix("\ufeff"))
    encoding, content = _detect(raw)
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


def _checked(text: str) -> str | Undecodable:
    """A Python text may hold lone surrogates, which no encoding of Unicode can carry."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return _undecodable("it holds half of a surrogate pair", text[: error.start])
    return text


def _undecodable(reason: str, before: str) -> Undecodable:
    line = before.count("\n") + 1
    return Undecodable(reason, line, len(before) - (before.rfind("\n") + 1) + 1)
