from dataclasses import fields
from datetime import datetime
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from contracts.facts import Outcome
from contracts.principal import Via
from contracts.requests import Stage
from execution_service.domain.found_invocation import FoundInvocation, state_of
from execution_service.domain.invocation import CallCounts, FinishedCall, InvocationRecord
from execution_service.domain.json_text import JsonText
from execution_service.domain.stored_call import State, StoredCall

MAX_MEDIA_TYPE_CHARACTERS = 200


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
    content_type: str | None = Field(
        default=None,
        max_length=MAX_MEDIA_TYPE_CHARACTERS,
        description="In which of the operation's media types the body is sent, where its document "
        "has the same body in several; left out, the platform chooses.",
    )
    accept: str | None = Field(
        default=None,
        max_length=MAX_MEDIA_TYPE_CHARACTERS,
        description="The one media type in which the API is asked to answer, of those that its "
        "document declares; left out, all of them are named, JSON first.",
    )


class ErrorView(BaseModel):
    code: str
    detail: str
    hint: str


class CoercedView(BaseModel):
    """An argument that was written otherwise than the operation wants it, and what was done."""

    pointer: str = Field(description="RFC 6901, into the arguments as they were written.")
    change: str = Field(description="Such as `text_to_integer` or `null_left_out`.")


class InvocationView(BaseModel):
    """How a call ended. `status` and `body` are the API's own."""

    id: str
    operation: str
    outcome: Outcome
    status: int | None
    content_type: str | None
    body: Any
    truncated: bool
    masked: int = Field(
        default=0,
        description="How often a value of the action's credential was masked in `body`, "
        "`content_type` and `error`. Nothing else of an answer is changed.",
    )
    coerced: list[CoercedView] = Field(
        default_factory=list,
        description="Arguments that were taken for what they unambiguously mean, at most 20. "
        "`tolerant_arguments` of `/v1/settings` turns that off, but for `null_left_out`, nulls of "
        "what is optional, and `credential_left_out`, values where the credential goes.",
    )
    duration_ms: float
    error: ErrorView | None


def invocation_view(finished: FinishedCall) -> dict[str, Any]:
    """An `InvocationView` for `orjson`, without the cost of a model: this is the hot route. A body
    of JSON goes out as the bytes that the API sent.
    """
    error, body = finished.error, finished.body
    return {
        "id": finished.id,
        "operation": finished.operation,
        "outcome": finished.outcome,
        "status": finished.status,
        "content_type": finished.content_type,
        "body": orjson.Fragment(body.text) if isinstance(body, JsonText) else body,
        "truncated": finished.truncated,
        "masked": finished.masked,
        "coerced": finished.coerced,
        "duration_ms": finished.duration_ms,
        "error": error and {"code": error.code, "detail": error.sentence, "hint": error.hint},
    }


class AcceptedView(BaseModel):
    """A call that goes on without its request: `Location` says where to read how it ends."""

    id: str
    operation: str
    state: State

    @classmethod
    def of(cls, call: StoredCall) -> "AcceptedView":
        return cls(id=call.id, operation=call.asked.operation, state=call.state)


class InvocationRecordView(BaseModel):
    """The audit record of a call. `outcome` is null while it is under way."""

    id: str
    state: State
    member_id: str
    via: Via = Field(
        description="How the member came: with a token or a session, or through somebody else's "
        "token, whose bearer acted on their behalf."
    )
    acted_by: str | None = Field(
        default=None, description="The id of that token; null: they came themselves."
    )
    gpt_workspace_id: str
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
    masked: int = Field(
        default=0,
        description="How often a value of the action's credential was masked in the API's answer "
        "or in an error.",
    )
    coerced: list[CoercedView] = Field(
        default_factory=list,
        description="Arguments that were taken for what they unambiguously mean, at most 20.",
    )

    @classmethod
    def of(cls, record: InvocationRecord) -> "InvocationRecordView":
        return cls(**_members(record), state=state_of(record))


class FoundInvocationView(InvocationRecordView):
    """The record, and for a day what came of a call that was asynchronous or had a key."""

    result: InvocationView | None = Field(description="How it ended; for its caller alone.")
    refusal: ErrorView | None = Field(description="Why it was refused; for its caller alone.")
    sign_in: str | None = Field(
        default=None,
        description="While `state` is `waiting_for_sign_in`: the page at which its caller signs in "
        "at the API, after which it goes on; for its caller alone.",
    )

    @classmethod
    def text_of(cls, found: FoundInvocation) -> bytes:
        """As JSON, with the result's body as the API sent it."""
        refusal = found.refusal
        view = cls(
            **_members(found.record),
            state=found.state,
            result=None,
            refusal=ErrorView(code=refusal.code, detail=refusal.sentence, hint=refusal.hint)
            if refusal
            else None,
            sign_in=found.sign_in,
        )
        result = invocation_view(found.result) if found.result else None
        return orjson.dumps({**view.model_dump(mode="json"), "result": result})


class CallCountView(BaseModel):
    gpt_id: str
    calls: int = Field(description="1,000 at most.")
    more: bool = Field(description="There are more than `calls`.")


class CallCountsView(BaseModel):
    """How many calls of each GPT were asked for since then and are on record."""

    since: datetime
    items: list[CallCountView]

    @classmethod
    def of(cls, counts: CallCounts) -> "CallCountsView":
        items = [
            CallCountView(gpt_id=gpt_id, calls=min(found, counts.most), more=found > counts.most)
            for gpt_id, found in counts.found.items()
        ]
        return cls(since=counts.since, items=items)


def _members(record: InvocationRecord) -> dict[str, Any]:
    """All but the caller's workspace, which is the reader's own."""
    members = {each.name: getattr(record, each.name) for each in fields(record)}
    del members["workspace_id"]
    members["coerced"] = [CoercedView(pointer=c.pointer, change=c.change) for c in record.coerced]
    return members
