from dataclasses import dataclass

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import ReadOldestOwner
from kit.bus import Bus


@dataclass(frozen=True, slots=True)
class BusMembers:
    """Asks identity."""

    bus: Bus

    async def oldest_owner(self, workspace_id: WorkspaceId) -> MemberId | None:
        return (await self.bus.ask(ReadOldestOwner(workspace_id=workspace_id))).member_id
