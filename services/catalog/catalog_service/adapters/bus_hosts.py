from collections.abc import Sequence
from dataclasses import dataclass

from contracts.ids import WorkspaceId
from contracts.requests import CheckHosts, HostRefusal, ReadSettings
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

    async def must_be_unique(self, workspace_id: WorkspaceId) -> bool:
        return (await self.bus.ask(ReadSettings(workspace_id=workspace_id))).unique_hosts
