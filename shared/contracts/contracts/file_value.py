"""A file among the arguments of a call: how a tool asks for it, and how a caller gives it.

    "iVBORw0KGgo="                                                          its bytes in base64
    {"base64": "iVBORw0KGgo=", "filename": "a.png", "content_type": "image/png"}
    {"file_id": "file_…"}                                                    one that was uploaded

The last form is refused (`argument.file_reference`) until files can be uploaded.
"""

import binascii
import re
from collections.abc import Iterator, Sequence
from email.message import Message
from functools import lru_cache
from typing import Any, Final

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
    strict tools have no words for that within one.
    """
    if not needs_type(types):
        return [_object_schema(content_encoding, types)]
    return [_object_schema(content_encoding, types, says) for says in (CONTENT_TYPE, FILENAME)]


def _object_schema(
    content_encoding: str, types: Sequence[str], says: str | None = None
) -> dict[str, Any]:
    """`says` has to be given, and is no null."""
    named: dict[str, Any] = {**_TEXT_OR_NULL, "description": "The file's name, such as photo.png."}
    members = {FILENAME: named, CONTENT_TYPE: _type_schema(types)}
    if says is not None:
        members[says] = {**members[says], "type": "string"}
    return {
        "type": "object",
        "properties": {BASE64: text_schema(content_encoding), **members},
        "required": [BASE64] if says is None else [BASE64, says],
        "additionalProperties": False,
    }


def needs_type(types: Sequence[str]) -> bool:
    """Whether whoever gives a file has to say its type: none of these is a default for it."""
    return bool(types) and all(map(_is_range, types)) and not fits(OCTETS, types)


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
    return any(_is_of(media_type, each) for each in types)


def _is_of(media_type: str, declared: str) -> bool:
    if not _matcher(declared).fullmatch(media_type.strip()):
        return False
    named = _parameters(declared)
    return all(named.get(name, value) == value for name, value in _parameters(media_type).items())


def _parameters(media_type: str) -> dict[str, str]:
    """By their names, all in lower case."""
    if ";" not in media_type:
        return {}
    message = Message()
    message["content-type"] = media_type.strip()
    return {name: str(value).lower() for name, value in (message.get_params() or [])[1:]}


@lru_cache(maxsize=1_000)
def _matcher(declared: str) -> re.Pattern[str]:
    return re.compile(_pattern(declared))


def _is_range(media_type: str) -> bool:
    return "*" in _essence(media_type)


def _essence(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _type_schema(types: Sequence[str]) -> dict[str, Any]:
    types = () if "*/*" in types else types
    if not types:
        return {**_TEXT_OR_NULL, "description": "Its type, such as image/png."}
    pattern = f"^(?:{'|'.join(map(_pattern, types))})$"
    if not any(map(_is_range, types)):
        return _listed(types, pattern)
    said = f"Its type, one of {', '.join(types)}" if len(types) > 1 else f"Its type, {types[0]}"
    shown = next((each for each in _SHOWN if fits(each, types)), None)
    described = f"{said}, such as {shown}." if shown else f"{said}."
    return {**_TEXT_OR_NULL, "description": described, "pattern": pattern}


def _listed(types: Sequence[str], pattern: str) -> dict[str, Any]:
    """The types as the document has them, or written otherwise."""
    forms = [{"enum": [*types, None]}, {"type": "string", "pattern": pattern}]
    if len(types) > 1:
        return {"anyOf": forms, "description": f"Its type; {types[0]} where it is left out."}
    return {"anyOf": forms, "default": types[0], "description": f"Its type, {types[0]}."}


def _pattern(media_type: str) -> str:
    """Of the types that it stands for, regardless of case, with parameters behind them or without
    (RFC 6838, 4.2); in words that every dialect of regular expressions has.
    """
    either = re.sub("[a-z]", lambda each: f"[{each[0].upper()}{each[0]}]", _essence(media_type))
    escaped = re.sub(r"[.+^$|]", r"\\\g<0>", either)
    return escaped.replace("*", _LETTERS) + r"(?:\s*;.*)?"
