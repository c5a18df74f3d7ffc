from dataclasses import dataclass, field

from contracts.ids import WorkspaceId
from kit.documents import Overtaken


@dataclass
class MemoryWorkspaceKeys:
    """`WorkspaceKeyStore` in memory; `kept` is by workspace and root key."""

    kept: dict[tuple[WorkspaceId, str], str] = field(default_factory=dict)

    async def find(self, workspace_id: WorkspaceId, root_id: str) -> str | None:
        return self.kept.get((workspace_id, root_id))

    async def add(self, workspace_id: WorkspaceId, root_id: str, wrapped: str) -> None:
        if (workspace_id, root_id) in self.kept:
            raise Overtaken
        self.kept[workspace_id, root_id] = wrapped
