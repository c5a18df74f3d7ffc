from dataclasses import dataclass

from contracts.ids import WorkspaceId
from identity_service.domain.workspace import Workspace
from identity_service.ports import WorkspaceStore


@dataclass(frozen=True, slots=True)
class ReadWorkspace:
    workspaces: WorkspaceStore

    async def __call__(self, workspace_id: WorkspaceId) -> Workspace:
        return await self.workspaces.read(workspace_id)
