"""Work on documents beside the event loop: in processes, each for one document at a time.

A process that takes too long or too much memory is ended; only its own document is affected.
Processes are forked from a server that has imported what they need: a new one is ready within
milliseconds, and they share most of their memory.
"""

import asyncio
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import resource_tracker
from typing import TypeVar

from kit import logs
from kit.shares import FairShares, Resource
from kit.sizes import MIB
from schema_service.adapters.fair_line import FairLine
from schema_service.adapters.memory_files import MemoryFile, memory_file
from schema_service.domain.errors import (
    BUSY_RETRY_SECONDS,
    ExaminationTooLong,
    ExaminersBusy,
    ExaminersUnavailable,
)

log = logs.logger("schema.workers")
T = TypeVar("T")
KIB = 1024
NO_WORKSPACE = ""
"""The key of work that is nobody's."""
GIVES_WAY_SECONDS = 60.0
QUICK_BYTES = 256 * KIB
"""What takes at most some hundred milliseconds, and never waits behind what takes longer."""
LARGEST_BYTES = 16 * MIB
"""The longest document."""
WAITING = Resource(
    "documents",
    "This workspace has {used} documents waiting to be read, which is its share of this replica.",
    hint="Wait until some of them are answered, or send fewer at once.",
    full=ExaminersBusy,
    retry_after_seconds=BUSY_RETRY_SECONDS,
)
_PROCESSES = multiprocessing.get_context("forkserver")


def preload(*modules: str) -> None:
    """What the server of processes imports, once, before it forks the first."""
    _PROCESSES.set_forkserver_preload(list(modules))


@dataclass(frozen=True, slots=True)
class WorkLimits:
    """`seconds` and `memory_bytes` are for work of `LARGEST_BYTES`; the least, where there are any,
    are for the smallest. What lies between has its part.
    """

    processes: int
    seconds: float
    memory_bytes: int
    """Of private memory in each process (setrlimit(2), RLIMIT_DATA)."""
    least_seconds: float | None = None
    least_memory_bytes: int | None = None
    """With the 60 MB that a process has before its first document."""
    waiting: int = 16
    """Documents that may wait for a process, shared fairly by workspaces; the next is refused."""
    waiting_seconds: float = 20.0
    """How long one may wait; then it is refused, too."""
    documents: int = 1_000
    """Then a fresh process takes over: memory fragments in the long run."""

    def seconds_for(self, size: int) -> float:
        return _part(self.least_seconds, self.seconds, size)

    def memory_for(self, size: int) -> int:
        return int(_part(self.least_memory_bytes, self.memory_bytes, size))


def _part(least: float | None, most: float, size: int) -> float:
    if least is None or least >= most:
        return most
    return least + (most - least) * min(1.0, size / LARGEST_BYTES)


