"""Work on documents beside the event loop: in processes, each for one document at a time.

A process that takes too much processor time or memory is ended; only its own document is affected,
and how busy the machine is does not matter. Processes are forked from a server that has imported
what they need: a new one is ready within milliseconds, and they share most of their memory.
"""

import asyncio
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from math import inf
from multiprocessing import forkserver, resource_tracker
from time import monotonic
from typing import NamedTuple, TypeVar

from kit import logs
from kit.shares import FairShares, Resource
from schema_service.adapters.costly_workspaces import CostlyWorkspaces
from schema_service.adapters.fair_line import FairLine
from schema_service.adapters.memory_files import MemoryFile, memory_file
from schema_service.domain.errors import (
    BUSY_RETRY_SECONDS,
    ExaminationKilled,
    ExaminationStalled,
    ExaminationTooLong,
    ExaminersBusy,
    ExaminersUnavailable,
)
from schema_service.domain.reading.limits import MAX_BYTES

log = logs.logger("schema.workers")
T = TypeVar("T")
KIB = 1024
NO_WORKSPACE = ""
"""The key of work that is nobody's."""
GIVES_WAY_SECONDS = 60.0
QUICK_BYTES = 256 * KIB
"""Documents up to here have processes of their own and do not wait behind longer ones, unless they
take longer than `first_seconds`: then they are done among those.
"""
LARGEST_BYTES = MAX_BYTES
"""The longest document."""
STALLED_FACTOR = 4
"""How many times as long as its processor time a process may have a document: none is refused for
the time that others take, and none is waited for without end.
"""
STALLED_SECONDS = 35.0
"""By the clock, at most: with the time of waiting, less than the edge and our own client wait."""
DYING_SECONDS = 0.05
WAITING = Resource(
    "documents",
    "This workspace has {used} waiting to be read, which is its share of this replica.",
    noun="document",
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
    are for the smallest. What lies between has its part. All seconds but those of waiting are
    processor time.
    """

    processes: int
    seconds: float
    memory_bytes: int
    """Of private memory in each process (setrlimit(2), RLIMIT_DATA)."""
    least_seconds: float | None = None
    least_memory_bytes: int | None = None
    """With the 60 MB that a process has before its first document."""
    first_seconds: float = inf
    """After which work is ended whatever its size, to be done elsewhere."""
    waiting: int = 16
    """Documents that may wait for a process, shared fairly by workspaces; the next is refused."""
    starting_seconds: float = 30.0
    """Within which a new process answers; else the server of processes is ended, too."""
    waiting_seconds: float = 20.0
    """How long one may wait; then it is refused, too."""
    documents: int = 1_000
    """Then a fresh process takes over: memory fragments in the long run."""

    def seconds_for(self, size: int) -> float:
        return _part(self.least_seconds, self.seconds, size)

    def clock_seconds_for(self, size: int) -> float:
        """After which a process is ended that was given too little of the machine."""
        return min(self.seconds_for(size) * STALLED_FACTOR, STALLED_SECONDS)

    def memory_for(self, size: int) -> int:
        return int(_part(self.least_memory_bytes, self.memory_bytes, size))


def _part(least: float | None, most: float, size: int) -> float:
    if least is None or least >= most:
        return most
    return least + (most - least) * min(1.0, size / LARGEST_BYTES)


class WorkerProcesses:
    """Processes start when they are needed, or with `warm`."""

    def __init__(
        self,
        limits: WorkLimits,
        name: str = "documents",
        costly: CostlyWorkspaces | None = None,
    ) -> None:
        """`name` labels its queue in the metrics; `costly` may be that of other processes, too."""
        self.limits = limits
        self._costly = costly or CostlyWorkspaces()
        self._workers = [_Worker(limits, name) for _ in range(limits.processes)]
        places = FairShares("schema", replace(WAITING, name=name), limits.waiting)
        self._line = FairLine(self._workers, places, limits.waiting_seconds, self._costly)

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
        process begins the work; `ExaminersBusy` where none did within `waiting_seconds`. A key
        whose work was ended for its time counts as costly, from before its process is free again.
        """
        worker = await self._taken(key)
        try:
            if size <= QUICK_BYTES:
                return await worker.run(key, size, work, arguments)
            with memory_file() as file:
                request = await asyncio.to_thread(file.put, (work, arguments))
                answer = await worker.run(key, size, _do, (file, request))
                result: T = await asyncio.to_thread(file.take, answer)
                return result
        except OutOfTime:
            self._costly.note(key)
            raise
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
    """Two pools by size: short documents do not wait for long ones. Nor do they for short ones that
    take long: these are given up in the quick pool and done in the long one.
    """

    quick: WorkerProcesses
    long: WorkerProcesses

    async def run(self, key: str, size: int, work: Callable[..., T], *arguments: object) -> T:
        if size <= QUICK_BYTES:
            with suppress(OutOfTime):
                return await self.quick.run(key, size, work, *arguments)
        return await self.long.run(key, size, work, *arguments)

    async def run_in_each(
        self, key: str, size: int, work: Callable[..., object], *arguments: object
    ) -> None:
        """Once in each pool that work of that size may come to, within its limits for it."""
        for pool in dict.fromkeys((self._pool_for(size), self.long)):
            await pool.run(key, size, work, *arguments)

    async def let_others_go_first(self, size: int) -> None:
        await self._pool_for(size).let_others_go_first()

    def seconds_for(self, size: int) -> float:
        """Of processor time."""
        return self._pool_for(size).limits.seconds_for(size)

    def _pool_for(self, size: int) -> WorkerProcesses:
        return self.quick if size <= QUICK_BYTES else self.long

    async def close(self) -> None:
        await self.quick.close()
        await self.long.close()


_BY_OTHERS = (-signal.SIGKILL, -signal.SIGTERM, 255)
"""How a process ends that the kernel or an operator ended; 255 where its server was killed."""


class OutOfTime(ExaminationTooLong):
    """It took its processor time; what takes its memory is `ExaminationTooLong` alone."""


class _Killed(Exception):
    """Before its time was over, by somebody else."""


class _Worker:
    """One process, started when needed, ended when it goes beyond its limits or has done enough."""

    def __init__(self, limits: WorkLimits, name: str) -> None:
        self._limits = limits
        self._name = name
        self._pool: ProcessPoolExecutor | None = None
        self._documents = 0

    async def run(
        self, key: str, size: int, work: Callable[..., T], arguments: tuple[object, ...]
    ) -> T:
        """Once more where somebody else killed the process: the document is not to blame."""
        with suppress(_Killed):
            return await self._tried(key, size, work, arguments)
        try:
            return await self._tried(key, size, work, arguments)
        except _Killed as error:
            log.error("worker_process_killed", **self._about(key))  # noqa: TRY400 - its trace says nothing
            raise ExaminationKilled from error

    async def _tried(
        self, key: str, size: int, work: Callable[..., T], arguments: tuple[object, ...]
    ) -> T:
        pool = self._pool = self._pool or await self._started(key)
        processes = list((pool._processes or {}).values())  # noqa: SLF001 - no public way
        loop = asyncio.get_running_loop()
        seconds, memory = self._limits.seconds_for(size), self._limits.memory_for(size)
        bounds = _Bounds(min(seconds, self._limits.first_seconds), memory)
        by_the_clock = self._limits.clock_seconds_for(size)
        try:
            with self._given_up(key, pool, seconds):
                async with asyncio.timeout(by_the_clock):
                    return await loop.run_in_executor(pool, _within, bounds, work, *arguments)
        except BrokenProcessPool:
            self.end()
            await asyncio.to_thread(pool.shutdown)  # it asks how the process ended, which one can
            raise _why({each.exitcode for each in processes}, seconds, memory) from None
        except TimeoutError:
            self.end()
            raise ExaminationStalled(by_the_clock) from None
        except MemoryError:
            self.end()
            raise ExaminationTooLong(seconds, memory) from None
        except asyncio.CancelledError:
            self.end()
            raise
        finally:
            self._documents += 1
            if self._documents >= self._limits.documents:
                self.end()

    @contextmanager
    def _given_up(self, key: str, pool: ProcessPoolExecutor, seconds: float) -> Iterator[None]:
        """Names the process that did not answer, in time or for longer than it may compute, and
        that another one replaces: it was stopped, or given too little of the machine.
        """
        pids, begun = list(pool._processes or ()), monotonic()  # noqa: SLF001 - no public way
        try:
            yield
        except (TimeoutError, asyncio.CancelledError) as error:
            waited = monotonic() - begun
            if isinstance(error, TimeoutError) or waited > seconds:
                about = {**self._about(key), "pids": pids, "seconds": round(waited, 1)}
                log.warning("worker_process_replaced", **about)
            raise

    def _about(self, key: str) -> dict[str, object]:
        """For the log: whose document, and in which queue it was; never what is in it."""
        return {"workspace": key or None, "queue": self._name}

    async def _started(self, key: str) -> ProcessPoolExecutor:
        """In a thread: the server of processes may take its time to answer, or be frozen."""
        seconds = self._limits.starting_seconds
        try:
            async with asyncio.timeout(seconds):
                return await self._from_a_server()
        except TimeoutError as error:
            log.error("no_worker_process_in_time", **self._about(key), seconds=seconds)  # noqa: TRY400 - its trace says nothing
            await asyncio.to_thread(_end_server)
            raise ExaminersUnavailable from error
        except (BrokenProcessPool, OSError, EOFError) as error:  # the last: its server died
            log.exception("no_worker_process", **self._about(key))
            raise ExaminersUnavailable from error

    async def _from_a_server(self) -> ProcessPoolExecutor:
        """A server that was just killed refuses, until its end is known and a new one starts."""
        while True:
            with suppress(ConnectionRefusedError):
                return await asyncio.to_thread(_process, self._limits.memory_bytes)
            await asyncio.sleep(DYING_SECONDS)

    def end(self) -> None:
        """The next document gets a fresh process."""
        self._documents = 0
        pool, self._pool = self._pool, None
        if pool is None:
            return
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - no public way
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)


