from dataclasses import dataclass

from contracts.ids import WorkspaceId
from policy_service.domain.workspace_settings import WorkspaceSettings
from policy_service.ports import SettingsStore


@dataclass(frozen=True, slots=True)
class ReadSettings:
    settings: SettingsStore

    async def __call__(self, workspace_id: WorkspaceId) -> WorkspaceSettings:
        return await self.settings.in_force(workspace_id)
