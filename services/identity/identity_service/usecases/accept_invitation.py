from dataclasses import dataclass

from contracts.ids import MemberId, new_id
from identity_service.domain.drawn_secret import DrawnSecret
from identity_service.domain.errors import TooManyMembers
from identity_service.domain.invitation import Invitation
from identity_service.domain.member import Member
from identity_service.domain.member_errors import InvitationUsedUp
from identity_service.domain.oidc.errors import SignOnEnforced
from identity_service.domain.session import Session
from identity_service.domain.workspace import Workspace
from identity_service.ports import InvitationStore, MemberStore
from identity_service.usecases.read_invitation import ReadInvitation
from identity_service.usecases.sign_in import SignIn


@dataclass(frozen=True, slots=True)
class Joined:
    """Who became a member, and where; without a session where they sign in at their company."""

    member: Member
    workspace: Workspace
    session: Session | None = None
    secret: DrawnSecret | None = None
    """The session's, which only this answer ever holds."""


@dataclass(frozen=True, slots=True)
class AcceptInvitation:
    """Use an invitation up, make its member and sign them in, unless sign-on is enforced. Of any
    number who try at once, one gets in.

    A process that dies in between leaves an invitation that is used up: whoever invited makes
    another one, or where the member is there already, a sign-in link.
    """

    invitations: InvitationStore
    members: MemberStore
    read_invitation: ReadInvitation
    sign_in: SignIn
    limit: int
    """Of members in a workspace."""

    async def __call__(self, digest: str, browser: str, replaced_digest: str | None) -> Joined:
        offered = await self.read_invitation(digest)
        invitation = offered.invitation
        await self._demand_room(invitation)
        if not await self.invitations.use_up(invitation.workspace_id, invitation.id):
            raise InvitationUsedUp
        member = Member(
            id=MemberId(new_id("mem")),
            workspace_id=invitation.workspace_id,
            name=invitation.name,
            role=invitation.role,
            email=invitation.email,
        )
        await self.members.add(member)
        try:
            session, drawn = await self.sign_in(member, browser, replaced_digest)
        except SignOnEnforced:
            return Joined(member, offered.workspace)
        return Joined(member, offered.workspace, session, drawn)

    async def _demand_room(self, invitation: Invitation) -> None:
        """Before it is used up: so it works once there is room."""
        workspace_id = invitation.workspace_id
        if await self.members.count(workspace_id) >= self.limit:
            raise TooManyMembers(self.limit)