def _why(endings: set[int | None], seconds: float, memory_bytes: int) -> Exception:
    """Why a process is gone, by its exit code: only what is certain is the document's fault."""
    if endings & {-signal.SIGPROF}:
        return OutOfTime(seconds, memory_bytes)
    if endings & {*_BY_OTHERS} or not endings:
        return _Killed()
    return ExaminationTooLong(seconds, memory_bytes)


def _end_server() -> None:
    """The next process gets a new one, which needs this one to be gone (but not reaped); threads
    that wait for this one go on with an error.
    """
    pid = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]  # noqa: SLF001 - no public way
    if pid is not None:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


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


class _Bounds(NamedTuple):
    """Of one document."""

    seconds: float
    """Of processor time."""
    memory_bytes: int
    """Up to that with which its process began."""


def _within(bounds: _Bounds, work: Callable[..., T], *arguments: object) -> T:
    """The kernel ends the process once all its threads together took its time (setitimer(2),
    ITIMER_PROF), in whatever code they are: SIGPROF has no handler here.
    """
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (bounds.memory_bytes, most))
    signal.setitimer(signal.ITIMER_PROF, bounds.seconds)
    try:
        return work(*arguments)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _begin(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    threading.Thread(target=_end_with_the_service, daemon=True).start()


def _end_with_the_service() -> None:
    """A service that was killed could not end its processes."""
    service = multiprocessing.parent_process()
    if service is not None:
        service.join()
        os._exit(1)
