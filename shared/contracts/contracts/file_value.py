"""A file among the arguments of a call: how a tool asks for it, and how a caller gives it.

    "iVBORw0KGgo="                                                          its bytes in base64
    {"base64": "iVBORw0KGgo=", "filename": "a.png", "content_type": "image/png"}
    {"file_id": "file_…"}                                                    one that was uploaded

The last form is refused (`argument.file_reference`) until files can be uploaded.
"""

import binascii
from typing import Any, Final

BASE64: Final = "base64"
FILENAME: Final = "filename"
CONTENT_TYPE: Final = "content_type"
REFERENCE: Final = "file_id"
SENTENCE: Final = "Give the file's bytes in base64."
SENTENCE_WITH_NAME: Final = (
    'Give the file\'s bytes in base64, or {"base64": …, "filename": …, "content_type": …}.'
)
_TEXT_OR_NULL: Final = {"type": ["string", "null"]}
"""Models that must give every member give null for those that they leave out."""
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


def object_schema(content_encoding: str = BASE64) -> dict[str, Any]:
    """JSON Schema 2020-12 of the second form."""
    return {
        "type": "object",
        "properties": {
            BASE64: text_schema(content_encoding),
            FILENAME: {**_TEXT_OR_NULL, "description": "The file's name, such as photo.png."},
            CONTENT_TYPE: {**_TEXT_OR_NULL, "description": "Its type, such as image/png."},
        },
        "required": [BASE64],
        "additionalProperties": False,
    }
