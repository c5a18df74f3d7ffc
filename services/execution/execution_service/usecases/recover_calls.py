from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.errors import PlatformError
from contracts.facts import Outcome
from execution_service.domain.invocation import (
    ANSWER_NEVER_READ,
    INTERRUPTED,
    CallError,
    FinishedCall,
    InvocationRecord,
    interrupted,
)
from execution_service.domain.stored_call import WAITING, Refusal, State, StoredCall
from execution_service.ports import InvocationRecords, Ledger, StoredCalls, WakeUps
from execution_service.usecases.stored_calls.held_call import TRIED_FOR
from kit import logs
from kit.documents import ChangedMeanwhile

log = logs.logger("execution.stored_calls")
MAX_AT_ONCE = 20
ANSWER_LOST = CallError(
    "execution.answer_lost",
    "The call ended so, and the API's answer was lost.",
    "Where it changed something, ask the API for what it made.",
)
MAX_LEFT_BEHIND = 3
GIVEN_UP = CallError(
    "execution.given_up",
    "Each replica that worked at this call ended before the call did, so it is not tried again.",
    "It changed nothing. Where it ends so again, tell the operator: the log says why they ended.",
)
NOT_DECIDED = Refusal(
    "execution.expired",
    "This call was not sent: nobody decided about it in time.",
    "Call it again.",
)
NOBODY_SIGNED_IN = Refusal(
    "execution.expired",
    "This call was not sent: its member did not sign in at the API within ten minutes.",
    "Sign in there, then call it again.",
)
NEVER_SENT = Refusal(
    "execution.expired",
    "This call was not sent: for ten minutes something that it needs was away, or its workspace "
    "had its share of calls under way.",
    "Call it again, and fewer at once.",
)
NOT_SENT = Refusal(
    "execution.refused",
    "This call was refused before anything was sent.",
    "The code says why. Call it again once that has changed.",
)


@dataclass(frozen=True, slots=True)
class RecoverCalls:
    """Take what other replicas left behind: stored calls whose lease ended before their call did.

    One that was being sent ended as is on record, or as *unknown*. So did an accepted one whose end
    is on record: it changes nothing, or was about to be refused. One that waited for a person until
    its time was over expires. Another accepted one is claimed, to be continued, unless replica
    after replica ended that worked at it. One that was answered to nobody and was not sent is
    deleted.
    """

    calls: StoredCalls
    records: InvocationRecords
    ledger: Ledger
    wakes: WakeUps
    clock: Callable[[], datetime]
    lease: timedelta

    async def __call__(self) -> list[StoredCall]:
        """Those that this replica has claimed, and has to continue."""
        abandoned = await self.calls.abandoned(self.clock(), MAX_AT_ONCE)
        recovered = [await self._recovered(stored) for stored in abandoned]
        return [stored for stored in recovered if stored is not None]

    async def _recovered(self, stored: StoredCall) -> StoredCall | None:
        """What fails is tried again the next time; what was claimed before it is not lost."""
        try:
            return await self._recover(stored)
        except ChangedMeanwhile:  # another replica was first
            return None
        except PlatformError as error:
            log.warning("stored_call_recovered_later", invocation=stored.id, code=error.code)
            return None

    async def _recover(self, stored: StoredCall) -> StoredCall | None:
        now = self.clock()
        if stored.state is State.SENDING:
            await self._settle(stored)
        elif not stored.is_accepted:
            await self.calls.forget(stored)
        elif ended := await self._ended(stored):
            await self._end_as(stored, ended)
        elif self._is_over(stored, now):
            await self._expire(stored)
        elif stored.left_behind >= MAX_LEFT_BEHIND:
            await self._give_up(stored)
        else:
            return await self.calls.change(stored, _claimed(stored, now, now + self.lease))
        return None

    def _is_over(self, stored: StoredCall, now: datetime) -> bool:
        if stored.state is State.WAITING_FOR_SIGN_IN and stored.sign_in is not None:
            return now >= stored.sign_in.until
        return stored.state in WAITING or now >= stored.tried_since + TRIED_FOR + self.lease

    async def _ended(self, stored: StoredCall) -> InvocationRecord | None:
        """The record of a call whose end is known."""
        record = await self.records.find(stored.workspace_id, stored.id)
        is_known = record is not None and record.outcome not in (None, Outcome.UNKNOWN)
        return record if is_known else None

    async def _settle(self, stored: StoredCall) -> None:
        if ended := await self._ended(stored):
            await self._end_as(stored, ended)
        else:
            await self.ledger.after_interruption(stored.finished_fact(Outcome.UNKNOWN, INTERRUPTED))
            await self._end(stored, stored.ended(interrupted(stored.id, stored.asked.operation)))

    async def _end_as(self, stored: StoredCall, record: InvocationRecord) -> None:
        if record.outcome is not Outcome.REFUSED:
            await self._end(stored, stored.ended(_without_answer(record)))
        elif stored.is_accepted:
            await self._end(stored, stored.refused(replace(NOT_SENT, code=record.code)))
        else:
            await self.calls.forget(stored)

    async def _expire(self, stored: StoredCall) -> None:
        """Claimed first: that nothing was sent is on record only where nobody can send it."""
        if stored.is_sent:
            await self._fail(stored, ANSWER_NEVER_READ)
            return
        why = _why_expired(stored)
        claimed = await self._claim(stored)
        await self.ledger.after(claimed.finished_fact(Outcome.REFUSED, why.code))
        await self._end(claimed, claimed.refused(why, State.EXPIRED))

    async def _claim(self, stored: StoredCall) -> StoredCall:
        """It waits no more, so that no sign-in lets it go on from here."""
        now = self.clock()
        until = now + self.lease
        is_waiting = stored.state in WAITING
        claimed = stored.looked_at_again(now, until) if is_waiting else stored.leased(until)
        return await self.calls.change(stored, claimed)

    async def _give_up(self, stored: StoredCall) -> None:
        """Whatever ends the replicas that work at it must not end all of them, one by one."""
        log.error("stored_call_given_up", invocation=stored.id, replicas=MAX_LEFT_BEHIND + 1)
        await self._fail(stored, GIVEN_UP)

    async def _fail(self, stored: StoredCall, why: CallError) -> None:
        claimed = await self._claim(stored)
        await self.ledger.after_interruption(claimed.finished_fact(Outcome.FAILED, why.code))
        result = FinishedCall(stored.id, stored.asked.operation, Outcome.FAILED, 0.0, error=why)
        await self._end(claimed, claimed.ended(result))

    async def _end(self, stored: StoredCall, ended: StoredCall) -> None:
        await self.calls.change(stored, ended)
        await self.wakes.wake(stored.id)


def _claimed(stored: StoredCall, now: datetime, until: datetime) -> StoredCall:
    if stored.state is State.WAITING_FOR_SIGN_IN:
        return stored.looked_at_again(now, until)
    return stored.taken_over(until)


def _why_expired(stored: StoredCall) -> Refusal:
    if stored.state is State.WAITING_FOR_SIGN_IN and stored.sign_in is not None:
        hint = f"Sign in at {stored.sign_in.address}, then call it again."
        return replace(NOBODY_SIGNED_IN, hint=hint)
    return NOT_DECIDED if stored.state in WAITING else NEVER_SENT


def _without_answer(record: InvocationRecord) -> FinishedCall:
    assert record.outcome is not None  # noqa: S101 - of an ended call only
    return FinishedCall(
        record.id,
        record.operation,
        record.outcome,
        record.duration_ms or 0.0,
        status=record.status,
        error=ANSWER_LOST,
    )
