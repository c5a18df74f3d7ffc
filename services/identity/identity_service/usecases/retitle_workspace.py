from dataclasses import dataclass, replace

from contracts.ids import WorkspaceId
from identity_service.domain.workspace import Workspace
from identity_service.ports import WorkspaceStore
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile


@dataclass(frozen=True, slots=True)
class RetitleWorkspace:
    """`expected_revision` guards against lost updates. The title that it has succeeds, whatever
    revision was expected, and changes nothing.
    """

    workspaces: WorkspaceStore

    @repeats_on_contention
    async def __call__(
        self, workspace_id: WorkspaceId, title: str, expected_revision: int | None
    ) -> Workspace:
        seen = await self.workspaces.read(workspace_id)
        if title == seen.title:
            return seen
        if expected_revision not in (None, seen.revision):
            raise ChangedMeanwhile
        changed = replace(seen, title=title, revision=seen.revision + 1)
        await self.workspaces.replace(seen, changed)
        return changed
