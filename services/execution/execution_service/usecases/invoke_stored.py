from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.errors import PlatformError, Unavailable
from contracts.ids import InvocationId
from execution_service.domain.call import Call
from execution_service.domain.errors import AcceptanceUnknown, KeyInProgress, KeyReused, TakenOver
from execution_service.domain.invocation import FinishedCall, WantedCall, interrupted
from execution_service.domain.step import Signal
from execution_service.domain.stored_call import AskedCall, IdempotencyKey, State, StoredCall
from execution_service.ports import StoredCalls, WakeUps
from execution_service.usecases.invoke_operation import InvokeOperation
from execution_service.usecases.steps.run_steps import RunSteps
from execution_service.usecases.stored_calls.held_call import HeldCall, request_of


@dataclass(frozen=True, slots=True)
class StoredRequest:
    wanted: WantedCall
    token_digest: str
    key: IdempotencyKey | None = None
    is_asynchronous: bool = False


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    call: StoredCall
    result: FinishedCall | None = None
    """None of an asynchronous call, which goes on without its request."""
    is_repeated: bool = False
    """Whether an earlier request with the same key made the call."""


@dataclass(frozen=True, slots=True)
class InvokeStored:
    """Call an operation asynchronously, or under an idempotency key, or both.

    A key is stored before anything else happens: of two requests with it, one makes the call. A
    call that is refused leaves its key free. An asynchronous call is accepted once it is stored
    after it passed every check but the credential's; whoever accepted it runs it (`ContinueCall`),
    or another replica once the lease has ended (`RecoverCalls`).
    """

    calls: StoredCalls
    invoke: InvokeOperation
    prepare: RunSteps
    """Resolve, gate, admit, decide."""
    wakes: WakeUps
    new_id: Callable[[], InvocationId]
    clock: Callable[[], datetime]
    lease: timedelta

    async def __call__(self, asked: StoredRequest) -> StoredAnswer:
        """Raises the refusal where nothing was sent."""
        held = HeldCall(self._new(asked), self.calls, self.wakes, self.clock, self.lease)
        if asked.key is not None:
            stored = await self._add(held)
            if stored.id != held.stored.id:
                return _repeated(stored, asked.key)
            held.stored = stored
        if asked.is_asynchronous:
            return await self._accept(asked, held)
        return await self._at_once(asked, held)

    def _new(self, asked: StoredRequest) -> StoredCall:
        principal, now = asked.wanted.principal, self.clock()
        return StoredCall(
            id=self.new_id(),
            workspace_id=principal.workspace_id,
            revision=0,
            state=State.RECEIVED,
            member_id=principal.member_id,
            asked=AskedCall.of(asked.wanted),
            token_digest=asked.token_digest,
            at=now,
            lease_until=now + self.lease,
            key=asked.key,
            acted_by=principal.acted_by,
        )

    async def _add(self, held: HeldCall) -> StoredCall:
        try:
            return await self.calls.add(held.stored)
        except Unavailable:  # it may be stored: a repetition need not wait until the lease ends
            await held.forget()
            raise

    async def _accept(self, asked: StoredRequest, held: HeldCall) -> StoredAnswer:
        call = Call(held.stored.id, asked.wanted)
        try:
            result = await self.prepare.once(call)
            if not isinstance(result, Signal):
                await self.invoke.settle(call, result)
        except BaseException:
            if held.stored.revision:
                await held.forget()
            raise
        accepted = held.stored.accepted(call.operation.tool, request_of(call))
        try:
            if held.stored.revision:
                return StoredAnswer(await self.calls.change(held.stored, accepted))
            return StoredAnswer(await self.calls.add(accepted))
        except Unavailable as error:  # it may be stored, and nobody could say so
            if await held.forget():
                raise
            raise AcceptanceUnknown(call.id) from error

    async def _at_once(self, asked: StoredRequest, held: HeldCall) -> StoredAnswer:
        call = Call(held.stored.id, asked.wanted, before_sending=held.before_sending)
        try:
            finished = await self.invoke.carry_out(call)
        except TakenOver:
            raise
        except PlatformError:
            await held.forget()
            raise
        except BaseException:  # cancelled with the caller's request
            if call.is_started:
                await held.end(interrupted(call.id, asked.wanted.operation))
            else:
                await held.forget()
            raise
        await held.end(finished)
        return StoredAnswer(held.stored, finished)


def _repeated(stored: StoredCall, key: IdempotencyKey) -> StoredAnswer:
    if stored.key is None or stored.key.request_digest != key.request_digest:
        raise KeyReused
    if not stored.is_final and not stored.is_accepted:
        raise KeyInProgress
    result = None if stored.is_accepted else stored.result
    return StoredAnswer(stored, result, is_repeated=True)
