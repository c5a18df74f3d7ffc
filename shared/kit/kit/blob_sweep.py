"""What has expired is deleted, and all that a removed workspace had."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from time import monotonic

from contracts.errors import Unavailable
from contracts.ids import WorkspaceId
from kit import logs, metrics
from kit.blobs import BlobName, BlobStore

log = logs.logger("kit.blobs")
SWEEP_EVERY_SECONDS = 60.0
LEASE = "sweep_blobs"
MAX_AT_ONCE = 5_000
MAX_FAILED = 20
"""Of one sweep; with more of them the store is away, and each may take seconds."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class BlobSweep:
    """Of the areas that a service writes to. Several may sweep one area at once: to delete what is
    gone already succeeds.
    """

    service: str
    store: BlobStore
    areas: tuple[str, ...]
    clock: Callable[[], datetime] = _now

    async def delete_overdue(self) -> int:
        """How many; the next sweep goes on where there are very many, or the store is away. One
        that cannot be deleted is passed over: those behind it are not kept for it.
        """
        done: Counter[bool] = Counter()
        try:
            async for name in self._overdue():
                done[await self._is_deleted(name)] += 1
                if done[True] == MAX_AT_ONCE or done[False] == MAX_FAILED:
                    break
        except Unavailable as error:
            log.warning("blobs_not_swept", service=self.service, code=error.code)
        if done[False]:
            log.warning("blobs_not_deleted", service=self.service, count=done[False])
        if done[True]:
            metrics.blobs_deleted.labels(self.service).inc(done[True])
        return done[True]

    async def _is_deleted(self, name: BlobName) -> bool:
        try:
            await self.store.delete(name)
        except Unavailable:
            return False
        return True

    async def _overdue(self) -> AsyncIterator[BlobName]:
        now = self.clock()
        for area in self.areas:
            async for name in self.store.overdue(area, now):
                yield name

    async def delete_workspace(self, workspace_id: WorkspaceId, until: float = inf) -> bool:
        """All of it, whatever its expiry; False where there is more at `until`, a time of
        `monotonic`. Raises where the store is away.
        """
        for area in self.areas:
            async for name in self.store.of_workspace(area, workspace_id):
                await self.store.delete(name)
                if monotonic() >= until:
                    return False
        return True
