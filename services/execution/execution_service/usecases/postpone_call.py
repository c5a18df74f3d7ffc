from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from execution_service.domain.stored_call import StoredCall
from execution_service.ports import StoredCalls, WakeUps
from execution_service.usecases.stored_calls.held_call import TRIED_AGAIN_AFTER, HeldCall


@dataclass(frozen=True, slots=True)
class PostponeCall:
    """Put an accepted call back that this replica has no room for: any may continue it soon."""

    calls: StoredCalls
    wakes: WakeUps
    clock: Callable[[], datetime]
    lease: timedelta

    async def __call__(self, stored: StoredCall) -> None:
        """`TakenOver` where another replica continues it already."""
        held = HeldCall(stored, self.calls, self.wakes, self.clock, self.lease)
        await held.put_back(self.clock() + TRIED_AGAIN_AFTER)