class WorkerProcesses:
    """Processes start when they are needed, or with `warm`."""

    def __init__(self, limits: WorkLimits, name: str = "documents") -> None:
        """`name` labels its queue in the metrics."""
        self.limits = limits
        self._workers = [_Worker(limits) for _ in range(limits.processes)]
        places = FairShares("schema", replace(WAITING, name=name), limits.waiting)
        self._line = FairLine(self._workers, places, limits.waiting_seconds)

    async def warm(self) -> None:
        """Have one process ready before the first document comes."""
        await self.run(NO_WORKSPACE, 0, os.getpid)

    async def let_others_go_first(self) -> None:
        """Returns once no document waits, or after a minute: then it waits in the line as well."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GIVES_WAY_SECONDS):
                await self._line.empty.wait()

    async def run(self, key: str, size: int, work: Callable[..., T], *arguments: object) -> T:
        """`work` and its arguments must be importable and picklable; `size` is theirs in bytes.

        Where documents wait, keys (workspaces) are served in turn. The time counts from when a
        process begins the work; `ExaminersBusy` where none did within `waiting_seconds`.
        """
        worker = await self._taken(key)
        try:
            if size <= QUICK_BYTES:
                return await worker.run(size, work, arguments)
            with memory_file() as file:
                request = await asyncio.to_thread(file.put, (work, arguments))
                answer = await worker.run(size, _do, (file, request))
                result: T = await asyncio.to_thread(file.take, answer)
                return result
        finally:
            self._line.give_back(worker)

    async def _taken(self, key: str) -> "_Worker":
        try:
            return await self._line.take(key)
        except TimeoutError:
            raise ExaminersBusy from None

    async def close(self) -> None:
        for worker in self._workers:
            worker.end()


@dataclass(frozen=True, slots=True)
class WorkerPools:
    """Two pools by size: short documents do not wait for long ones."""

    quick: WorkerProcesses
    long: WorkerProcesses

    async def run(self, key: str, size: int, work: Callable[..., T], *arguments: object) -> T:
        return await self._pool_for(size).run(key, size, work, *arguments)

    async def let_others_go_first(self, size: int) -> None:
        await self._pool_for(size).let_others_go_first()

    def seconds_for(self, size: int) -> float:
        return self._pool_for(size).limits.seconds_for(size)

    def _pool_for(self, size: int) -> WorkerProcesses:
        return self.quick if size <= QUICK_BYTES else self.long

    async def close(self) -> None:
        await self.quick.close()
        await self.long.close()


_BY_OTHERS = (-signal.SIGKILL, 255)
"""How a process ends that the kernel or an operator killed; 255 where its server was killed."""


class _Killed(Exception):
    """Before its time was over, by somebody else."""


class _Worker:
    """One process, started when needed, ended when it goes beyond its limits or has done enough."""

    def __init__(self, limits: WorkLimits) -> None:
        self._limits = limits
        self._pool: ProcessPoolExecutor | None = None
        self._documents = 0

    async def run(self, size: int, work: Callable[..., T], arguments: tuple[object, ...]) -> T:
        """Once more where somebody else killed the process: the document is not to blame."""
        with suppress(_Killed):
            return await self._tried(size, work, arguments)
        try:
            return await self._tried(size, work, arguments)
        except _Killed as error:
            log.error("worker_process_killed")  # noqa: TRY400 - its trace says nothing
            raise ExaminersUnavailable from error

    async def _tried(self, size: int, work: Callable[..., T], arguments: tuple[object, ...]) -> T:
        pool = self._pool = self._pool or await self._started()
        processes = list((pool._processes or {}).values())  # noqa: SLF001 - no public way
        loop = asyncio.get_running_loop()
        seconds, memory = self._limits.seconds_for(size), self._limits.memory_for(size)
        try:
            async with asyncio.timeout(seconds):
                return await loop.run_in_executor(pool, _within, memory, work, *arguments)
        except BrokenProcessPool:
            self.end()
            await asyncio.to_thread(pool.shutdown)  # it asks how the process ended, which one can
            if any(each.exitcode in _BY_OTHERS for each in processes):
                raise _Killed from None
            raise ExaminationTooLong(seconds, memory) from None
        except (TimeoutError, MemoryError):
            self.end()
            raise ExaminationTooLong(seconds, memory) from None
        except asyncio.CancelledError:
            self.end()
            raise
        finally:
            self._documents += 1
            if self._documents >= self._limits.documents:
                self.end()

    async def _started(self) -> ProcessPoolExecutor:
        """In a thread: the server of processes may take its time to answer."""
        try:
            return await asyncio.to_thread(_process, self._limits.memory_bytes)
        except (BrokenProcessPool, OSError, EOFError) as error:  # the last: its server died
            log.exception("no_worker_process")
            raise ExaminersUnavailable from error

    def end(self) -> None:
        """The next document gets a fresh process."""
        self._documents = 0
        pool, self._pool = self._pool, None
        if pool is None:
            return
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - no public way
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)


def _process(memory_bytes: int) -> ProcessPoolExecutor:
    """Ctrl-C in a terminal reaches every process there; the server of processes, and what it forks,
    inherit that this thread has it blocked: the service alone decides what ends.
    """
    resource_tracker.ensure_running()  # here, since its start unblocks what is blocked
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    pool = ProcessPoolExecutor(
        1, mp_context=_PROCESSES, initializer=_begin, initargs=(memory_bytes,)
    )
    pool.submit(os.getpid).result()
    return pool


def _do(file: MemoryFile, request: bytes) -> bytes:
    work, arguments = file.take(request)
    return file.put(work(*arguments))


def _within(memory_bytes: int, work: Callable[..., T], *arguments: object) -> T:
    """Each document has a limit of its own, up to the one with which its process began."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, most))
    return work(*arguments)


def _begin(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    threading.Thread(target=_end_with_the_service, daemon=True).start()


def _end_with_the_service() -> None:
    """A service that was killed could not end its processes."""
    service = multiprocessing.parent_process()
    if service is not None:
        service.join()
        os._exit(1)
