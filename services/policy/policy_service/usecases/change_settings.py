from collections.abc import Mapping
from dataclasses import dataclass

from contracts.facts import SettingsChanged
from contracts.ids import WorkspaceId
from policy_service.domain.workspace_settings import WorkspaceSettings
from policy_service.ports import SettingsStore
from policy_service.usecases.changes.change_in_force import change_in_force


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """Set some of a workspace's switches; `expected_revision` guards against lost updates.

    Setting what is set succeeds whatever was expected (RFC 9110, 13.1.1), once it is in force.
    """

    settings: SettingsStore

    async def __call__(
        self,
        workspace_id: WorkspaceId,
        switches: Mapping[str, bool],
        expected_revision: int | None,
    ) -> WorkspaceSettings:
        def change(settings: WorkspaceSettings) -> WorkspaceSettings:
            return settings.changed(switches)

        return await change_in_force(
            self.settings, SettingsChanged, workspace_id, change, expected_revision
        )
