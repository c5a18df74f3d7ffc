from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from contracts.fact import Fact
from contracts.ids import ActionId, GptId, InvocationId, MemberId, TokenId, WorkspaceId
from contracts.principal import Via


class Outcome(StrEnum):
    SUCCEEDED = "succeeded"
    """The API answered with a status below 400."""
    FAILED = "failed"
    """The API answered with an error, or the call provably never reached it."""
    REFUSED = "refused"
    """Nothing was sent: arguments, policy or egress said no."""
    UNKNOWN = "unknown"
    """It is unknown whether the call was carried out."""


class InvocationStarted(Fact, name="invocation.started", by="execution", batched=True):
    """A call that changes something is about to be sent; published before its first byte leaves."""

    invocation_id: InvocationId
    gpt_id: GptId
    action_id: ActionId
    operation: str
    method: str
    host: str
    member_id: MemberId
    arguments_hash: str
    gpt_workspace_id: WorkspaceId | None = None
    """Whose GPT it is; `workspace_id` is the caller's."""
    via: Via = Via.TOKEN
    """How the member came; earlier releases knew tokens only."""
    acted_by: TokenId | None = None
    """The token whose bearer acted on behalf of the member; None: they came themselves."""


class CoercedArgument(BaseModel):
    """An argument that was written otherwise than the operation wants it, and what was done."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    pointer: str
    """RFC 6901, into the arguments as they were written."""
    change: str
    """Such as `text_to_integer`, `null_left_out`."""


class InvocationFinished(Fact, name="invocation.finished", by="execution", batched=True):
    """How a call ended. Together with who and what, this is the audit record."""

    invocation_id: InvocationId
    gpt_id: GptId
    action_id: ActionId | None = None
    operation: str
    method: str | None = None
    host: str | None = None
    member_id: MemberId
    arguments_hash: str | None = None
    outcome: Outcome
    code: str
    """`ok`, or the stable code of the refusal or failure."""
    status: int | None = None
    """The API's HTTP status, where it answered."""
    response_bytes: int | None = None
    duration_ms: float | None = None
    gpt_workspace_id: WorkspaceId | None = None
    """As above."""
    coerced: tuple[CoercedArgument, ...] = ()
    """Arguments that were taken for what they unambiguously mean; at most 20."""
    via: Via = Via.TOKEN
    """As above."""
    acted_by: TokenId | None = None
    """As above."""
    masked: int = 0
    """How often a value of the credential was masked in the answer or in the error's sentences."""
