from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from schema_service.domain.examination import Verdict
from schema_service.domain.examined import Examined, OperationSummary
from schema_service.domain.stored_schema import StoredSchema
from schema_service.domain.tools.definition import Tool


class View(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class EditView(View):
    """One change: `add`, `replace`, `remove` as in RFC 6902; `rename` and `quote_key` of a key."""

    op: str
    pointer: str
    value: Any = None


class RepairView(View):
    title: str
    edits: list[EditView]


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


class OperationView(View):
    operation_id: str
    name: str = Field(description="The function's name for models.")
    method: str
    path: str
    summary: str
    consequential: bool
    verdict: Verdict
    origin: str | None = Field(description="Where it calls; null where it cannot be called.")

    @classmethod
    def of(cls, operation: OperationSummary) -> "OperationView":
        return cls.model_validate(operation)


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

    @classmethod
    def of(cls, examined: Examined) -> "ExaminedView":
        return cls.model_validate(examined)


class SchemaSummaryView(View):
    id: str
    title: str
    version: str
    dialect: str | None
    source_url: str | None
    valid: bool
    verified: bool = Field(description="Whether the deep verification has ended.")
    created_at: datetime
    previous_id: str | None

    @classmethod
    def of(cls, schema: StoredSchema) -> "SchemaSummaryView":
        return cls.model_validate(schema)


class SchemaView(SchemaSummaryView):
    """`findings` in the order of the text; `more_findings` counts those beyond the first 200."""

    findings: list[FindingView]
    more_findings: int
    operations: list[OperationView]
    versions: list[SchemaSummaryView] = []

    @classmethod
    def with_versions(cls, schema: StoredSchema, versions: list[StoredSchema]) -> "SchemaView":
        view = cls.model_validate(schema)
        return view.model_copy(
            update={"versions": [SchemaSummaryView.of(version) for version in versions]}
        )


class ToolView(View):
    """What the model sees, in the form that its API takes, and about how many tokens that is."""

    name: str
    definition: dict[str, Any]
    tokens: int
    strict: bool

    @classmethod
    def of(cls, tool: Tool) -> "ToolView":
        return cls.model_validate(tool)


class ToolsView(View):
    tools: list[ToolView]
    tokens: int = Field(description="Of all these tools together.")
    next_cursor: str | None = None
