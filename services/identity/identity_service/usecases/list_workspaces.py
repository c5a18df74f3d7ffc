from dataclasses import dataclass

from identity_service.domain.workspace import Workspace
from identity_service.ports import WorkspaceStore


@dataclass(frozen=True, slots=True)
class ListWorkspaces:
    """All of the installation, for its operator, closed ones too."""

    workspaces: WorkspaceStore

    async def __call__(self, limit: int, after: str | None, text: str) -> list[Workspace]:
        """Newest first; one more than `limit` shows that there is a next page."""
        return await self.workspaces.page(limit, after, text)
