from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from schema_service.domain.comparing.change import Change
from schema_service.domain.examination import Verdict
from schema_service.domain.examined import Examined, OperationSummary
from schema_service.domain.examples import Example
from schema_service.domain.stored_schema import StoredSchema
from schema_service.domain.tools.definition import Tool
from schema_service.usecases.repair_schema import ChosenFinding, RepairOutcome


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
    bundled: bool = Field(description="Whether what it refers to was fetched into it.")
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


class ExampleView(View):
    key: str
    title: str
    media_type: str
    text: str

    @classmethod
    def of(cls, example: Example) -> "ExampleView":
        return cls.model_validate(example)


class ChosenFindingBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=100)
    pointer: str | None = Field(default=None, description="Left out: every finding of this code.")


class RepairsBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    findings: list[ChosenFindingBody] | None = Field(
        default=None, max_length=200, description="Left out: all that have a repair."
    )

    def chosen(self) -> list[ChosenFinding] | None:
        if self.findings is None:
            return None
        return [ChosenFinding(each.code, each.pointer) for each in self.findings]


class RepairedView(View):
    text: str
    applied: list[str]
    skipped: list[str] = Field(description="Repairs that this text does not allow.")
    examined: ExaminedView = Field(description="Everything about the new text.")

    @classmethod
    def of(cls, outcome: RepairOutcome) -> "RepairedView":
        repaired = outcome.repaired
        return cls(
            text=repaired.text,
            applied=list(repaired.applied),
            skipped=list(repaired.skipped),
            examined=ExaminedView.of(outcome.examined),
        )


class ChangeView(View):
    """`impact` is `breaking`, `additive` or `wording`, for those who call the older version."""

    impact: str
    operation: str
    where: str
    message: str

    @classmethod
    def of(cls, change: Change) -> "ChangeView":
        return cls.model_validate(change)


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
