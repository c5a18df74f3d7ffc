from collections.abc import Sequence
from dataclasses import dataclass

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import CheckMembers, MembersChecked, ReadOldestOwner
from kit.bus import Bus


@dataclass(frozen=True, slots=True)
class BusMembers:
    """Asks identity."""

    bus: Bus

    async def oldest_owner(self, workspace_id: WorkspaceId) -> MemberId | None:
        return (await self.bus.ask(ReadOldestOwner(workspace_id=workspace_id))).member_id

    async def check(
        self, workspace_id: WorkspaceId, member_ids: Sequence[MemberId]
    ) -> MembersChecked:
        if not member_ids:
            return MembersChecked(unknown=())
        asked = CheckMembers(workspace_id=workspace_id, member_ids=tuple(member_ids))
        return await self.bus.ask(asked)
