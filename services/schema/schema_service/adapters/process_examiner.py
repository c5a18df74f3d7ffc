"""Examinations beside the event loop: small documents in a thread, larger ones in processes."""

import asyncio
import multiprocessing
import pickle
import resource
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from egress import EgressSettings, parse_server_url
from schema_service.domain.errors import ExaminationTooLong, ExaminersBusy
from schema_service.domain.examined import Examined, examine_text

KIB = 1024
SMALL_BYTES = 24 * KIB
"""What is examined in a few milliseconds; beyond, the interpreter lock would be held too long."""
MAX_WORKER_BYTES = 2 * KIB * KIB * KIB
"""Address space, most of it the interpreter's and never touched; a stop for what runs away."""
MAX_WAITING = 8
DOCUMENTS_PER_PROCESS = 200


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_WORKER_BYTES, MAX_WORKER_BYTES))


def _examine(raw: bytes, source_url: str | None, egress: EgressSettings) -> Examined:
    origins: dict[str, str] = {}

    def origin_of(server: str) -> str:
        if server not in origins:
            origins[server] = parse_server_url(server, egress).origin
        return origins[server]

    return examine_text(
        raw, source_url=source_url, lets_through=egress.lets_through, origin_of=origin_of
    )


def _examine_pickled(raw: bytes, source_url: str | None, egress: EgressSettings) -> bytes:
    return pickle.dumps(_examine(raw, source_url, egress))


class ProcessExaminer:
    def __init__(self, egress: EgressSettings, *, processes: int, seconds: float) -> None:
        self._egress = egress
        self._processes = processes
        self._seconds = seconds
        self._pool: ProcessPoolExecutor | None = None
        self._waiting = 0

    async def examine(self, raw: bytes, source_url: str | None) -> Examined:
        if len(raw) <= SMALL_BYTES:
            return await asyncio.to_thread(_examine, raw, source_url, self._egress)
        if self._waiting >= MAX_WAITING:
            raise ExaminersBusy
        self._waiting += 1
        try:
            return await self._examine_elsewhere(raw, source_url)
        finally:
            self._waiting -= 1

    async def _examine_elsewhere(self, raw: bytes, source_url: str | None) -> Examined:
        loop = asyncio.get_running_loop()
        pool = self._running_pool()
        try:
            async with asyncio.timeout(self._seconds):
                pickled = await loop.run_in_executor(
                    pool, _examine_pickled, raw, source_url, self._egress
                )
        except (TimeoutError, MemoryError, BrokenProcessPool):
            self._abandon(pool)
            raise ExaminationTooLong from None
        examined: Examined = pickle.loads(pickled)  # noqa: S301 - from our own process
        return examined

    def _running_pool(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_limit_memory,
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

    async def close(self) -> None:
        if self._pool is not None:
            self._abandon(self._pool)
