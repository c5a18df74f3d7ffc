from collections.abc import Sequence

from contracts.ids import WorkspaceId
from schema_service.adapters.worker_processes import WorkerPools
from schema_service.domain.bundling.bundle import bundled
from schema_service.domain.bundling.part import Outside, Part, outside


class ProcessBundler:
    """Beside the event loop, as all that reads documents."""

    def __init__(self, pools: WorkerPools) -> None:
        self._pools = pools

    async def outside(self, workspace_id: WorkspaceId, part: Part, root_url: str) -> Outside:
        return await self._pools.run(workspace_id, len(part.raw), outside, part, root_url)

    async def bundle(self, workspace_id: WorkspaceId, root: Part, parts: Sequence[Part]) -> bytes:
        size = len(root.raw) + sum(len(part.raw) for part in parts)
        return await self._pools.run(workspace_id, size, bundled, root, list(parts))
