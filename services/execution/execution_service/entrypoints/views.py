from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from contracts.facts import Outcome
from contracts.requests import Stage
from execution_service.domain.invocation import FinishedCall, InvocationRecord


class InvocationBody(BaseModel):
    """What to call. Documented here; the hot route reads it by hand."""

    model_config = ConfigDict(extra="forbid")

    gpt_id: str = Field(max_length=64)
    operation: str = Field(max_length=64, description="The tool's name in the GPT.")
    arguments: dict[str, Any] = Field(default_factory=dict)
    action_id: str | None = Field(
        default=None,
        max_length=64,
        description="With it, `operation` may also be the operation's name in the action's schema.",
    )
    stage: Stage = Field(
        default=Stage.PUBLISHED, description="`draft` is for those who may edit the GPT."
    )


class TroubleView(BaseModel):
    code: str
    detail: str
    hint: str


class InvocationView(BaseModel):
    """How a call ended. `status` and `body` are the API's own."""

    id: str
    operation: str
    outcome: Outcome
    status: int | None
    content_type: str | None
    body: Any
    truncated: bool
    duration_ms: float
    error: TroubleView | None


def invocation_view(finished: FinishedCall) -> dict[str, Any]:
    """An `InvocationView` as plain data, without the cost of a model: this is the hot route."""
    error = finished.error
    return {
        "id": finished.id,
        "operation": finished.operation,
        "outcome": finished.outcome,
        "status": finished.status,
        "content_type": finished.content_type,
        "body": finished.body,
        "truncated": finished.truncated,
        "duration_ms": finished.duration_ms,
        "error": error and {"code": error.code, "detail": error.sentence, "hint": error.hint},
    }


class InvocationRecordView(BaseModel):
    """The audit record of a call. `outcome` is null while it is under way."""

    id: str
    member_id: str
    gpt_id: str
    action_id: str | None
    operation: str
    method: str | None
    host: str | None
    arguments_hash: str | None
    outcome: Outcome | None
    code: str
    status: int | None
    response_bytes: int | None
    duration_ms: float | None
    at: datetime

    @classmethod
    def of(cls, record: InvocationRecord) -> "InvocationRecordView":
        return cls.model_validate(record, from_attributes=True)
