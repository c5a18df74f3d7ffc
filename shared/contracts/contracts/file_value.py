"""A file among the arguments of a call: how a tool asks for it, and how a caller gives it.

    "iVBORw0KGgo="                                                          its bytes in base64
    {"base64": "iVBORw0KGgo=", "filename": "a.png", "content_type": "image/png"}
    {"file_id": "file_…"}                                                    one that was uploaded

The last form is refused (`argument.file_reference`) until files can be uploaded.
"""

import binascii
import re
from collections.abc import Sequence
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
    'Give {"base64": …, "content_type": …}: the file\'s bytes in base64, and its type.'
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


def object_schema(content_encoding: str = BASE64, types: Sequence[str] = ()) -> dict[str, Any]:
    """JSON Schema 2020-12 of the second form, of a file of one of these media types or ranges;
    none: of any.
    """
    return {
        "type": "object",
        "properties": {
            BASE64: text_schema(content_encoding),
            FILENAME: {**_TEXT_OR_NULL, "description": "The file's name, such as photo.png."},
            CONTENT_TYPE: _type_schema(types),
        },
        "required": [BASE64, CONTENT_TYPE] if needs_type(types) else [BASE64],
        "additionalProperties": False,
    }


def needs_type(types: Sequence[str]) -> bool:
    """Whether whoever gives a file has to say its type: none of these is a default for it."""
    return bool(types) and all("*" in each for each in types) and not fits(OCTETS, types)


def fits(media_type: str, types: Sequence[str]) -> bool:
    """Whether it is one of them, or within one of their ranges (RFC 9110, 12.5.1)."""
    essence = media_type.partition(";")[0].strip().lower()
    kind = essence.partition("/")[0]
    wanted = {each.partition(";")[0].strip().lower() for each in types}
    return bool(wanted & {essence, f"{kind}/*", "*/*"})


def _type_schema(types: Sequence[str]) -> dict[str, Any]:
    types = () if "*/*" in types else types
    if not any("*" in each for each in types):
        return _listed(types)
    said = f"Its type, one of {', '.join(types)}" if len(types) > 1 else f"Its type, {types[0]}"
    schema: dict[str, Any] = {"type": "string"} if needs_type(types) else {**_TEXT_OR_NULL}
    shown = next((each for each in _SHOWN if fits(each, types)), None)
    described = f"{said}, such as {shown}." if shown else f"{said}."
    pattern = "|".join(_pattern(each) for each in types)
    return {**schema, "description": described, "pattern": f"^(?:{pattern})$"}


def _listed(types: Sequence[str]) -> dict[str, Any]:
    if not types:
        return {**_TEXT_OR_NULL, "description": "Its type, such as image/png."}
    schema: dict[str, Any] = {**_TEXT_OR_NULL, "enum": [*types, None]}
    if len(types) > 1:
        return {**schema, "description": f"Its type; {types[0]} where it is left out."}
    return {**schema, "default": types[0], "description": f"Its type, {types[0]}."}


def _pattern(media_type: str) -> str:
    """Of the types that it stands for, with parameters behind them or without (RFC 6838, 4.2)."""
    essence = media_type.partition(";")[0].strip().lower()
    escaped = re.sub(r"[.+^$]", r"\\\g<0>", essence)
    return escaped.replace("*", "[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*") + "(?:[ ]*;.*)?"
