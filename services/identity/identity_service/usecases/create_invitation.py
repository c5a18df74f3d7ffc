from dataclasses import dataclass

from contracts.ids import new_id
from contracts.principal import SCOPES_OF_ROLE, Principal
from contracts.requests import Role
from identity_service.domain.errors import RoleAboveOwn, ScopesExceeded
from identity_service.domain.invitation import LIVES_FOR, MAX_OPEN, PATH, Invitation
from identity_service.domain.member_errors import EmailTaken, TooManyInvitations
from identity_service.domain.role_order import outranks
from identity_service.ports import Clock, DrawSecret, InvitationStore, MemberStore


@dataclass(frozen=True, slots=True)
class WantedInvitation:
    email: str
    """As `read_email` answers it."""
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class CreateInvitation:
    """A link by which one person becomes a member, with a role no higher than the caller's own. It
    takes the place of whichever is open to the same address.

    Whoever signs in may do all that the role allows, so the caller's own token must allow it too.
    """

    invitations: InvitationStore
    members: MemberStore
    draw: DrawSecret
    clock: Clock

    async def __call__(self, caller: Principal, wanted: WantedInvitation) -> tuple[Invitation, str]:
        """The invitation, and its path, which only this answer ever holds."""
        if outranks(wanted.role, caller.role):
            raise RoleAboveOwn(wanted.role)
        if surplus := SCOPES_OF_ROLE[wanted.role] - caller.scopes:
            raise ScopesExceeded(surplus)
        if await self.members.find_by_address(caller.workspace_id, wanted.email) is not None:
            raise EmailTaken
        await self.invitations.revoke_to(caller.workspace_id, wanted.email)
        if await self.invitations.count(caller.workspace_id) >= MAX_OPEN:
            raise TooManyInvitations(MAX_OPEN)
        drawn, now = self.draw(), self.clock()
        invitation = Invitation(
            id=new_id("ivt"),
            workspace_id=caller.workspace_id,
            email=wanted.email,
            name=wanted.name,
            role=wanted.role,
            digest=drawn.digest,
            invited_by=caller.member_id,
            created_at=now,
            expires_at=now + LIVES_FOR,
        )
        await self.invitations.add(invitation)
        return invitation, PATH + drawn.text
