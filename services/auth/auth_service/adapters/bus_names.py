from dataclasses import dataclass

from auth_service.ports import Named
from contracts.ids import MemberId, WorkspaceId
from contracts.requests import NameMember
from kit.bus import Bus


@dataclass(frozen=True, slots=True)
class BusNames:
    """Asks identity; its *not found* passes on as it is."""

    bus: Bus

    async def of(self, workspace_id: WorkspaceId, member_id: MemberId) -> Named:
        asked = NameMember(workspace_id=workspace_id, member_id=member_id)
        answer = await self.bus.ask(asked)
        return Named(answer.member, answer.workspace, answer.active)
