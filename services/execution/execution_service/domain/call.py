"""One call under way, and the facts that are published about it."""

from dataclasses import dataclass

from contracts.facts import InvocationFinished, InvocationStarted, Outcome
from contracts.ids import ActionId, InvocationId, SchemaId
from egress.target import Target
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.invocation import SAFE_METHODS, WantedCall
from execution_service.domain.voidable import Voidable


@dataclass(frozen=True, slots=True)
class CallableOperation:
    """An operation of a published GPT, ready to be called."""

    action_id: ActionId
    schema_id: SchemaId
    compiled: CompiledOperation
    target: Target
    """The server, parsed and checked as far as syntax goes."""

    def is_same_as(self, other: "CallableOperation") -> bool:
        """Of the same version of the same action: what is on record about one is true of both."""
        return (self.action_id, self.schema_id) == (other.action_id, other.schema_id)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call ended; `status` and `response_bytes` where the API answered."""

    outcome: Outcome
    code: str
    status: int | None = None
    response_bytes: int | None = None


@dataclass(slots=True)
class Call:
    id: InvocationId
    wanted: WantedCall
    offer: Voidable[CallableOperation]
    """The operation as the published GPT offers it."""
    arguments_hash: str | None = None
    is_started: bool = False
    """Whether `invocation.started` is published."""

    @property
    def operation(self) -> CallableOperation:
        return self.offer.value

    @property
    def changes_something(self) -> bool:
        return self.operation.compiled.method not in SAFE_METHODS

    def started(self, traceparent: str | None) -> InvocationStarted:
        wanted, operation = self.wanted, self.operation
        return InvocationStarted(
            traceparent=traceparent,
            workspace_id=wanted.workspace_id,
            invocation_id=self.id,
            gpt_id=wanted.gpt_id,
            action_id=operation.action_id,
            operation=wanted.operation,
            method=operation.compiled.method,
            host=operation.target.host,
            member_id=wanted.member_id,
            arguments_hash=self.arguments_hash or "",
        )

    def finished(
        self, ending: Ending, duration_ms: float, traceparent: str | None
    ) -> InvocationFinished:
        wanted, operation = self.wanted, self.operation
        return InvocationFinished(
            traceparent=traceparent,
            workspace_id=wanted.workspace_id,
            invocation_id=self.id,
            gpt_id=wanted.gpt_id,
            action_id=operation.action_id,
            operation=wanted.operation,
            method=operation.compiled.method,
            host=operation.target.host,
            member_id=wanted.member_id,
            arguments_hash=self.arguments_hash,
            outcome=ending.outcome,
            code=ending.code,
            status=ending.status,
            response_bytes=ending.response_bytes,
            duration_ms=duration_ms,
        )
