"""A call that outlives its request: it runs asynchronously, waits, or carries an idempotency key.

Only these are stored as what they are at the moment; of all others the facts are the record.

    received ──▶ waiting_for_approval, waiting_for_sign_in ──▶ received …
        │
        ├──▶ sending ──▶ succeeded, failed, unknown      it was, or may have been, sent
        └──▶ refused, denied, expired, cancelled         nothing was sent

`unknown` gives way to what becomes known later. Each change is a compare-and-set of the
whole document (`StoredCalls.change`), so of two replicas that take the same step one fails.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from contracts.facts import InvocationFinished, Outcome
from contracts.ids import ActionId, GptId, InvocationId, MemberId, TokenId, WorkspaceId
from contracts.principal import Principal, via_of_key
from contracts.requests import Stage
from execution_service.domain.invocation import FinishedCall, WantedCall
from execution_service.domain.release import Tool


class State(StrEnum):
    RECEIVED = "received"
    WAITING_FOR_APPROVAL = "waiting_for_approval"
    WAITING_FOR_SIGN_IN = "waiting_for_sign_in"
    SENDING = "sending"
    """What changes something is being sent. It is not sent again, whatever happens."""
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    """By a rule or by the arguments. Nothing was sent that changes something."""
    DENIED = "denied"
    """A person denied it, or whoever asked for it is let in no more; nothing was sent."""
    EXPIRED = "expired"
    """Nobody decided in time; nothing was sent."""
    CANCELLED = "cancelled"
    """The caller took it back before anything was sent."""


_KNOWN = {State.SUCCEEDED, State.FAILED}
_NOT_SENT = {State.REFUSED, State.EXPIRED, State.CANCELLED}
WAITING = {State.WAITING_FOR_APPROVAL, State.WAITING_FOR_SIGN_IN}
TRANSITIONS: Mapping[State, frozenset[State]] = {
    # A call that changes nothing may be sent again, so it ends without having been `sending`.
    State.RECEIVED: frozenset({State.SENDING, State.DENIED, *WAITING, *_KNOWN, *_NOT_SENT}),
    State.WAITING_FOR_APPROVAL: frozenset({State.RECEIVED, State.DENIED, *_NOT_SENT}),
    State.WAITING_FOR_SIGN_IN: frozenset({State.RECEIVED, State.DENIED, *_NOT_SENT}),
    # Back only where it is certain that nothing was sent.
    State.SENDING: frozenset({*_KNOWN, State.UNKNOWN, State.REFUSED, State.RECEIVED}),
    State.UNKNOWN: frozenset({*_KNOWN, State.REFUSED}),
    **dict.fromkeys((*_KNOWN, *_NOT_SENT, State.DENIED), frozenset()),
}
"""Where a call may go from each state."""
STATE_OF_OUTCOME: Mapping[Outcome, State] = {
    Outcome.SUCCEEDED: State.SUCCEEDED,
    Outcome.FAILED: State.FAILED,
    Outcome.UNKNOWN: State.UNKNOWN,
    Outcome.REFUSED: State.REFUSED,
}


class TransitionRefused(Exception):
    """A fault of ours: no call goes from the one state to the other."""


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """What a caller may repeat a request under, for a day."""

    name: str
    """Of one member: a digest of the member's id and the header."""
    request_digest: str
    """Of the request's body, and of how it is to be answered: another one is refused."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the audit record says about the request that was about to be sent."""

    method: str
    host: str
    arguments_hash: str


@dataclass(frozen=True, slots=True)
class SignInWait:
    """What a call waits for: that its member signs in at the API of its action."""

    address: str
    """Of the page for that: the same for every member, and no secret."""
    until: datetime
    """Then it expires."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The refusal of a call of which nothing was sent."""

    code: str
    sentence: str
    hint: str


@dataclass(frozen=True, slots=True)
class AskedCall:
    """What was asked for, without what was known about the caller then."""

    gpt_workspace_id: WorkspaceId
    gpt_id: GptId
    operation: str
    arguments: Any
    action_id: ActionId | None = None
    stage: Stage = Stage.PUBLISHED
    content_type: str | None = None
    accept: str | None = None

    @classmethod
    def of(cls, wanted: WantedCall) -> Self:
        return cls(
            wanted.gpt_workspace_id,
            wanted.gpt_id,
            wanted.operation,
            wanted.arguments,
            wanted.action_id,
            wanted.stage,
            wanted.content_type,
            wanted.accept,
        )

    def by(
        self,
        principal: Principal,
        may_call: Callable[[], bool],
        holds: Callable[[int], None],
    ) -> WantedCall:
        return WantedCall(
            principal=principal,
            gpt_workspace_id=self.gpt_workspace_id,
            gpt_id=self.gpt_id,
            operation=self.operation,
            arguments=self.arguments,
            action_id=self.action_id,
            stage=self.stage,
            content_type=self.content_type,
            accept=self.accept,
            may_call=may_call,
            holds=holds,
        )


