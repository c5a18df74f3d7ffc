"""Background work that goes on after any failure, and is seen where it does not."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic

from contracts.errors import Unavailable
from kit import logs

log = logs.logger("kit.supervise")
RESTART_SECONDS = 1.0
STEADY_SECONDS = 30.0
"""Work that runs so long without a failure counts as mended."""
DEAD_SECONDS = 60.0
CANCEL_AGAIN_SECONDS = 0.5

Work = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class _Task:
    name: str
    task: asyncio.Task[None] | None = None
    failing_since: float | None = None
    failed_at: float = 0.0
    started_at: float = 0.0

    @property
    def failing_seconds(self) -> float:
        """From the first failure of a row to its latest."""
        if self.failing_since is None or monotonic() - self.started_at > STEADY_SECONDS:
            return 0.0
        return self.failed_at - self.failing_since

    @property
    def cancelled(self) -> bool:
        return self.task is not None and self.task.cancelled()


@dataclass
class Supervisor:
    """Each work runs as a task and is started again a moment after it raised."""

    restart_seconds: float = RESTART_SECONDS
    dead_seconds: float = DEAD_SECONDS
    _tasks: list[_Task] = field(default_factory=list)
    _stopping: bool = False

    def run(self, name: str, work: Work) -> None:
        task = _Task(name)
        task.task = asyncio.create_task(self._keep_running(task, work), name=name)
        self._tasks.append(task)

    @property
    def dead(self) -> list[str]:
        """Names of work that was cancelled by nobody here, or keeps failing for `dead_seconds`.

        Work that finds its broker or its database unavailable is not failing.
        """
        return [
            each.name
            for each in self._tasks
            if (each.cancelled and not self._stopping) or each.failing_seconds > self.dead_seconds
        ]

    async def stop(self) -> None:
        """Cancel until all have ended: Python 3.11's `wait_for` may swallow a cancellation."""
        self._stopping = True
        pending = {each.task for each in self._tasks if each.task is not None}
        while pending:
            for task in pending:
                task.cancel()
            _, pending = await asyncio.wait(pending, timeout=CANCEL_AGAIN_SECONDS)

    async def _keep_running(self, task: _Task, work: Work) -> None:
        while True:
            task.started_at = monotonic()
            try:
                await work()
            except Unavailable as error:  # of broker or database: no restart mends that
                log.warning("background_work_postponed", work=task.name, code=error.code)
                task.failing_since = None
                await asyncio.sleep(self.restart_seconds)
                continue
            except Exception:
                log.exception("background_work_failed", work=task.name)
            else:
                return
            task.failed_at = monotonic()
            if task.failing_since is None or task.failed_at - task.started_at > STEADY_SECONDS:
                task.failing_since = task.failed_at
            await asyncio.sleep(self.restart_seconds)
