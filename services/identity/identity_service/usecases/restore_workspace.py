from dataclasses import dataclass

from contracts.facts import WorkspaceRestored
from contracts.ids import WorkspaceId
from identity_service.domain.errors import TooLateToRestore
from identity_service.domain.workspace import Workspace
from identity_service.ports import Clock, WorkspaceStore
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile


@dataclass(frozen=True, slots=True)
class RestoreWorkspace:
    """Open a closed workspace again, while its 30 days last. Restoring an open one succeeds, once
    that is in force.
    """

    workspaces: WorkspaceStore
    clock: Clock

    @repeats_on_contention
    async def __call__(
        self, workspace_id: WorkspaceId, expected_revision: int | None = None
    ) -> Workspace:
        seen = await self.workspaces.read(workspace_id)
        if seen.closing_until is None:
            await self.workspaces.ensure_in_force(workspace_id)
            return seen
        if expected_revision not in (None, seen.revision):
            raise ChangedMeanwhile
        if not seen.restorable(self.clock()):
            raise TooLateToRestore
        changed = seen.restored()
        await self.workspaces.replace(seen, changed, WorkspaceRestored(workspace_id=workspace_id))
        return changed
