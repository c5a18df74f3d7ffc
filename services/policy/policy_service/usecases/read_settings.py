from dataclasses import dataclass

from contracts.ids import WorkspaceId
from policy_service.domain.workspace_settings import WorkspaceSettings
from policy_service.ports import SettingsStore


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """A workspace's settings as they are in force: quotas within what the operator allows."""

    settings: SettingsStore
    max_calls_per_minute: int | None = None

    async def __call__(self, workspace_id: WorkspaceId) -> WorkspaceSettings:
        settings = await self.settings.in_force(workspace_id)
        return settings.within(self.max_calls_per_minute)
