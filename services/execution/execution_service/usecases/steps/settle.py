from dataclasses import dataclass
from time import perf_counter

from contracts.errors import PlatformError
from contracts.facts import Outcome
from execution_service.domain.call import Call
from execution_service.domain.invocation import INTERRUPTED, FinishedCall
from execution_service.domain.step import Done, Refused, Waiting
from execution_service.ports import Ledger
from kit import trace


@dataclass(frozen=True, slots=True)
class Settle:
    """Publish how the call ended. One that changes something is answered only after that."""

    ledger: Ledger

    async def __call__(self, call: Call, result: Done | Refused | Waiting) -> FinishedCall:
        """Raises the refusal."""
        if isinstance(result, Waiting):
            result = Refused(result.refusal)  # nobody can wait yet: approvals come later
        if isinstance(result, Refused):
            await self.refused(call, result.error, masked=result.masked)
            raise result.error
        duration_ms = await self._publish(
            call,
            result.outcome,
            result.code,
            status=result.status,
            response_bytes=result.response_bytes,
            masked=result.masked,
        )
        return FinishedCall(
            call.id,
            call.wanted.operation,
            result.outcome,
            duration_ms,
            status=result.status,
            content_type=result.content_type,
            body=result.body,
            truncated=result.truncated,
            error=result.error,
            masked=result.masked,
            coerced=call.coerced,
        )

    async def refused(self, call: Call, error: PlatformError, *, masked: int = 0) -> None:
        """A call whose operation was not found leaves no record, which would name it."""
        if call.is_resolved:
            await self._publish(call, Outcome.REFUSED, error.code, masked=masked)

    async def interrupted(self, call: Call) -> None:
        """The caller's request was cancelled; the API may have acted on what was sent."""
        if not call.is_resolved:
            return
        unknown = call.changes_something and call.is_started
        await self._publish(call, Outcome.UNKNOWN if unknown else Outcome.FAILED, INTERRUPTED)

    async def _publish(
        self,
        call: Call,
        outcome: Outcome,
        code: str,
        *,
        status: int | None = None,
        response_bytes: int | None = None,
        masked: int = 0,
    ) -> float:
        """Returns the call's duration in milliseconds."""
        duration_ms = round((perf_counter() - call.started_at) * 1000, 3)
        fact = call.finished(
            outcome,
            code,
            duration_ms,
            trace.current(),
            status=status,
            response_bytes=response_bytes,
            masked=masked,
        )
        if call.changes_something:
            await self.ledger.after_change(fact)
        else:
            await self.ledger.after(fact)
        return duration_ms
