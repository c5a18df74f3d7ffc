import asyncio
from dataclasses import dataclass

from contracts.principal import SCOPES_OF_ROLE, Scope, WorkspaceClosing
from identity_service.domain.invitation import Invitation
from identity_service.domain.member import Member, MemberKind
from identity_service.domain.member_errors import (
    AlreadyAMember,
    EmailTaken,
    InvitationUsedUp,
    InvitationVoid,
)
from identity_service.domain.role_order import outranks
from identity_service.domain.workspace import Workspace
from identity_service.ports import Clock, InvitationStore, MemberStore, WorkspaceStore
from identity_service.usecases.enforce_sign_on import EnforceSignOn


@dataclass(frozen=True, slots=True)
class OfferedInvitation:
    """What somebody is invited to, and by whom."""

    invitation: Invitation
    inviter: Member
    workspace: Workspace
    at_company: bool
    """Whether one signs in with the company's account afterwards, and not by the invitation."""


@dataclass(frozen=True, slots=True)
class ReadInvitation:
    """What an invitation offers; looking at it does not use it up.

    `InvitationUsedUp` where it offers nothing any more, or never did, or is older than the removal
    of a member with its address; `InvitationVoid` where whoever invited could not do so any more:
    removed, switched off, or with a lower role. The same where that is so of whoever lent them
    what they invited with.
    `AlreadyAMember` where a person with its address is one, `EmailTaken` where a program has it.
    """

    invitations: InvitationStore
    members: MemberStore
    workspaces: WorkspaceStore
    enforce_sign_on: EnforceSignOn
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
        if inviter is None:
            raise InvitationVoid
        await self._demand_makers(invitation)
        await self._refuse_a_member(invitation)
        closed = await self.invitations.closed_at(workspace.id, invitation.email)
        if closed is not None and invitation.created_at < closed:
            raise InvitationUsedUp
        at_company = await self.enforce_sign_on.wants_company(workspace.id)
        return OfferedInvitation(invitation, inviter, workspace, at_company)

    async def _demand_makers(self, invitation: Invitation) -> None:
        find, within = self.members.find, invitation.workspace_id
        makers = await asyncio.gather(*(find(within, each) for each in invitation.makers))
        if not all(_may_invite(each, invitation) for each in makers):
            raise InvitationVoid

    async def _refuse_a_member(self, invitation: Invitation) -> None:
        known = await self.members.find_by_address(invitation.workspace_id, invitation.email)
        if known is None:
            return
        if await self.invitations.find_by_digest(invitation.digest) is None:
            raise InvitationUsedUp  # by this very one, meanwhile
        if known.kind is MemberKind.SERVICE:
            raise EmailTaken
        raise AlreadyAMember(invitation.workspace_id)


def _may_invite(inviter: Member | None, invitation: Invitation) -> bool:
    if inviter is None:
        return False
    may = Scope.MEMBERS_WRITE in SCOPES_OF_ROLE[inviter.role]
    return may and inviter.active and not outranks(invitation.role, inviter.role)
