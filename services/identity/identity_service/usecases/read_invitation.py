import asyncio
from dataclasses import dataclass

from contracts.principal import SCOPES_OF_ROLE, Scope, WorkspaceClosing
from identity_service.domain.invitation import Invitation
from identity_service.domain.member import Member
from identity_service.domain.member_errors import InvitationUsedUp, InvitationVoid
from identity_service.domain.role_order import outranks
from identity_service.domain.workspace import Workspace
from identity_service.ports import Clock, InvitationStore, MemberStore, WorkspaceStore


@dataclass(frozen=True, slots=True)
class OfferedInvitation:
    """What somebody is invited to, and by whom."""

    invitation: Invitation
    inviter: Member
    workspace: Workspace


@dataclass(frozen=True, slots=True)
class ReadInvitation:
    """What an invitation offers; looking at it does not use it up.

    `InvitationUsedUp` where it offers nothing any more, or never did; `InvitationVoid` where
    whoever invited could not do so any more: removed, switched off, or with a lower role.
    """

    invitations: InvitationStore
    members: MemberStore
    workspaces: WorkspaceStore
    clock: Clock

    async def __call__(self, digest: str) -> OfferedInvitation:
        invitation = await self.invitations.find_by_digest(digest)
        if invitation is None or not invitation.live(self.clock()):
            raise InvitationUsedUp
        inviter, workspace = await asyncio.gather(
            self.members.find(invitation.workspace_id, invitation.invited_by),
            self.workspaces.find(invitation.workspace_id),
        )
        if workspace is None:
            raise InvitationUsedUp
        if workspace.closing_until is not None:
            raise WorkspaceClosing(workspace.closing_until)
        if inviter is None or not _may_invite(inviter, invitation):
            raise InvitationVoid
        return OfferedInvitation(invitation, inviter, workspace)


def _may_invite(inviter: Member, invitation: Invitation) -> bool:
    may = Scope.MEMBERS_WRITE in SCOPES_OF_ROLE[inviter.role]
    return may and inviter.active and not outranks(invitation.role, inviter.role)
