"""What requests and answers look like.

Answers that may hold thousands of items are documented by their model and written by `…_json`:
the items are JSON text already, and as objects would hold up the event loop.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from contracts.tool_forms.definition import Flavour
from kit.pages import PageRequest, cursor_after
from schema_service.domain.chosen_finding import ChosenFinding
from schema_service.domain.examination import Verdict
from schema_service.domain.examined import Examined
from schema_service.domain.examples import Example
from schema_service.domain.json_list import JsonList
from schema_service.domain.stored_schema import SchemaSummary, StoredSchema
from schema_service.domain.submission import ChosenFindingBody, Values
from schema_service.domain.toolbox import Toolbox
from schema_service.ports import RepairedDocument


class View(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class EditView(View):
    """One change: `add`, `replace`, `remove` as in RFC 6902; `rename` and `quote_key` of a key;
    `text` writes `value.text` over the characters from `value.start` up to `value.end`.
    """

    op: str
    pointer: str
    value: Any = None
    needs: str | None = Field(
        default=None, description="The value that fills in `value`; one of the repair's `needs`."
    )


class RepairView(View):
    title: str
    edits: list[EditView]
    needs: list[str] = Field(
        [],
        description="What only the builder knows, as members of `values`: `base_url`, "
        "`server_variables.NAME`.",
    )


class FindingView(View):
    """`pointer` is an RFC 6901 pointer; line and column count characters from one."""

    severity: str
    code: str
    message: str
    pointer: str
    line: int | None
    column: int | None
    hint: str
    repair: RepairView | None


class BlockingView(View):
    code: str
    message: str
    hint: str


class OperationView(View):
    operation_id: str
    name: str = Field(description="The function's name for models.")
    method: str
    path: str
    summary: str
    consequential: bool
    verdict: Verdict
    pointer: str = Field(description="Where it is in the document (RFC 6901).")
    origin: str | None = Field(description="Where it calls; null where it cannot be called.")
    anonymous: bool | None = Field(
        default=None,
        description="Whether it is called without signing in; null: not known yet.",
    )
    wants_credential: bool | None = Field(
        default=None,
        description="Whether the document names security schemes for it; null: not known yet, or "
        "it cannot be called.",
    )
    server: str = Field(
        default="",
        description="Its base URL, where the operator allows another server of the document than "
        "the one that anybody may call; else empty.",
    )
    lacks_server: bool = Field(
        default=False,
        description="Whether nothing but its server keeps it from being called: `base_url` or "
        "`server_variables` of an action that it is bound to make it ready.",
    )
    blocked_by: BlockingView | None = Field(
        default=None,
        description="The finding that blocks it; null where nothing does, or where that is not "
        "known yet.",
    )


def operations_json(page: PageRequest, found: Sequence[dict[str, Any]]) -> bytes:
    """A `PageView[OperationView]`."""
    names = [operation["name"] for operation in found]
    return orjson.dumps(page.view_of([*found], names).model_dump())


class ExaminedView(View):
    """`findings` in the order of the text; `more_findings` counts those beyond the first 200."""

    readable: bool
    valid: bool
    title: str
    version: str
    dialect: str | None
    findings: list[FindingView]
    more_findings: int
    operations: list[OperationView]


def examined_json(examined: Examined) -> bytes:
    """An `ExaminedView`."""
    return orjson.dumps(
        {
            "readable": examined.readable,
            "valid": examined.valid,
            "title": examined.title,
            "version": examined.version,
            "dialect": examined.dialect,
            "findings": orjson.Fragment(examined.findings.text),
            "more_findings": examined.more_findings,
            "operations": orjson.Fragment(examined.operations.text),
        }
    )


class SchemaSummaryView(View):
    id: str
    title: str
    version: str
    dialect: str | None
    source_url: str | None
    valid: bool
    bundled: bool = Field(description="Whether what it refers to was fetched into it.")
    verified: bool = Field(description="Whether the deep verification has ended.")
    created_at: datetime
    previous_id: str | None

    @classmethod
    def of(cls, schema: SchemaSummary) -> "SchemaSummaryView":
        return cls.model_validate(schema)


class ChangeView(View):
    """`impact` is `breaking`, `additive` or `wording`, for those who call the older version."""

    impact: str
    operation: str
    where: str
    message: str


class DocumentView(View):
    """The text itself is at `href`, byte for byte as it came."""

    href: str
    media_type: str
    size: int = Field(description="In bytes.")


class SchemaView(SchemaSummaryView):
    """`findings` in the order of the text; `more_findings` counts those beyond the first 200."""

    findings: list[FindingView]
    more_findings: int
    operations: list[OperationView]
    document: DocumentView
    versions: list[SchemaSummaryView]


def schema_json(schema: StoredSchema, versions: Sequence[SchemaSummary]) -> bytes:
    """A `SchemaView`."""
    return orjson.dumps(_schema_members(schema, versions))


def _schema_members(schema: StoredSchema, versions: Sequence[SchemaSummary]) -> dict[str, Any]:
    href = f"/v1/schemas/{schema.id}/document"
    return {
        **SchemaSummaryView.of(schema).model_dump(mode="json"),
        "findings": orjson.Fragment(schema.findings.text),
        "more_findings": schema.more_findings,
        "operations": orjson.Fragment(schema.operations.text),
        "document": {"href": href, "media_type": schema.media_type, "size": schema.size},
        "versions": [SchemaSummaryView.of(each).model_dump(mode="json") for each in versions],
    }


class RefetchedView(SchemaView):
    changes: list[ChangeView] = Field(description="As in `GET /v1/schemas/diff`.")


def refetched_json(
    schema: StoredSchema, versions: Sequence[SchemaSummary], changes: JsonList
) -> bytes:
    """A `RefetchedView`."""
    members = _schema_members(schema, versions)
    return orjson.dumps({**members, "changes": orjson.Fragment(changes.text)})


class ExampleView(View):
    key: str
    title: str
    media_type: str
    text: str

    @classmethod
    def of(cls, example: Example) -> "ExampleView":
        return cls.model_validate(example)


class RepairsBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    findings: list[ChosenFindingBody] | None = Field(
        default=None, max_length=200, description="Left out: all that have a repair."
    )
    values: Values | None = Field(default=None, description="For repairs that need some.")

    def chosen(self) -> list[ChosenFinding] | None:
        return None if self.findings is None else [each.chosen() for each in self.findings]


class SkipView(View):
    title: str
    reason: str


class MadeView(View):
    title: str
    line: int = Field(description="From one, in the text as this repair found it.")
    pointer: str = Field(
        description="RFC 6901. Empty where it corrected characters, of whatever member."
    )


class RepairedView(View):
    text: str
    applied: list[str] = Field(description="The titles of the repairs that were made.")
    made: list[MadeView] = Field(description="The same, each with its place.")
    skipped: list[str] = Field(description="Repairs that were not made.")
    skips: list[SkipView] = Field(description="The same, each with the reason.")
    examined: ExaminedView = Field(description="Everything about the new text.")


def repaired_json(repaired: RepairedDocument) -> bytes:
    """A `RepairedView`."""
    return orjson.dumps(
        {
            "text": orjson.Fragment(repaired.text_json),
            "applied": repaired.applied,
            "made": repaired.changes,
            "skipped": [each.title for each in repaired.skips],
            "skips": repaired.skips,
            "examined": orjson.Fragment(examined_json(repaired.examined)),
        }
    )


class ToolsQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    flavour: Flavour = Flavour.OPENAI
    strict: bool = Field(default=False, description="OpenAI's structured form, where possible.")
    operation: list[str] = Field(
        [], max_length=1_000, description="Left out: all that can be called, 128 at once."
    )
    cursor: str | None = Field(default=None, max_length=200)


class ToolView(View):
    """What the model sees, in the form that its API takes, and about how many tokens that is."""

    name: str
    definition: dict[str, Any]
    tokens: int
    strict: bool


class ToolsView(View):
    tools: list[ToolView]
    tokens: int = Field(description="Of all these tools together.")
    next_cursor: str | None = Field(
        default=None, description="For the following ones; null on the last."
    )


def toolbox_json(toolbox: Toolbox) -> bytes:
    """A `ToolsView`."""
    return orjson.dumps(
        {
            "tools": orjson.Fragment(toolbox.tools.text),
            "tokens": toolbox.tokens,
            "next_cursor": cursor_after(toolbox.last),
        }
    )
