"""What a builder hands in: a document as it is, or wrapped in JSON with what is said about it."""

import re
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from contracts.errors import Invalid
from contracts.ids import SchemaId
from contracts.requests.schema import MAX_BASE_URL, ServerVariables
from kit.members_of_forms import members_at
from kit.nearest import nearest
from kit.sentences import sentence_of
from schema_service.domain.chosen_finding import ChosenFinding
from schema_service.domain.needed_values import NeededValues

_FIRST_MEMBER = re.compile(rb'^(?:\xef\xbb\xbf)?\s*\{\s*"([A-Za-z_]{1,32})"\s*:')
"""A large document need not be read to find out what it is."""
_OF_DOCUMENTS = frozenset(
    (
        *("openapi", "info", "servers", "paths", "webhooks", "components", "security", "tags"),
        *("externalDocs", "swagger", "host", "basePath", "schemes", "consumes", "produces"),
        *("definitions", "parameters", "responses"),
    )
)
"""What an OpenAPI document or a Swagger one may begin with."""


JSON = "application/json"
YAML = frozenset({"application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"})


class BodyNotUnderstood(Invalid):
    code = "schema.body_not_understood"

    def __init__(self, sentence: str) -> None:
        super().__init__(
            sentence,
            hint="Send the document itself as application/yaml or application/json, or one of "
            '{"text": "…"}, {"url": "…"}, {"example": "weather"} as application/json.',
        )


class Values(BaseModel):
    """What the document leaves open; a repair's `needs` name members of it."""

    model_config = ConfigDict(extra="forbid")

    base_url: str | None = Field(
        default=None,
        max_length=MAX_BASE_URL,
        description="Where the API is: https, host, base path.",
    )
    server_variables: ServerVariables = Field(
        default={}, description="Values of server variables, by name."
    )

    def checked(self) -> NeededValues:
        """Raises as `NeededValues.checked`."""
        return NeededValues.checked(self.base_url, self.server_variables)


class ChosenFindingBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=100)
    pointer: str | None = Field(default=None, description="Left out: every finding of this code.")

    def chosen(self) -> ChosenFinding:
        return ChosenFinding(self.code, self.pointer)


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
    values: Values | None = None
    """Where a document is only validated: as if it said what it leaves open."""
    findings: list[ChosenFindingBody] | None = Field(
        default=None,
        max_length=200,
        description="Where a document is repaired, those whose repairs are made. Left out: all.",
    )

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
    values: NeededValues | None = None
    chosen: tuple[ChosenFinding, ...] | None = None
    """Findings whose repairs are made; None: of all."""


MEMBERS = frozenset(WrappedDocument.model_fields)


def is_wrapped(body: bytes, content_type: str) -> bool:
    """By its first member; a misspelt one (`examples`) is refused, and not stored as a document.
    So is one of another type than JSON, such as the type that curl sends by itself.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in YAML or (first := _FIRST_MEMBER.match(body)) is None:
        return False
    member = first[1].decode()
    if member in _OF_DOCUMENTS or nearest(member, MEMBERS) is None:
        return False
    if media_type != JSON and not media_type.endswith("+json"):
        raise BodyNotUnderstood(
            f"The body begins with `{member}`, as JSON that names a document does, and its "
            "Content-Type is not application/json."
        )
    return True


def unwrapped(body: bytes) -> Submission:
    try:
        data: Any = orjson.loads(body)
        said = WrappedDocument.model_validate(data)
    except orjson.JSONDecodeError as error:
        raise BodyNotUnderstood(f"The body is not JSON: {error}.") from None
    except ValidationError as error:
        fault, *_ = error.errors(include_input=False, include_url=False)
        at = {**fault, "loc": ("body", *fault["loc"])}
        known = members_at(WrappedDocument, fault["loc"][:-1])
        raise BodyNotUnderstood(sentence_of(at, known)) from None
    raw = (said.text or "").encode()
    return Submission(
        raw,
        said.example,
        said.url,
        said.source_url,
        said.bundle,
        said.previous_id,
        said.values.checked() if said.values else None,
        None if said.findings is None else tuple(each.chosen() for each in said.findings),
    )
