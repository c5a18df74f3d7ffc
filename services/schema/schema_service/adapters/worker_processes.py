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
    """Processes start with the first large document, each for one document at a time."""

    def __init__(self, limits: WorkLimits) -> None:
        self._limits = limits
        self._workers = [_Worker(limits) for _ in range(limits.processes)]
        self._idle = asyncio.LifoQueue[_Worker]()
        for worker in self._workers:
            self._idle.put_nowait(worker)
        self._waiting = 0

    async def run(self, size: int, work: Callable[..., T], *arguments: object) -> T:
        """`work` and its arguments must be importable and picklable; `size` is in bytes."""
        if size <= SMALL_BYTES:
            return await asyncio.to_thread(work, *arguments)
        return await self.run_apart(work, *arguments)

    async def run_apart(self, work: Callable[..., T], *arguments: object) -> T:
        """In a process whatever the size: for work that may hang or run out of memory.

        The time counts from when a process takes it up, however long others kept it waiting.
        """
        if self._waiting >= MAX_WAITING:
            raise ExaminersBusy
        self._waiting += 1
        try:
            worker = await self._idle.get()
        finally:
            self._waiting -= 1
        try:
            pickled = await worker.run(work, arguments)
        finally:
            self._idle.put_nowait(worker)
        result: T = pickle.loads(pickled)  # noqa: S301 - from our own process
        return result

    async def close(self) -> None:
        for worker in self._workers:
            worker.end()


class _Worker:
    """One process, started when needed, ended when it goes beyond its limits."""

    def __init__(self, limits: WorkLimits) -> None:
        self._limits = limits
        self._pool: ProcessPoolExecutor | None = None

    async def run(self, work: Callable[..., object], arguments: tuple[object, ...]) -> bytes:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                1,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_limit_memory,
                initargs=(self._limits.memory_bytes,),
                max_tasks_per_child=DOCUMENTS_PER_PROCESS,
            )
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await loop.run_in_executor(self._pool, _pickled, work, arguments)
        except (TimeoutError, MemoryError, BrokenProcessPool):
            self.end()
            raise ExaminationTooLong from None
        except asyncio.CancelledError:
            self.end()
            raise

    def end(self) -> None:
        """The next document gets a fresh process."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - no public way
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)


def _limit_memory(limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _pickled(work: Callable[..., object], arguments: tuple[object, ...]) -> bytes:
    """Pickled there, so that a large result is a mere copy of bytes here."""
    return pickle.dumps(work(*arguments))
