import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic

from contracts.ids import InvocationId, WorkspaceId, made_at
from contracts.principal import Principal
from execution_service.domain.errors import InvocationNotFound
from execution_service.domain.found_invocation import FoundInvocation
from execution_service.ports import InvocationRecords, StoredCalls, WakeUps
from execution_service.usecases.list_invocations import only_of
from kit.shares import FairShares

RECORDER_MAY_TAKE = timedelta(seconds=15)
"""Batches take a moment; one whose recorder ended is delivered again, which takes longer."""
MAX_WAIT_SECONDS = 10.0
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 1.0
RETRY_AFTER_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class ReadInvocation:
    """One call: its audit record, and what is stored of it where it outlives its request.

    Recorders write in batches: an id that is seconds old may not be on record yet. A wait looks
    again when a stored call wakes it, and after growing pauses, for at most 10 s, only where
    something may still come or change, and only while the workspace has a share of waits left;
    without one it is answered at once.
    """

    records: InvocationRecords
    calls: StoredCalls
    wakes: WakeUps
    waits: FairShares
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    max_wait_seconds: float = MAX_WAIT_SECONDS

    async def __call__(
        self,
        principal: Principal,
        invocation_id: InvocationId,
        wait_seconds: float | None = None,
    ) -> FoundInvocation:
        """Another member's is not found, except by owners and admins; what an API answered, and
        a refusal's words, are for whoever made the call alone.
        """
        workspace_id = principal.workspace_id
        is_fresh = abs(self.clock() - made_at(invocation_id)) < RECORDER_MAY_TAKE
        found = await self._find(workspace_id, invocation_id)
        may_come = not found.is_final if found else is_fresh
        if wait_seconds and may_come and self.waits.has_room(workspace_id):
            with self.waits.held(workspace_id):
                found = await self._wait(workspace_id, invocation_id, found, wait_seconds)
        if found is None or only_of(principal) not in (None, found.record.member_id):
            raise InvocationNotFound(RETRY_AFTER_SECONDS if is_fresh else None)
        is_callers = found.record.member_id == principal.member_id
        return found if is_callers else found.without_content()

    async def _find(
        self, workspace_id: WorkspaceId, invocation_id: InvocationId
    ) -> FoundInvocation | None:
        stored = await self.calls.find(workspace_id, invocation_id)
        record = await self.records.find(workspace_id, invocation_id)
        return FoundInvocation.of(record, stored)

    async def _wait(
        self,
        workspace_id: WorkspaceId,
        invocation_id: InvocationId,
        found: FoundInvocation | None,
        seconds: float,
    ) -> FoundInvocation | None:
        if found is None:  # an id that is not known to be ours is part of no subject
            return await self._look_again(workspace_id, invocation_id, asyncio.sleep, seconds)
        async with self.wakes.expected(found.record.id) as wake_up:
            return await self._look_again(workspace_id, invocation_id, wake_up.wait, seconds)

    async def _look_again(
        self,
        workspace_id: WorkspaceId,
        invocation_id: InvocationId,
        pause_for: Callable[[float], Awaitable[None]],
        seconds: float,
    ) -> FoundInvocation | None:
        until = monotonic() + min(seconds, self.max_wait_seconds)
        pause = FIRST_PAUSE_SECONDS
        while True:
            await pause_for(max(0.0, min(pause, until - monotonic())))
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            found = await self._find(workspace_id, invocation_id)
            if monotonic() >= until or (found is not None and found.is_final):
                return found
