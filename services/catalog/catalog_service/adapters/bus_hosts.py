from collections.abc import Sequence
from dataclasses import dataclass

from contracts.ids import WorkspaceId
from contracts.requests import CheckHosts, HostRefusal, ReadSettings, WorkspaceSettings
from kit.bus import Bus


@dataclass(frozen=True, slots=True)
class BusHosts:
    """Asks policy."""

    bus: Bus

    async def refused(
        self, workspace_id: WorkspaceId, hosts: Sequence[str]
    ) -> Sequence[HostRefusal]:
        if not hosts:
            return ()
        checked = await self.bus.ask(CheckHosts(workspace_id=workspace_id, hosts=tuple(hosts)))
        return checked.refusals

    async def switches(self, workspace_id: WorkspaceId) -> WorkspaceSettings:
        return await self.bus.ask(ReadSettings(workspace_id=workspace_id))
