"""Accepted calls on this replica: its own, and those that another one left behind."""

import asyncio

from contracts.errors import PlatformError
from contracts.ids import WorkspaceId
from execution_service.app import ExecutionApp
from execution_service.domain.arguments.exact_json import write_json
from execution_service.domain.stored_call import StoredCall
from execution_service.entrypoints.call_limits import CallLimits
from execution_service.entrypoints.capacity import Capacity, memory_of
from execution_service.usecases.invoke_stored import StoredAnswer, StoredRequest
from execution_service.usecases.recover_calls import MAX_AT_ONCE
from kit import logs

log = logs.logger("execution.stored_calls")
RECOVER_EVERY_SECONDS = 5.0
MAX_RUNNING = 256
"""Beyond that a replica claims no more calls that others left behind."""
LOOK_EVERY_SECONDS = 0.1
LOOK_FOR_SECONDS = 30.0
"""So long a call looks for room in its workspace's share; then it is put back for any replica."""
FINISH_WITHIN_SECONDS = 40.0
"""How long a stopping replica lets its calls go on; what is then not sent, another continues."""


class ContinuedCalls:
    """Each holds a part of its workspace's share of accepted calls, and of bytes for its arguments,
    and while it runs of calls, as a request does.
    """

    def __init__(
        self,
        app: ExecutionApp,
        capacity: Capacity,
        limits: CallLimits,
        *,
        look_for_seconds: float = LOOK_FOR_SECONDS,
        finish_within_seconds: float = FINISH_WITHIN_SECONDS,
    ) -> None:
        self._app = app
        self._capacity = capacity
        self._limits = limits
        self._looks = round(look_for_seconds / LOOK_EVERY_SECONDS)
        self._finish_within = finish_within_seconds
        self._running: set[asyncio.Task[None]] = set()

    async def accept(self, asked: StoredRequest) -> StoredAnswer:
        """`ShareExceeded` before anything is stored where the workspace has its share."""
        with self._capacity.accepted.held(asked.wanted.principal.workspace_id):
            answer = await self._app.invoke_stored(asked)
        if not answer.is_repeated:
            self._start(answer.call)
        return answer

    def _start(self, call: StoredCall) -> None:
        """It is counted without being refused: it is stored, and others may have taken the room
        that there was before.
        """
        workspace, size = call.workspace_id, _bytes_of(call)
        self._capacity.accepted.count(workspace, 1)
        self._capacity.bytes.count(workspace, size)
        task = asyncio.create_task(self._run(call))
        self._running.add(task)
        task.add_done_callback(lambda done: self._ended(workspace, size, done))

    def _ended(self, workspace: WorkspaceId, size: int, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._capacity.accepted.give(workspace)
        self._capacity.bytes.give(workspace, size)

    async def _run(self, call: StoredCall) -> None:
        try:
            for _ in range(self._looks):
                if await self._limits.has_room(call.workspace_id):
                    await self._go_on(call)
                    return
                await asyncio.sleep(LOOK_EVERY_SECONDS)
            await self._app.postpone_call(call)
        except PlatformError as error:
            log.warning("stored_call_not_continued", invocation=call.id, cause=repr(error))
        except Exception:
            log.exception("stored_call_failed", invocation=call.id)

    async def _go_on(self, call: StoredCall) -> None:
        workspace = call.workspace_id
        with self._capacity.calls.held(workspace), self._capacity.bytes.holding(workspace) as held:
            await self._app.continue_call(call, held.count)

    async def recover_for_ever(self) -> None:
        while True:
            started = 0
            if len(self._running) < MAX_RUNNING:
                for call in await self._app.recover_calls():
                    started += await self._start_or_postpone(call)
            if started < MAX_AT_ONCE:  # else there may be more, and there was room for all
                await asyncio.sleep(RECOVER_EVERY_SECONDS)

    async def _start_or_postpone(self, call: StoredCall) -> bool:
        workspace = call.workspace_id
        may_start = self._capacity.accepted.has_room(workspace)
        if may_start and self._capacity.bytes.has_room(workspace, _bytes_of(call)):
            self._start(call)
            return True
        try:
            await self._app.postpone_call(call)
        except PlatformError as error:  # left until its lease ends
            log.warning("stored_call_not_continued", invocation=call.id, cause=repr(error))
        return False

    async def close(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=self._finish_within)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)


def _bytes_of(call: StoredCall) -> int:
    return memory_of(write_json(call.asked.arguments))
