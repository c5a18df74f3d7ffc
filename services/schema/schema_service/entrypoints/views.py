from datetime import datetime
from typing import Any

from pydantic import BaseModel

from schema_service.domain.examination import Verdict
from schema_service.domain.examined import OperationSummary
from schema_service.domain.stored_schema import StoredSchema


class FindingView(BaseModel):
    severity: str
    code: str
    message: str
    pointer: str
    line: int | None
    column: int | None
    hint: str
    repair: dict[str, Any] | None


class OperationView(BaseModel):
    operation_id: str
    name: str
    method: str
    path: str
    summary: str
    consequential: bool
    verdict: Verdict
    origin: str | None

    @classmethod
    def of(cls, operation: OperationSummary) -> "OperationView":
        return cls.model_validate(operation, from_attributes=True)


class SchemaSummaryView(BaseModel):
    id: str
    title: str
    version: str
    dialect: str | None
    source_url: str | None
    valid: bool
    created_at: datetime

    @classmethod
    def of(cls, schema: StoredSchema) -> "SchemaSummaryView":
        return cls.model_validate(schema, from_attributes=True)


class SchemaView(SchemaSummaryView):
    """`findings` in the order of the text; `more_findings` counts those beyond the first 200."""

    findings: list[FindingView]
    more_findings: int
    operations: list[OperationView]
