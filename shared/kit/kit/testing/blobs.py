from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

from contracts.ids import WorkspaceId
from kit.blobs import BlobName, BlobNotFound, BlobStoreUnavailable

CHUNK_BYTES = 64 * 1024


@dataclass
class MemoryBlobs:
    """`BlobStore` in memory. `away` refuses everything, as a store that cannot be reached; `stuck`
    are paths that cannot be deleted.
    """

    kept: dict[str, bytes] = field(default_factory=dict)
    away: bool = False
    stuck: set[str] = field(default_factory=set)

    async def put(self, name: BlobName, content: bytes) -> None:
        self._reach()
        self.kept[name.path] = content

    async def stream(self, name: BlobName) -> AsyncIterator[bytes]:
        self._reach()
        if name.path not in self.kept:
            raise BlobNotFound
        content = self.kept[name.path]
        for start in range(0, len(content), CHUNK_BYTES):
            yield content[start : start + CHUNK_BYTES]

    async def delete(self, name: BlobName) -> None:
        self._reach()
        if name.path in self.stuck:
            raise BlobStoreUnavailable
        self.kept.pop(name.path, None)

    async def overdue(self, area: str, now: datetime) -> AsyncIterator[BlobName]:
        for name in self._in(area):
            if name.expires_at <= now:
                yield name

    async def of_workspace(self, area: str, workspace_id: WorkspaceId) -> AsyncIterator[BlobName]:
        for name in self._in(area):
            if name.workspace_id == workspace_id:
                yield name

    def _in(self, area: str) -> list[BlobName]:
        self._reach()
        names = [BlobName.of(path) for path in self.kept]
        return [name for name in names if name is not None and name.area == area]

    def _reach(self) -> None:
        if self.away:
            raise BlobStoreUnavailable
