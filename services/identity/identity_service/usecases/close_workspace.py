from dataclasses import dataclass

from contracts.facts import WorkspaceClosed
from contracts.ids import WorkspaceId
from identity_service.domain.errors import TitleDiffers
from identity_service.domain.workspace import CLOSED_FOR, Workspace
from identity_service.ports import Clock, WorkspaceStore
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile


@dataclass(frozen=True, slots=True)
class CloseWorkspace:
    """Close a workspace, whose title must be named, and remove it 30 days later.

    Closing a closed one succeeds, whatever revision was expected, once that is in force.
    """

    workspaces: WorkspaceStore
    clock: Clock

    @repeats_on_contention
    async def __call__(
        self, workspace_id: WorkspaceId, title: str, expected_revision: int | None = None
    ) -> Workspace:
        seen = await self.workspaces.read(workspace_id)
        if title != seen.title:
            raise TitleDiffers
        if seen.closing_until is not None:
            await self.workspaces.ensure_in_force(workspace_id)
            return seen
        if expected_revision not in (None, seen.revision):
            raise ChangedMeanwhile
        until = self.clock() + CLOSED_FOR
        changed = seen.closed(until)
        fact = WorkspaceClosed(workspace_id=workspace_id, closing_until=until)
        await self.workspaces.replace(seen, changed, fact)
        return changed
