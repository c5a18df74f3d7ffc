from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.errors import Kind, PlatformError
from contracts.facts import Outcome
from contracts.principal import CannotActFor, Scope
from execution_service.domain.call import Call
from execution_service.domain.errors import TakenOver
from execution_service.domain.invocation import (
    INTERRUPTED,
    WantedCall,
    answer_never_read,
    interrupted,
)
from execution_service.domain.step import Refused, Waiting, WaitsFor
from execution_service.domain.stored_call import SignInWait, State, StoredCall
from execution_service.ports import Callers, Credentials, Ledger, StoredCalls, WakeUps
from execution_service.usecases.steps.run_steps import RunSteps
from execution_service.usecases.steps.settle import Settle
from execution_service.usecases.stored_calls.held_call import (
    TRIED_AGAIN_AFTER,
    TRIED_FOR,
    HeldCall,
)
from kit import logs
from kit.errors import SessionEnded, Unauthenticated

log = logs.logger("execution.stored_calls")
PASSES = frozenset({Kind.UNAVAILABLE, Kind.LIMITED})
"""Refusals that a later try may not get: something is away, or a share is used up."""

WAITS_FOR_SIGN_IN = timedelta(minutes=10)

LET_IN_NO_MORE = frozenset({Unauthenticated.code, SessionEnded.code, CannotActFor.code})
"""Refusals of whoever asked for the call: nobody can do it for them."""


@dataclass(frozen=True, slots=True)
class ContinueCall:
    """Run an accepted call whose lease this replica has, from the first step: who its caller is,
    access, verdict and decision are asked anew. Its tool is the one that it was accepted for.

    Where nothing was sent because something is away, it is put back and tried again. Where its
    member has to sign in at the API first, it is stored as waiting for that, ten minutes at most:
    `ContinueAfterSignIn` lets it go on. A sign-in that came before it was stored found nothing
    that waits, so auth is asked once more after that.
    """

    calls: StoredCalls
    callers: Callers
    credentials: Credentials
    run: RunSteps
    settle: Settle
    ledger: Ledger
    wakes: WakeUps
    clock: Callable[[], datetime]
    lease: timedelta

    async def __call__(
        self, stored: StoredCall, holds: Callable[[int], None] = lambda _: None
    ) -> None:
        """`holds` counts what is kept of the answer."""
        held = HeldCall(stored, self.calls, self.wakes, self.clock, self.lease)
        try:
            wanted = await self._wanted(stored, holds)
        except PlatformError as error:
            await self._not_sent(held, None, error)
            return
        call = Call(stored.id, wanted, pinned=stored.pinned, before_sending=held.before_sending)
        try:
            result = await self.run(call)
        except BaseException:  # this replica stops
            await self._interrupted(held, call)
            raise
        if isinstance(result, Waiting) and result.waits_for is WaitsFor.SIGN_IN:
            await self._wait_for_sign_in(held, call, result.refusal.sign_in)
            return
        if isinstance(result, Waiting):
            result = Refused(result.refusal)  # nobody can wait yet: approvals come later
        if isinstance(result, Refused):
            await self._not_sent(held, call, result.error, masked=result.masked)
        else:
            await held.end(await self.settle(call, result), patience=self.lease)

    async def _wanted(self, stored: StoredCall, holds: Callable[[int], None]) -> WantedCall:
        caller = await self.callers.hold_digest(stored.token_digest)
        caller.value.demand(Scope.INVOCATIONS_CREATE)
        return stored.asked.by(caller.value, lambda: not caller.outdated, holds)

    async def _wait_for_sign_in(self, held: HeldCall, call: Call, address: str) -> None:
        """What fails after it was stored is repeated by whoever finds that its lease ended."""
        known = held.stored.sign_in
        until = known.until if known else self.clock() + WAITS_FOR_SIGN_IN
        await held.wait_for_sign_in(SignInWait(address, until))
        try:
            if await self.credentials.is_signed_in(call.wanted, call.operation):
                await held.resume()
            else:
                await held.leave_waiting()
        except TakenOver:  # it goes on: its member signed in meanwhile
            return
        except PlatformError as error:
            log.warning("stored_call_waits_unasked", invocation=call.id, code=error.code)

    async def _not_sent(
        self, held: HeldCall, call: Call | None, error: PlatformError, *, masked: int = 0
    ) -> None:
        if isinstance(error, TakenOver):
            return
        now = self.clock()
        if error.kind in PASSES and now < held.stored.tried_since + TRIED_FOR:
            await held.put_back(now + TRIED_AGAIN_AFTER)
            return
        await held.claim()  # that it was refused is on record only where nobody else can send it
        if held.was_sent_before:
            await self._never_read(held)
            return
        if call is not None and call.is_resolved:
            await self.settle.refused(call, error, masked=masked)
        else:
            await self.ledger.after(held.stored.finished_fact(Outcome.REFUSED, error.code))
        state = State.DENIED if error.code in LET_IN_NO_MORE else State.REFUSED
        await held.refuse(error, state=state, patience=self.lease)

    async def _never_read(self, held: HeldCall) -> None:
        """Another replica sent it, and this one may not."""
        stored = held.stored
        await self.ledger.after_interruption(stored.finished_fact(Outcome.FAILED, INTERRUPTED))
        await held.end(answer_never_read(stored.id, stored.asked.operation), patience=self.lease)

    async def _interrupted(self, held: HeldCall, call: Call) -> None:
        if call.is_started:
            await self.settle.interrupted(call)
            await held.end(interrupted(call.id, call.wanted.operation))
        else:
            await held.put_back(self.clock(), may_be_sent=True)
