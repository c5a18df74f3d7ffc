"""What a builder hands in: a document as it is, or wrapped in JSON with what is said about it."""

import re
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from contracts.errors import Invalid
from contracts.ids import SchemaId

_WRAPPED = re.compile(
    rb'^(?:\xef\xbb\xbf)?\s*\{\s*"(?:text|url|example|source_url|previous_id|bundle)"\s*:'
)
"""No OpenAPI document starts so, and a large one need not be read to find out."""


class BodyNotUnderstood(Invalid):
    code = "schema.body_not_understood"

    def __init__(self, sentence: str) -> None:
        super().__init__(
            sentence,
            hint="Send the document itself as application/yaml or application/json, or one of "
            '{"text": "…"}, {"url": "…"}, {"example": "weather"} as application/json.',
        )


class WrappedDocument(BaseModel):
    """A document by its text, by its URL, or by the name of a built-in example."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = None
    url: str | None = Field(default=None, max_length=2_048)
    example: str | None = Field(default=None, max_length=64)
    source_url: str | None = Field(default=None, max_length=2_048)
    """Where a pasted text came from: its relative servers are resolved against it."""
    bundle: bool = False
    """With `url`: what the document refers to at the same origin is fetched into it."""
    previous_id: SchemaId | None = None
    """The schema that this is the next version of."""

    @model_validator(mode="after")
    def _exactly_one_way_in(self) -> "WrappedDocument":
        ways = [self.text, self.url, self.example]
        if sum(way is not None for way in ways) != 1:
            raise ValueError("exactly one of `text`, `url` and `example` must be there")
        if self.bundle and self.url is None:
            raise ValueError("`bundle` needs a `url`, against which references are resolved")
        return self


@dataclass(frozen=True, slots=True)
class Submission:
    """A document's bytes, or the place to fetch it from, or the name of an example."""

    raw: bytes
    example: str | None = None
    url: str | None = None
    source_url: str | None = None
    bundle: bool = False
    previous_id: SchemaId | None = None


def is_wrapped(body: bytes, content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" and _WRAPPED.match(body) is not None


def unwrapped(body: bytes) -> Submission:
    try:
        data: Any = orjson.loads(body)
        said = WrappedDocument.model_validate(data)
    except orjson.JSONDecodeError as error:
        raise BodyNotUnderstood(f"The body is not JSON: {error}.") from None
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        where = ".".join(str(part) for part in faults[0]["loc"])
        raise BodyNotUnderstood(
            f"The body is not understood: {where} {faults[0]['msg']}."
        ) from None
    raw = (said.text or "").encode()
    return Submission(raw, said.example, said.url, said.source_url, said.bundle, said.previous_id)
