"""Work on documents beside the event loop: small ones in a thread, larger ones in processes.

A process that takes too long or too much is ended; only the document that it worked on suffers.
"""

import asyncio
import multiprocessing
import pickle
import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TypeVar

from schema_service.domain.errors import ExaminationTooLong, ExaminersBusy

T = TypeVar("T")
KIB = 1024
MIB = KIB * KIB
SMALL_BYTES = 24 * KIB
"""What takes a few milliseconds; beyond, the interpreter lock would be held too long."""
MAX_WAITING = 8
DOCUMENTS_PER_PROCESS = 200


@dataclass(frozen=True, slots=True)
class WorkLimits:
    processes: int
    seconds: float
    memory_bytes: int
    """Of private memory in each process (setrlimit(2), RLIMIT_DATA)."""


class WorkerProcesses:
    """Processes start with the first large document."""

    def __init__(self, limits: WorkLimits) -> None:
        self._limits = limits
        self._pool: ProcessPoolExecutor | None = None
        self._waiting = 0

    async def run(self, size: int, work: Callable[..., T], *arguments: object) -> T:
        """`work` and its arguments must be importable and picklable; `size` is in bytes."""
        if size <= SMALL_BYTES:
            return await asyncio.to_thread(work, *arguments)
        return await self.run_apart(work, *arguments)

    async def run_apart(self, work: Callable[..., T], *arguments: object) -> T:
        """In a process whatever the size: for work that may hang or run out of memory."""
        if self._waiting >= MAX_WAITING:
            raise ExaminersBusy
        self._waiting += 1
        pool = self._running_pool()
        try:
            async with asyncio.timeout(self._limits.seconds):
                loop = asyncio.get_running_loop()
                pickled = await loop.run_in_executor(pool, _pickled, work, arguments)
        except (TimeoutError, MemoryError, BrokenProcessPool):
            self._abandon(pool)
            raise ExaminationTooLong from None
        finally:
            self._waiting -= 1
        result: T = pickle.loads(pickled)  # noqa: S301 - from our own process
        return result

    async def close(self) -> None:
        if self._pool is not None:
            self._abandon(self._pool)

    def _running_pool(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._limits.processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_limit_memory,
                initargs=(self._limits.memory_bytes,),
                max_tasks_per_child=DOCUMENTS_PER_PROCESS,
            )
        return self._pool

    def _abandon(self, pool: ProcessPoolExecutor) -> None:
        """End the processes of a pool that is stuck; the next document gets a fresh one."""
        if self._pool is pool:
            self._pool = None
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - no public way
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)


def _limit_memory(limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _pickled(work: Callable[..., object], arguments: tuple[object, ...]) -> bytes:
    """Pickled there, so that a large result is a mere copy of bytes here."""
    return pickle.dumps(work(*arguments))
