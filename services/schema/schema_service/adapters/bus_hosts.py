from dataclasses import dataclass

from contracts.ids import WorkspaceId
from contracts.requests import CheckHosts
from kit.bus import Bus
from schema_service.domain.errors import HostNotListed


@dataclass(frozen=True, slots=True)
class BusHosts:
    """Asks policy, which keeps the workspaces' domain rules."""

    bus: Bus

    async def refuse_unlisted(self, workspace_id: WorkspaceId, host: str) -> None:
        checked = await self.bus.ask(CheckHosts(workspace_id=workspace_id, hosts=(host,)))
        for refusal in checked.refusals:
            raise HostNotListed(refusal)
