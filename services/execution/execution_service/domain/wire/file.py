"""A file of a body, as a caller gives it (`contracts.file_value`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts import file_value
from contracts.file_endings import type_of_name
from contracts.media_type import is_range, read_media_type

OCTETS: Final = file_value.OCTETS
SAY_THE_TYPE: Final = 'Give {"base64": …, "content_type": …}.'
_REFERENCES_LATER = (
    "names a file by its id, and files cannot be uploaded yet; give its bytes in base64."
)


@dataclass(frozen=True, slots=True)
class File:
    content: bytes
    filename: str | None = None
    content_type: str | None = None

    def own_type(self, declared: Sequence[str]) -> str | None:
        """What it says, or what its name tells, where that is one of those declared."""
        guessed = type_of_name(self.filename) if self.filename else None
        own = [each for each in (self.content_type, guessed) if each is not None]
        return next((each for each in own if not declared or file_value.fits(each, declared)), None)

    def type_in(self, declared: Sequence[str]) -> str:
        """Its own where it is one of those declared; else the first of these, or octets."""
        concrete = [each for each in declared if not is_range(each)]
        return self.own_type(declared) or (concrete[0] if concrete else OCTETS)


@dataclass(frozen=True, slots=True)
class FileFault:
    """Why a value is no file: what follows its name in a sentence, and where within it."""

    code: str
    reason: str
    member: str | None = None


def read_file(value: Any, *, url_safe: bool) -> File | FileFault | None:
    """None where the value has neither form: the argument's schema says so."""
    if isinstance(value, str):
        return _decoded(value, None, url_safe=url_safe)
    if not isinstance(value, dict):
        return None
    if file_value.REFERENCE in value:
        return FileFault("file_reference", _REFERENCES_LATER)
    text = value.get(file_value.BASE64)
    return _decoded(text, value, url_safe=url_safe) if isinstance(text, str) else None


def _decoded(text: str, value: dict[str, Any] | None, *, url_safe: bool) -> File | FileFault:
    try:
        content = file_value.bytes_of(text, url_safe=url_safe)
    except ValueError:
        reason = "is not base64: give the bytes in base64 (RFC 4648) with its padding, no text."
        return FileFault("not_base64", reason, None if value is None else file_value.BASE64)
    value = value or {}
    content_type = value.get(file_value.CONTENT_TYPE)
    if content_type is not None and not _may_be_sent(content_type):
        reason = "is no media type such as image/png."
        return FileFault("file_type", reason, file_value.CONTENT_TYPE)
    filename = value.get(file_value.FILENAME)
    if filename is not None and not isinstance(filename, str):
        return FileFault("type", "must be a text such as photo.png.", file_value.FILENAME)
    return File(content, filename, content_type)


def _may_be_sent(media_type: Any) -> bool:
    if not isinstance(media_type, str) or not media_type.isprintable():
        return False
    found = read_media_type(media_type)
    return found is not None and not found.is_range
