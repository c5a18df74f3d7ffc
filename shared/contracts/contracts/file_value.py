"""A file among the arguments of a call: how a tool asks for it, and how a caller gives it.

    "iVBORw0KGgo="                                                          its bytes in base64
    {"base64": "iVBORw0KGgo=", "filename": "a.png", "content_type": "image/png"}
    {"file_id": "file_…"}                                                    one that was uploaded

The last form is refused (`argument.file_reference`) until files can be uploaded.
"""

import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from contracts.file_endings import ENDINGS_OF, TYPES
from contracts.headers import is_token
from contracts.media_type import MAX_CHARACTERS, MediaType, read_media_type

BASE64: Final = "base64"
FILENAME: Final = "filename"
CONTENT_TYPE: Final = "content_type"
REFERENCE: Final = "file_id"
OCTETS: Final = "application/octet-stream"
SENTENCE: Final = "Give the file's bytes in base64."
SENTENCE_WITH_NAME: Final = (
    'Give the file\'s bytes in base64, or {"base64": …, "filename": …, "content_type": …}.'
)
SENTENCE_WITH_TYPE: Final = (
    'Give {"base64": …, "content_type": …}: the file\'s bytes in base64, and its type.'
)
SENTENCE_WITH_TYPE_OR_NAME: Final = (
    'Give {"base64": …, "content_type": …}: the file\'s bytes in base64, and its type; '
    '"filename" does instead of the type where its ending tells it.'
)
_TEXT_OR_NULL: Final = {"type": ["string", "null"]}
"""Models that must give every member give null for those that they leave out."""
_SHOWN: Final = (
    "image/png",
    "audio/mpeg",
    "video/mp4",
    "application/pdf",
    "text/csv",
    "font/woff2",
)
"""Of which the first that fits is the example of a type."""
_LETTERS: Final = "[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*"
"""What a range leaves open (RFC 6838, 4.2)."""
_WORD: Final = "[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_PARAMETER: Final = rf'{_WORD}=(?:{_WORD}|"[ !#-\[\]-~]*")'
"""RFC 9110, 5.6.6, without backslashes in quotes."""
_NONE: Final[Mapping[str, dict[str, Any]]] = {}
_KNOWN: Final = {own: read for own in ENDINGS_OF if (read := read_media_type(own)) is not None}
"""The types of which endings are known. Each is read once, however many types a document names."""
_FROM_URL_SAFE: Final = str.maketrans("-_", "+/")


def bytes_of(text: str, *, url_safe: bool = False) -> bytes:
    """RFC 4648, sections 4 and 5: padded, and with nothing else among its letters.

    Raises ValueError.
    """
    if url_safe:
        text = text.translate(_FROM_URL_SAFE)
    return binascii.a2b_base64(text.encode("ascii"), strict_mode=True)


def text_schema(content_encoding: str = BASE64) -> dict[str, Any]:
    """JSON Schema 2020-12 of the first form."""
    return {"type": "string", "contentEncoding": content_encoding}


def object_schemas(
    content_encoding: str = BASE64, types: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """JSON Schema 2020-12 of the second form, of a file of one of these media types or ranges;
    none: of any. Where the type has to be said, there is one for each of the members that say it:
    strict tools have no words for that within one. A name says it where an ending is known that
    tells one of these types.
    """
    if not needs_type(types):
        return [_object_schema(content_encoding, types)]
    endings = endings_of(types)
    by_type = _object_schema(content_encoding, types, {CONTENT_TYPE: {"type": "string"}})
    if not endings:
        return [by_type]
    return [by_type, _object_schema(content_encoding, types, {FILENAME: _name_schema(endings)})]


def _object_schema(
    content_encoding: str, types: Sequence[str], said: Mapping[str, dict[str, Any]] = _NONE
) -> dict[str, Any]:
    """Members `said` have to be given, and are no nulls."""
    named: dict[str, Any] = {**_TEXT_OR_NULL, "description": "The file's name, such as photo.png."}
    members = {FILENAME: named, CONTENT_TYPE: _type_schema(types)}
    members |= {name: {**members[name], **each} for name, each in said.items()}
    return {
        "type": "object",
        "properties": {BASE64: text_schema(content_encoding), **members},
        "required": [BASE64, *said],
        "additionalProperties": False,
    }


def _name_schema(endings: Sequence[str]) -> dict[str, Any]:
    described = f"The file's name, whose ending tells its type, such as file.{endings[0]}."
    pattern = rf"\.(?:{'|'.join(map(_literally, endings))})$"
    return {"type": "string", "description": described, "pattern": pattern}


def needs_type(types: Sequence[str]) -> bool:
    """Whether whoever gives a file has to say its type: none of these is a default for it."""
    return bool(types) and _are_ranges(types) and not fits(OCTETS, types)


def endings_of(types: Sequence[str]) -> list[str]:
    """Those that tell one of these media types, or one within these ranges."""
    declared = _read(types)
    covered = {own for own in _KNOWN if any(each.covers(_KNOWN[own]) for each in declared)}
    return [ending for ending, media_type in TYPES.items() if media_type in covered]


def asks_for_type(schema: Any) -> bool:
    """Whether an argument's schema asks for a file, or files, with a type: compilers below 8 made
    none that does, and what a document says of a body that stays one argument is none.
    """
    return any(CONTENT_TYPE in form.get("required", ()) for form in _forms(schema))


def _forms(schema: Any) -> Iterator[dict[str, Any]]:
    """An argument's schema, its alternatives and those of its items."""
    if isinstance(schema, dict):
        yield schema
        yield from (each for each in schema.get("anyOf", ()) if isinstance(each, dict))
        yield from _forms(schema.get("items"))


def fits(media_type: str, types: Sequence[str]) -> bool:
    """Whether it is one of them, or within one of their ranges (RFC 9110, 12.5.1). Letter case does
    not count, and of its parameters only those that the document names: they may be left out.
    """
    if media_type in types:
        return True
    given = read_media_type(media_type)
    return given is not None and any(each.covers(given) for each in _read(types))


def _read(types: Sequence[str]) -> list[MediaType]:
    return [found for each in types if (found := read_media_type(each)) is not None]


def _are_ranges(types: Sequence[str]) -> bool:
    return all(each.is_range for each in _read(types))


def _type_schema(types: Sequence[str]) -> dict[str, Any]:
    if not types or "*/*" in types:
        described = "Its type, such as image/png."
        return {**_TEXT_OR_NULL, "description": described, **_limits(["*/*"])}
    if not any(each.is_range for each in _read(types)):
        return _listed(types)
    said = f"Its type, one of {', '.join(types)}" if len(types) > 1 else f"Its type, {types[0]}"
    shown = next((each for each in _SHOWN if fits(each, types)), None)
    described = f"{said}, such as {shown}." if shown else f"{said}."
    return {**_TEXT_OR_NULL, "description": described, **_limits(types)}


def _listed(types: Sequence[str]) -> dict[str, Any]:
    """The types as the document has them, or written otherwise."""
    forms = [{"enum": [*types, None]}, {"type": "string", **_limits(types)}]
    if len(types) > 1:
        return {"anyOf": forms, "description": f"Its type; {types[0]} where it is left out."}
    return {"anyOf": forms, "default": types[0], "description": f"Its type, {types[0]}."}


def _limits(types: Sequence[str]) -> dict[str, Any]:
    """Of what says one of them. Patterns have words that every dialect of them has."""
    pattern = f"^(?:{'|'.join(map(_pattern, _read(types)))})$"
    return {"pattern": pattern, "maxLength": MAX_CHARACTERS}


def _pattern(media_type: MediaType) -> str:
    """Of the types that it stands for, with parameters behind them or without; where it names some,
    with these alone, so that none has another value.
    """
    escaped = _literally(f"{media_type.kind}/{media_type.subtype}").replace(r"\*", _LETTERS)
    named = (media_type.parameters or {}).items()
    parameters = "|".join(_parameter(name, value) for name, value in named) or _PARAMETER
    return f"{escaped}(?: *;(?: *(?:{parameters}))?)*"


def _parameter(name: str, value: str) -> str:
    quoted = re.sub(r'[\\"]', r"\\\g<0>", value)
    written = [*([value] if is_token(value) else []), f'"{quoted}"']
    return f"{_literally(name)}=(?:{'|'.join(map(_literally, written))})"


def _literally(text: str) -> str:
    """A pattern of this text, which is in lower case, in any case."""
    escaped = re.sub(r"[\\^$.|?*+()\[\]{}]", r"\\\g<0>", text)
    return re.sub("[a-z]", lambda each: f"[{each[0].upper()}{each[0]}]", escaped)
