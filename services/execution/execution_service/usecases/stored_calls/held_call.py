"""A stored call while this replica works at it, between two compare-and-sets."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from contracts.errors import PlatformError, Unavailable
from execution_service.domain.call import Call
from execution_service.domain.errors import TakenOver
from execution_service.domain.invocation import FinishedCall
from execution_service.domain.stored_call import (
    WAITING,
    Refusal,
    Request,
    SignInWait,
    State,
    StoredCall,
    TransitionRefused,
)
from execution_service.ports import StoredCalls, WakeUps
from kit import logs
from kit.documents import ChangedMeanwhile

log = logs.logger("execution.stored_calls")
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0
TRIED_FOR = timedelta(minutes=10)
"""How long after it was accepted, or resumed, a call is tried again that could not be sent."""
STORED_TO = timedelta(milliseconds=1)
"""As exactly the database keeps a time."""
TRIED_AGAIN_AFTER = timedelta(seconds=5)


@dataclass(slots=True)
class HeldCall:
    """`stored` is what this replica last read or wrote."""

    stored: StoredCall
    calls: StoredCalls
    wakes: WakeUps
    clock: Callable[[], datetime]
    lease: timedelta
    """Longer than the longest call."""
    was_sent_before: bool = field(init=False)
    """By another replica; only what changes nothing is sent again."""
    _unanswered: StoredCall | None = field(default=None, init=False)
    """As what, being sent, nobody could say whether the call is stored."""

    def __post_init__(self) -> None:
        self.was_sent_before = self.stored.is_sent

    async def before_sending(self, call: Call) -> None:
        """Stored before `invocation.started` and the first byte: nobody denies it from now on, and
        where it changes something nobody else sends it. Nobody denies what is not accepted.

        `TakenOver` where another replica continued the call after the lease had ended, or denied
        it.
        """
        stored, request, until = self.stored, request_of(call), self.clock() + self.lease
        if call.changes_something:
            marked = stored.sending(until, request)
        elif stored.is_accepted:
            marked = stored.reading(until, request)
        else:
            return
        try:
            await self._change(marked)
        except (Unavailable, asyncio.CancelledError):
            self._unanswered = marked
            raise

    async def claim(self) -> None:
        """Nobody else continues it from now on, for a lease, also where its member signs in; nobody
        ever does what is being sent.

        `TakenOver` where somebody continues it already.
        """
        await self._find_unanswered()
        stored = self.stored
        if stored.state in WAITING:
            stored = stored.received_again()
        if stored.state is not State.SENDING:
            await self._change(stored.leased(self.clock() + self.lease))

    async def put_back(self, until: datetime, *, may_be_sent: bool = False) -> None:
        """Nothing was sent, or what may be sent again: any replica may continue it from then on.
        `TakenOver` as above.
        """
        await self._find_unanswered()
        stored = self.stored
        again = stored.received_again() if stored.state is State.SENDING else stored
        is_sent = self.was_sent_before or (may_be_sent and stored.is_sent)
        await self._change(again.given_back(until, is_sent=is_sent))

    async def wait_for_sign_in(self, wait: SignInWait) -> None:
        """Nothing was sent, or the API refused it before it did anything. Its lease is this
        replica's: until `leave_waiting` another one looks again once it ends.
        """
        await self._find_unanswered()
        stored, until = self.stored, self.clock() + self.lease
        again = stored.received_again() if stored.state is State.SENDING else stored
        await self._change(again.waiting_for_sign_in(wait, until, is_sent=self.was_sent_before))

    async def leave_waiting(self) -> None:
        """Whoever signs in from now on finds it; else it expires. `TakenOver` where that happened
        already.
        """
        assert self.stored.sign_in is not None  # noqa: S101 - it waits for that
        await self._change(self.stored.leased(self.stored.sign_in.until))

    async def resume(self) -> None:
        """Its member signed in before it was stored as waiting. `TakenOver` as above."""
        await self._change(self.stored.resumed(self.clock()))

    async def _find_unanswered(self) -> None:
        """Another replica that claims a call has a lease of its own, also at the same revision."""
        marked = self._unanswered
        if marked is None:
            return
        found = await self.calls.find(self.stored.workspace_id, self.stored.id)
        if found is not None and found.revision == self.stored.revision + 1:
            is_ours = abs(found.lease_until - marked.lease_until) < STORED_TO
            if is_ours and (found.state, found.is_sent) == (marked.state, marked.is_sent):
                self.stored = found

    async def _change(self, changed: StoredCall) -> None:
        try:
            self.stored = await self.calls.change(self.stored, changed)
        except ChangedMeanwhile:
            raise TakenOver from None

    async def forget(self) -> bool:
        """Nothing was sent, and its caller is refused: the key is free again. Also where the last
        change was made, and nobody could say so.

        False where the database is away: then `RecoverCalls` does it, or continues the call.
        """
        unanswered = replace(self.stored, revision=self.stored.revision + 1)
        try:
            if not await self.calls.forget(self.stored):
                await self.calls.forget(unanswered)
        except Unavailable as error:
            log.warning("stored_call_forgotten_later", invocation=self.stored.id, code=error.code)
            return False
        return True

    async def end(self, result: FinishedCall, *, patience: timedelta = timedelta()) -> None:
        """With the database away it is tried again for so long. After that `RecoverCalls` settles
        the call by what is on record, without the API's answer.
        """
        await self._end(lambda stored: stored.ended(result), patience)

    async def refuse(
        self,
        error: PlatformError,
        *,
        state: State = State.REFUSED,
        patience: timedelta = timedelta(),
    ) -> None:
        refusal = Refusal(error.code, error.sentence, error.hint)
        await self._end(lambda stored: stored.refused(refusal, state), patience)

    async def _end(self, ended: Callable[[StoredCall], StoredCall], patience: timedelta) -> None:
        pause, until = FIRST_PAUSE_SECONDS, self.clock() + patience
        while True:
            try:
                await self._end_once(ended)
            except Unavailable as error:
                if self.clock() >= until:
                    log.warning("stored_call_not_ended", invocation=self.stored.id, code=error.code)
                    return
            else:
                await self.wakes.wake(self.stored.id)
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _end_once(self, ended: Callable[[StoredCall], StoredCall]) -> None:
        """Over what other replicas make of it meanwhile, as long as that gives way to this end."""
        seen, end = self.stored, ended(self.stored)
        while True:
            try:
                self.stored = await self.calls.change(seen, end)
            except ChangedMeanwhile:
                found = await self.calls.find(seen.workspace_id, seen.id)
            else:
                return
            if found is None:
                return
            try:
                seen, end = found, ended(found)
            except TransitionRefused:
                return


def request_of(call: Call) -> Request:
    """As far as the audit record names it; of a call whose arguments were admitted."""
    operation = call.operation
    return Request(operation.compiled.method, operation.target.host, call.arguments_hash or "")
