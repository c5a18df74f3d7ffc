from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.facts import SettingsChanged
from contracts.ids import WorkspaceId
from policy_service.domain.errors import CallsBeyondLimit
from policy_service.domain.workspace_settings import QUOTAS, WorkspaceSettings
from policy_service.ports import SettingsStore
from policy_service.usecases.changes.change_in_force import change_in_force


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """Set some of a workspace's settings; `expected_revision` guards against lost updates.

    Setting what is set succeeds whatever was expected (RFC 9110, 13.1.1), once it is in force.
    """

    settings: SettingsStore
    max_calls_per_minute: int | None = None
    """What the operator allows a workspace; None: any number."""

    async def __call__(
        self,
        workspace_id: WorkspaceId,
        changes: Mapping[str, Any],
        expected_revision: int | None,
    ) -> WorkspaceSettings:
        most = self.max_calls_per_minute
        for name in QUOTAS:
            if most is not None and (changes.get(name) or 0) > most:
                raise CallsBeyondLimit(name, most)

        def change(settings: WorkspaceSettings) -> WorkspaceSettings:
            return settings.changed(changes)

        changed = await change_in_force(
            self.settings, SettingsChanged, workspace_id, change, expected_revision
        )
        return changed.within(most)
