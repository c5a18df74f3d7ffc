import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from contracts.ids import InvocationId, WorkspaceId, made_at
from contracts.principal import Principal
from execution_service.domain.errors import InvocationNotFound
from execution_service.domain.invocation import InvocationRecord
from execution_service.ports import InvocationRecords
from execution_service.usecases.list_invocations import only_of
from kit.shares import FairShares

RECORDER_MAY_TAKE = timedelta(seconds=15)
"""Its batches take a moment; what one had in hand when it died takes until it comes again."""
MAX_WAIT_SECONDS = 10.0
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 1.0
RETRY_AFTER_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class ReadInvocation:
    """One audit record, as it is now, or within `wait_seconds` as it is in the end.

    Recorders write in batches: an id that is seconds old may not be on record yet. A wait looks
    again after growing pauses, for at most 10 s, only where a record may still come or change, and
    only while the workspace has a share of waits left; without one it is answered at once.
    """

    records: InvocationRecords
    waits: FairShares
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    max_wait_seconds: float = MAX_WAIT_SECONDS

    async def __call__(
        self,
        principal: Principal,
        invocation_id: InvocationId,
        wait_seconds: float | None = None,
    ) -> InvocationRecord:
        """Another member's is not found, except by owners and admins."""
        workspace_id = principal.workspace_id
        record = await self.records.find(workspace_id, invocation_id)
        is_fresh = abs(self.clock() - made_at(invocation_id)) < RECORDER_MAY_TAKE
        may_come = record.outcome is None if record is not None else is_fresh
        if wait_seconds and may_come and self.waits.has_room(workspace_id):
            with self.waits.held(workspace_id):
                record = await self._wait(workspace_id, invocation_id, wait_seconds)
        if record is None or only_of(principal) not in (None, record.member_id):
            raise InvocationNotFound(RETRY_AFTER_SECONDS if is_fresh else None)
        return record

    async def _wait(
        self, workspace_id: WorkspaceId, invocation_id: InvocationId, wait_seconds: float
    ) -> InvocationRecord | None:
        left, pause = min(wait_seconds, self.max_wait_seconds), FIRST_PAUSE_SECONDS
        while True:
            await asyncio.sleep(min(pause, left))
            left, pause = left - pause, min(pause * 2, LONGEST_PAUSE_SECONDS)
            record = await self.records.find(workspace_id, invocation_id)
            if left <= 0 or (record is not None and record.outcome is not None):
                return record
