"""Media types and ranges of them, as documents and callers write them (RFC 9110, 8.3.1 and 12.5.1).

One reader for whoever declares, compares and sends them. Its time is linear, and what is longer
than MAX_CHARACTERS is no media type.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

MAX_CHARACTERS: Final = 255
_LETTER: Final = "[A-Za-z0-9!#$%&'+.^_`|~-]"
"""Of a token (RFC 9110, 5.6.2), but for the star of ranges."""
_SPACE: Final = "[\t ]*"
_MEDIA_TYPE: Final = re.compile(
    # A type and a subtype, each a token, or a range with one star in it, as `application/*+json`.
    rf"({_LETTER}*\*?{_LETTER}*)/({_LETTER}*\*?{_LETTER}*)(?:{_SPACE}(;[\t\x20-\x7e]*))?"
)
_TOKEN: Final = rf"(?:{_LETTER}|\*)+"
_QUOTED: Final = r'"(?:[\t\x20!\x23-\x5b\x5d-\x7e]|\\[\t\x20-\x7e])*"'
_PARAMETER: Final = re.compile(rf";(?:{_SPACE}({_TOKEN})=({_TOKEN}|{_QUOTED}))?{_SPACE}")
"""A semicolon, and what may stand behind it (RFC 9110, 5.6.6): a parameter or nothing."""
_ESCAPED: Final = re.compile(r"\\(.)")
_SEQUENCES: Final = frozenset(
    {"jsonl", "x-jsonl", "jsonlines", "x-jsonlines", "ndjson", "x-ndjson"}
)


@dataclass(frozen=True, slots=True)
class MediaType:
    """In lower case: types are compared without regard to case (RFC 9110, 8.3.1)."""

    kind: str
    subtype: str
    parameters: Mapping[str, str] | None
    """Without quotes; None where what stands behind the semicolon is no list of parameters."""

    @property
    def is_range(self) -> bool:
        return "*" in self.kind or "*" in self.subtype

    def covers(self, other: "MediaType") -> bool:
        """Whether the other one is this one, or within this range. Of its parameters only those
        count that this one names, and they may be left out.
        """
        if not (_covers(self.kind, other.kind) and _covers(self.subtype, other.subtype)):
            return False
        if not self.parameters:
            return True
        given = other.parameters
        return given is not None and all(
            given.get(name, value) == value for name, value in self.parameters.items()
        )


@lru_cache(maxsize=1_000)
def read_media_type(text: str) -> MediaType | None:
    """None where it is none. What documents write behind the semicolon is taken as it is: many
    leave out quotes that RFC 9110 demands.
    """
    found = _MEDIA_TYPE.fullmatch(text) if len(text) <= MAX_CHARACTERS else None
    if found is None or not (found[1] and found[2]):
        return None
    return MediaType(found[1].lower(), found[2].lower(), _parameters(found[3] or ""))


def is_range(text: str) -> bool:
    found = read_media_type(text)
    return found is not None and found.is_range


def is_json_sequence(text: str) -> bool:
    """JSON texts one after the other (OAS 3.2, 4.14.5): lines of JSON, or RFC 7464 and 8091."""
    found = read_media_type(text)
    return (
        found is not None
        and found.kind == "application"
        and (found.subtype in _SEQUENCES or is_marked_sequence(text))
    )


def is_marked_sequence(text: str) -> bool:
    """Whether a record separator begins each of its JSON texts (RFC 7464, 2.2)."""
    found = read_media_type(text)
    return found is not None and (
        found.subtype == "json-seq" or found.subtype.endswith("+json-seq")
    )


def _parameters(text: str) -> dict[str, str] | None:
    found: dict[str, str] = {}
    position = 0
    while position < len(text):
        each = _PARAMETER.match(text, position)
        if each is None:
            return None
        if each[1]:
            value = _ESCAPED.sub(r"\1", each[2][1:-1]) if each[2].startswith('"') else each[2]
            found[each[1].lower()] = value.lower()
        position = each.end()
    return found


def _covers(declared: str, name: str) -> bool:
    """`*` matches one or more characters."""
    before, star, behind = declared.partition("*")
    if not star:
        return name == before
    fits = name.startswith(before) and name.endswith(behind)
    return fits and len(name) > len(before) + len(behind)