@dataclass(frozen=True, slots=True)
class StoredCall:
    """The aggregate. `result` or `refusal` is there once the state is final, `result` where
    something was sent; `unknown` may have neither.
    """

    id: InvocationId
    workspace_id: WorkspaceId
    revision: int
    """Of the document, 0 before it is stored."""
    state: State
    member_id: MemberId
    asked: AskedCall
    token_digest: str
    """Of the token or session that it was asked with (`lasting_key`): whoever continues it verifies
    it anew.
    """
    at: datetime
    """When it was asked for."""
    lease_until: datetime
    """Until then a replica works at it; later any other may continue it."""
    is_accepted: bool = False
    """Whether it was answered 202, and goes on without the request."""
    pinned: Tool | None = None
    """The tool of the release that the call was accepted for: it runs this one or none."""
    key: IdempotencyKey | None = None
    left_behind: int = 0
    """How many replicas in a row ended, or lost their lease, while they worked at it."""
    request: Request | None = None
    """As it was accepted, or was last about to be sent."""
    is_sent: bool = False
    """Of an accepted call that changes nothing: whether a replica began to send it. It ends as what
    happened, never as denied, also where that replica is gone."""
    result: FinishedCall | None = None
    refusal: Refusal | None = None
    acted_by: TokenId | None = None
    """The token whose bearer acted on behalf of the member."""
    sign_in: SignInWait | None = None
    """Of a call that waits for that, and of one that was left behind before it was certain that
    whoever signs in finds it waiting."""
    resumed_at: datetime | None = None
    """When it last stopped waiting for a person."""

    @property
    def tried_since(self) -> datetime:
        """From when on it counts for how long it is tried."""
        return self.resumed_at or self.at

    @property
    def is_final(self) -> bool:
        """Nobody works at it any more."""
        return self.state is State.UNKNOWN or not TRANSITIONS[self.state]

    @property
    def is_read_now(self) -> bool:
        """Whether it changes nothing, was sent, and did not end."""
        return self.is_sent and self.state is State.RECEIVED

    def _to(self, state: State, **members: Any) -> Self:
        if state not in TRANSITIONS[self.state]:
            raise TransitionRefused(f"{self.state} to {state}")
        return replace(self, state=state, **members)

    def finished_fact(self, outcome: Outcome, code: str) -> InvocationFinished:
        """Where the call itself is not at hand. Several replicas may publish it: its id derives
        from the call's.
        """
        return InvocationFinished.because(
            self.id,
            workspace_id=self.workspace_id,
            gpt_workspace_id=self.asked.gpt_workspace_id,
            invocation_id=self.id,
            gpt_id=self.asked.gpt_id,
            action_id=self.pinned.action_id if self.pinned else self.asked.action_id,
            operation=self.asked.operation,
            method=self.request.method if self.request else None,
            host=self.request.host if self.request else None,
            arguments_hash=self.request.arguments_hash if self.request else None,
            member_id=self.member_id,
            via=via_of_key(self.token_digest),
            acted_by=self.acted_by,
            outcome=outcome,
            code=code,
        )

    def accepted(self, pinned: Tool, request: Request) -> Self:
        """It goes on without its request, with this tool."""
        return replace(self, is_accepted=True, pinned=pinned, request=request)

    def leased(self, until: datetime) -> Self:
        """Whoever stores this is the one that continues it."""
        return replace(self, lease_until=until)

    def taken_over(self, until: datetime) -> Self:
        """From a replica whose lease ended before it gave the call back."""
        return replace(self, lease_until=until, left_behind=self.left_behind + 1)

    def given_back(self, until: datetime, *, is_sent: bool = False) -> Self:
        """Nothing was sent that changes something: any replica may continue it from then on."""
        return replace(self, lease_until=until, left_behind=0, is_sent=is_sent)

    def sending(self, until: datetime, request: Request) -> Self:
        """What changes something is about to be sent, by whoever stores this."""
        return self._to(State.SENDING, lease_until=until, request=request)

    def reading(self, until: datetime, request: Request) -> Self:
        """What changes nothing is about to be sent: another replica may send it, too."""
        return replace(self, lease_until=until, request=request, is_sent=True)

    def waiting(self, state: State, until: datetime) -> Self:
        """For a person, until then: that is the end of its lease."""
        return self._to(state, lease_until=until)

    def waiting_for_sign_in(
        self, wait: SignInWait, lease_until: datetime, *, is_sent: bool = False
    ) -> Self:
        """Before the end of `wait`, whoever finds that the lease ended looks again whether its
        member is signed in.
        """
        waiting = self._to(State.WAITING_FOR_SIGN_IN, sign_in=wait, lease_until=lease_until)
        return replace(waiting, left_behind=0, is_sent=is_sent)

    def resumed(self, at: datetime) -> Self:
        """Its member signed in: any replica may continue it from then on."""
        return replace(
            self._to(State.RECEIVED), lease_until=at, resumed_at=at, sign_in=None, left_behind=0
        )

    def looked_at_again(self, at: datetime, until: datetime) -> Self:
        """It waits, and its lease ended: whoever stores this asks once more, and waits no longer
        than it would have.
        """
        return replace(self._to(State.RECEIVED), resumed_at=at).taken_over(until)

    def received_again(self) -> Self:
        """It no longer waits, or nothing was sent: it may be continued."""
        return self._to(State.RECEIVED)

    def ended(self, result: FinishedCall) -> Self:
        return self._to(STATE_OF_OUTCOME[result.outcome], result=result)

    def refused(self, refusal: Refusal, state: State = State.REFUSED) -> Self:
        return self._to(state, refusal=refusal)
