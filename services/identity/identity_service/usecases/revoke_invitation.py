from dataclasses import dataclass

from contracts.ids import WorkspaceId
from identity_service.ports import InvitationStore
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class RevokeInvitation:
    """Nobody uses it from then on. One that was used meanwhile is not found."""

    invitations: InvitationStore

    async def __call__(self, workspace_id: WorkspaceId, invitation_id: str) -> None:
        if not await self.invitations.use_up(workspace_id, invitation_id):
            raise NothingHere
