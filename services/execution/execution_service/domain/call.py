"""One call under way: what its steps found out, and the facts that are published about it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import NamedTuple

from contracts.facts import CoercedArgument, InvocationFinished, InvocationStarted, Outcome
from contracts.ids import InvocationId
from contracts.operation import SAFE_METHODS
from contracts.requests import Verdict
from egress.message import OutboundRequest
from egress.target import Target
from execution_service.domain.admission import Admitted
from execution_service.domain.arguments.change import Coercion
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.credential import (
    NO_CREDENTIAL,
    Credential,
    CredentialDescription,
)
from execution_service.domain.invocation import WantedCall
from execution_service.domain.release import Tool
from execution_service.domain.voidable import Voidable


@dataclass(frozen=True, slots=True)
class CallableOperation:
    """A tool of a release, ready to be called."""

    tool: Tool
    compiled: CompiledOperation
    target: Target
    """The server, parsed and checked as far as syntax goes."""

    def is_same_as(self, other: "CallableOperation") -> bool:
        """Of the same version of the same action: what is on record about one is true of both."""
        return self.tool.source == other.tool.source


class TraceRow(NamedTuple):
    """What a step found: a stable code, such as that of a verdict."""

    step: str
    code: str


@dataclass(slots=True)
class Call:
    """Each step fills in what it is there for; a later step relies on that."""

    id: InvocationId
    wanted: WantedCall
    pinned: Tool | None = None
    """The tool that it was accepted for; None: whatever the release has by that name."""
    before_sending: Callable[["Call"], Awaitable[None]] | None = None
    """Of a stored call (`domain.stored_call`): makes it this replica's to send, or refuses."""
    started_at: float = field(default_factory=perf_counter)
    offer: Voidable[CallableOperation] | None = None
    """The operation as the release offers it."""
    access_holds: Callable[[], bool] = lambda: True
    gate_holds: Callable[[], bool] = lambda: True
    """Whether the gate's verdict still does."""
    verdict: Verdict | None = None
    admitted: Admitted | None = None
    described: CredentialDescription | None = None
    """Of the credential for whose places the arguments were admitted."""
    credential: Credential = NO_CREDENTIAL
    credential_holds: Callable[[], bool] | None = None
    """None where the call has no credential."""
    request: OutboundRequest | None = None
    is_started: bool = False
    """Whether `invocation.started` is published."""
    trace: list[TraceRow] = field(default_factory=list)

    @property
    def operation(self) -> CallableOperation:
        assert self.offer is not None  # noqa: S101 - resolved first
        return self.offer.value

    @property
    def is_resolved(self) -> bool:
        return self.offer is not None

    @property
    def changes_something(self) -> bool:
        """By its method, or because the document says that it has consequences. A lost answer to
        any other call is a mere failure.
        """
        compiled = self.operation.compiled
        return compiled.consequential or compiled.method not in SAFE_METHODS

    @property
    def coerced(self) -> tuple[Coercion, ...]:
        return self.admitted.coerced if self.admitted else ()

    @property
    def arguments_hash(self) -> str | None:
        return self.admitted.arguments_hash if self.admitted else None

    def note(self, step: str, code: str) -> None:
        self.trace.append(TraceRow(step, code))

    def still_allowed(self) -> bool:
        """By token, release, compiled operation, access, verdict, and credential if it has one."""
        offer = self.offer
        return (
            self.wanted.may_call()
            and offer is not None
            and offer.holds()
            and self.access_holds()
            and self.gate_holds()
            and (self.credential_holds is None or self.credential_holds())
        )

    def started(self, traceparent: str | None) -> InvocationStarted:
        wanted, operation = self.wanted, self.operation
        return InvocationStarted(
            traceparent=traceparent,
            workspace_id=wanted.principal.workspace_id,
            gpt_workspace_id=wanted.gpt_workspace_id,
            invocation_id=self.id,
            gpt_id=wanted.gpt_id,
            action_id=operation.tool.action_id,
            operation=wanted.operation,
            method=operation.compiled.method,
            host=operation.target.host,
            member_id=wanted.principal.member_id,
            via=wanted.principal.via,
            acted_by=wanted.principal.acted_by,
            arguments_hash=self.arguments_hash or "",
        )

    def finished(  # noqa: PLR0913 - each is a member of the fact
        self,
        outcome: Outcome,
        code: str,
        duration_ms: float,
        traceparent: str | None,
        *,
        status: int | None = None,
        response_bytes: int | None = None,
        masked: int = 0,
    ) -> InvocationFinished:
        wanted, operation = self.wanted, self.operation
        return InvocationFinished(
            traceparent=traceparent,
            workspace_id=wanted.principal.workspace_id,
            gpt_workspace_id=wanted.gpt_workspace_id,
            invocation_id=self.id,
            gpt_id=wanted.gpt_id,
            action_id=operation.tool.action_id,
            operation=wanted.operation,
            method=operation.compiled.method,
            host=operation.target.host,
            member_id=wanted.principal.member_id,
            via=wanted.principal.via,
            acted_by=wanted.principal.acted_by,
            arguments_hash=self.arguments_hash,
            outcome=outcome,
            code=code,
            status=status,
            response_bytes=response_bytes,
            duration_ms=duration_ms,
            masked=masked,
            coerced=tuple(
                CoercedArgument(pointer=each.pointer, change=each.change) for each in self.coerced
            ),
        )
