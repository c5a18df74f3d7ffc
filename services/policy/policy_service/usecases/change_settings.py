from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from contracts.facts import SettingsChanged
from contracts.ids import WorkspaceId
from kit.contention import repeated_on_contention
from kit.documents import ChangedMeanwhile
from policy_service.domain.workspace_settings import WorkspaceSettings
from policy_service.ports import SettingsStore


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
        change = partial(self._change, workspace_id, switches, expected_revision)
        if expected_revision is not None:
            return await change()
        return await repeated_on_contention(change)

    async def _change(
        self,
        workspace_id: WorkspaceId,
        switches: Mapping[str, bool],
        expected_revision: int | None,
    ) -> WorkspaceSettings:
        seen = await self.settings.in_force(workspace_id)
        changed = seen.changed(switches)
        if changed is seen:
            await self.settings.ensure_in_force(workspace_id)
            return seen
        if expected_revision not in (None, seen.revision):
            raise ChangedMeanwhile
        fact = SettingsChanged(workspace_id=workspace_id, revision=changed.revision)
        await self.settings.replace(seen, changed, fact)
        return changed
