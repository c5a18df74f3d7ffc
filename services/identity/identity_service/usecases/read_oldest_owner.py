from dataclasses import dataclass

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.ports import MemberStore


@dataclass(frozen=True, slots=True)
class ReadOldestOwner:
    """The owner of GPTs whose owner is not known."""

    members: MemberStore

    async def __call__(self, workspace_id: WorkspaceId) -> MemberId | None:
        owners = await self.members.with_role(workspace_id, Role.OWNER)
        return min((owner.id for owner in owners if owner.active), default=None)
