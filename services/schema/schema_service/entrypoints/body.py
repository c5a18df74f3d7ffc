"""What a request for `/v1/schemas` brings: a document as it is, or wrapped in JSON."""

import re
from dataclasses import dataclass
from typing import Any

import orjson

from contracts.errors import Invalid

_WRAPPED = re.compile(rb'^(?:\xef\xbb\xbf)?\s*\{\s*"(?:text|source_url)"\s*:')
"""No OpenAPI document starts so, and a large one need not be read to find out."""
MEMBERS = {"text", "source_url"}


class BodyNotUnderstood(Invalid):
    code = "schema.body_not_understood"

    def __init__(self, sentence: str) -> None:
        super().__init__(
            sentence,
            hint="Send the document itself as application/yaml or application/json, "
            'or {"text": "…"} as application/json.',
        )


@dataclass(frozen=True, slots=True)
class SentDocument:
    raw: bytes
    media_type: str
    source_url: str | None = None


def sent_document(raw: bytes, content_type: str) -> SentDocument:
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type != "application/json" or not _WRAPPED.match(raw):
        return SentDocument(raw, media_type or "application/yaml")
    try:
        body: Any = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BodyNotUnderstood(f"The body is not JSON: {error}.") from None
    unknown = body.keys() - MEMBERS
    if unknown or not isinstance(body.get("text"), str):
        raise BodyNotUnderstood("`text` must be there, and a text; only `source_url` may join it.")
    text: str = body["text"]
    shown = "application/json" if text.lstrip()[:1] == "{" else "application/yaml"
    return SentDocument(text.encode(), shown, body.get("source_url"))
