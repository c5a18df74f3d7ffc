"""What is known of one call: its audit record, and what is stored of it where it outlives its
request. Each may be there before the other, and alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from contracts.facts import Outcome
from contracts.principal import via_of_key
from execution_service.domain.invocation import FinishedCall, InvocationRecord
from execution_service.domain.stored_call import STATE_OF_OUTCOME, Refusal, State, StoredCall

OUTCOME_OF_STATE: Mapping[State, Outcome] = {
    **{state: outcome for outcome, state in STATE_OF_OUTCOME.items()},
    **dict.fromkeys((State.DENIED, State.EXPIRED, State.CANCELLED), Outcome.REFUSED),
}
STARTED = "started"


@dataclass(frozen=True, slots=True)
class FoundInvocation:
    record: InvocationRecord
    """As on record, or as it will be."""
    state: State
    is_final: bool
    result: FinishedCall | None = None
    """What the API answered to an asynchronous call or one with a key; for its caller alone."""
    refusal: Refusal | None = None
    """For its caller alone, too: its sentence may repeat an argument's value."""
    sign_in: str | None = None
    """While it waits for its caller's sign-in, the address of the page for that; theirs, too."""

    @classmethod
    def of(cls, record: InvocationRecord | None, stored: StoredCall | None) -> Self | None:
        """None where there is neither."""
        if stored is None:
            if record is None:
                return None
            return cls(record, state_of(record), is_final=record.outcome is not None)
        state = State.SENDING if stored.is_read_now else stored.state
        if state is State.UNKNOWN and record is not None and record.outcome is not None:
            state = state_of(record)  # how it ended became known later
        if record is None or (record.outcome is None and stored.is_final):
            record = _record(stored)  # it is written within seconds
        elif not stored.is_final:  # its record may say already how it ended, or that it seems so
            record = replace(
                record,
                outcome=None,
                code=STARTED,
                status=None,
                response_bytes=None,
                duration_ms=None,
                masked=0,
            )
        waits = stored.sign_in if state is State.WAITING_FOR_SIGN_IN else None
        sign_in = waits.address if waits else None
        return cls(record, state, stored.is_final, stored.result, stored.refusal, sign_in)

    def without_content(self) -> Self:
        """Without what may repeat the caller's arguments, or is for them alone; the record says the
        refusal's code.
        """
        return replace(self, result=None, refusal=None, sign_in=None)


def state_of(record: InvocationRecord) -> State:
    return State.SENDING if record.outcome is None else STATE_OF_OUTCOME[record.outcome]


def _record(stored: StoredCall) -> InvocationRecord:
    asked, pinned, request, result = stored.asked, stored.pinned, stored.request, stored.result
    return InvocationRecord(
        id=stored.id,
        workspace_id=stored.workspace_id,
        gpt_workspace_id=asked.gpt_workspace_id,
        member_id=stored.member_id,
        via=via_of_key(stored.token_digest),
        acted_by=stored.acted_by,
        gpt_id=asked.gpt_id,
        action_id=pinned.action_id if pinned else asked.action_id,
        operation=asked.operation,
        method=request.method if request else None,
        host=request.host if request else None,
        arguments_hash=request.arguments_hash if request else None,
        outcome=OUTCOME_OF_STATE.get(stored.state),
        code=_code(stored),
        status=result.status if result else None,
        response_bytes=None,
        duration_ms=result.duration_ms if result else None,
        at=stored.at,
        masked=result.masked if result else 0,
    )


def _code(stored: StoredCall) -> str:
    if stored.refusal is not None:
        return stored.refusal.code
    if stored.result is None:
        return STARTED
    return stored.result.error.code if stored.result.error else "ok"
