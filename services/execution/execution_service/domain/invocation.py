"""One call, from request to outcome."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.facts import Outcome
from contracts.ids import ActionId, GptId, InvocationId, MemberId, TokenId, WorkspaceId
from contracts.principal import Principal, Via
from contracts.requests import Stage
from execution_service.domain.arguments.change import Coercion
from execution_service.domain.json_text import JsonText

INTERRUPTED = "execution.interrupted"
MAY_BE_DONE = "The API may have carried this call out. Check there before calling again."


@dataclass(frozen=True, slots=True)
class WantedCall:
    """What a caller asks for; only the caller is verified yet."""

    principal: Principal
    gpt_workspace_id: WorkspaceId
    """Whose GPT it is. It is the principal's own, until GPTs of other workspaces may be used."""
    gpt_id: GptId
    operation: str
    arguments: Any
    action_id: ActionId | None = None
    stage: Stage = Stage.PUBLISHED
    content_type: str | None = None
    """Of the body, where the caller chooses one of those that the operation has."""
    accept: str | None = None
    """The one media type in which the caller wants the answer, of those that the operation has."""
    read_exactly: Callable[[], Any] | None = None
    """The arguments with all their digits; None where they have them (`arguments.exact_json`)."""
    may_call: Callable[[], bool] = lambda: True
    """False once the caller's token may have been revoked."""
    holds: Callable[[int], None] = lambda _: None
    """Counts so many bytes more as held by the call until it is answered."""


@dataclass(frozen=True, slots=True)
class CallError:
    """Why a call that was sent brought no usable answer."""

    code: str
    sentence: str
    hint: str


@dataclass(frozen=True, slots=True)
class FinishedCall:
    """The caller's answer. `status` is the API's, None where it did not answer."""

    id: InvocationId
    operation: str
    outcome: Outcome
    duration_ms: float
    status: int | None = None
    content_type: str | None = None
    body: JsonText | str | None = None
    truncated: bool = False
    error: CallError | None = None
    masked: int = 0
    """How often a value of the credential was masked in the answer (`domain.masking`)."""
    coerced: tuple[Coercion, ...] = ()
    """Arguments that were taken for what they unambiguously mean (`domain.arguments.coercion`)."""


ANSWER_NEVER_READ = CallError(
    INTERRUPTED,
    "The call was sent, and interrupted before its answer was read.",
    "It changes nothing: whoever may call it can do so again.",
)


def interrupted(invocation_id: InvocationId, operation: str) -> FinishedCall:
    """A call that changes something was being sent when its replica stopped, or its caller left."""
    return FinishedCall(
        invocation_id,
        operation,
        Outcome.UNKNOWN,
        duration_ms=0.0,
        error=CallError(
            INTERRUPTED, "The call was interrupted before its answer was read.", MAY_BE_DONE
        ),
    )


def answer_never_read(invocation_id: InvocationId, operation: str) -> FinishedCall:
    """A call that changes nothing was being sent when its replica ended, and is not sent again."""
    return FinishedCall(
        invocation_id, operation, Outcome.FAILED, duration_ms=0.0, error=ANSWER_NEVER_READ
    )


@dataclass(frozen=True, slots=True)
class InvocationRecord:
    """The audit record as the trail keeps it. `outcome` is None while a call is under way."""

    id: InvocationId
    workspace_id: WorkspaceId
    gpt_workspace_id: WorkspaceId
    member_id: MemberId
    gpt_id: GptId
    action_id: ActionId | None
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
    masked: int = 0
    """As in `FinishedCall`; 0 while the call is under way."""
    coerced: tuple[Coercion, ...] = ()
    """As in `FinishedCall`; empty while the call is under way."""
    via: Via = Via.TOKEN
    acted_by: TokenId | None = None
    """The token whose bearer acted on behalf of the member."""
    """How the member came."""


@dataclass(frozen=True, slots=True)
class WantedRecords:
    """Which records of a workspace; a member that is None takes any."""

    member_id: MemberId | None = None
    gpt_id: GptId | None = None
    operation: str | None = None
    outcome: Outcome | None = None
    host: str | None = None
    since: datetime | None = None
    """When the call was asked for, by its id."""
    before: datetime | None = None

    @property
    def members(self) -> dict[str, str]:
        """What a record's members must be, those first that fewer records have in common."""
        wanted = {
            "host": self.host,
            "operation": self.operation,
            "gpt_id": self.gpt_id,
            "member_id": self.member_id,
            "outcome": self.outcome.value if self.outcome else None,
        }
        return {name: value for name, value in wanted.items() if value is not None}


EVERY_RECORD = WantedRecords()


@dataclass(frozen=True, slots=True)
class CountedCalls:
    """Which calls are counted, by when they were asked for: from `since` on, before `before`."""

    gpt_id: GptId
    since: datetime
    before: datetime
    member_id: MemberId | None = None
    """None: everybody's."""

    @property
    def wanted(self) -> WantedRecords:
        return WantedRecords(self.member_id, self.gpt_id, since=self.since, before=self.before)


@dataclass(frozen=True, slots=True)
class CallCounts:
    since: datetime
    found: Mapping[GptId, int]
    """Above `most` it is `most` and one, however many there are."""
    most: int
