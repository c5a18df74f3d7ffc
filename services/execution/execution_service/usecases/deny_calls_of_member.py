from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.errors import Denied, PlatformError
from contracts.facts import Outcome
from contracts.ids import InvocationId, MemberId, WorkspaceId
from execution_service.domain.errors import TakenOver
from execution_service.domain.stored_call import State
from execution_service.ports import Ledger, StoredCalls, WakeUps
from execution_service.usecases.stored_calls.held_call import HeldCall
from kit.contention import repeats_on_contention
from kit.documents import Overtaken


class CallerGone(Denied):
    code = "execution.caller_gone"

    def __init__(self) -> None:
        super().__init__(
            "This call was not sent: its member was removed or switched off while it waited.",
            hint="Another member of the workspace can call the same operation.",
        )


@dataclass(frozen=True, slots=True)
class DenyCallsOfMember:
    """End the accepted calls that somebody asked for before they were removed or switched off, and
    of which nothing was sent, as *denied*. What is being sent, reads, too, is left to whoever sends
    it.

    A call that is missed here is denied as soon as a replica continues it (`ContinueCall`).
    """

    calls: StoredCalls
    ledger: Ledger
    wakes: WakeUps
    clock: Callable[[], datetime]
    lease: timedelta

    async def __call__(
        self, workspace_id: WorkspaceId, member_id: MemberId, gone_at: datetime
    ) -> None:
        """Raises once all were tried where that failed for one."""
        failed: PlatformError | None = None
        for id_ in await self.calls.waiting_of(workspace_id, member_id):
            try:
                await self._deny(workspace_id, id_, gone_at)
            except PlatformError as error:
                failed = error
        if failed is not None:
            raise failed

    @repeats_on_contention
    async def _deny(self, workspace_id: WorkspaceId, id_: InvocationId, gone_at: datetime) -> None:
        stored = await self.calls.find(workspace_id, id_)
        if stored is None or stored.is_final:
            return
        if stored.state is State.SENDING or stored.is_sent:
            return
        if stored.at > gone_at:  # the member is back, and an old fact came late
            return
        held = HeldCall(stored, self.calls, self.wakes, self.clock, self.lease)
        try:
            await held.claim()  # that it was refused is on record only where nobody else sends it
        except TakenOver:
            raise Overtaken from None
        error = CallerGone()
        await self.ledger.after(stored.finished_fact(Outcome.REFUSED, error.code))
        await held.refuse(error, state=State.DENIED, patience=self.lease)
