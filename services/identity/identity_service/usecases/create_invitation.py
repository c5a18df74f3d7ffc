from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from contracts.ids import new_id
from contracts.principal import Principal
from contracts.requests import Role
from identity_service.domain.errors import RoleAboveOwn
from identity_service.domain.invitation import LIVES_FOR, MAX_OPEN, PATH, Invitation
from identity_service.domain.member_errors import EmailTaken, TooManyInvitations
from identity_service.domain.role_order import outranks
from identity_service.domain.whole_role import demand_whole_role
from identity_service.ports import Clock, DrawSecret, InvitationStore, MemberStore
from identity_service.usecases.lend import Lend
from kit.contention import repeats_on_contention
from kit.documents import Overtaken


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

    However many are made at once, one is open to an address, and `MAX_OPEN` in a workspace: each
    looks again after its own is there, and takes it back where it is one too many. Which is newer
    goes by what was there before, and not by the replicas' clocks; only of those that are made at
    once, the one with the highest id stays, and the others are made again after it.

    Whoever signs in may do all that the role allows, so the caller's own token must allow it too.
    Where somebody else made that token, the invitation rests on them, too (`Lent`).
    """

    invitations: InvitationStore
    members: MemberStore
    draw: DrawSecret
    clock: Clock
    lend: Lend

    async def __call__(self, caller: Principal, wanted: WantedInvitation) -> tuple[Invitation, str]:
        """The invitation, and its path, which only this answer ever holds."""
        if outranks(wanted.role, caller.role):
            raise RoleAboveOwn(wanted.role)
        demand_whole_role(caller, wanted.role)
        return await self._make(caller, wanted)

    @repeats_on_contention
    async def _make(self, caller: Principal, wanted: WantedInvitation) -> tuple[Invitation, str]:
        within, email = caller.workspace_id, wanted.email
        if await self.members.find_by_address(within, email) is not None:
            raise EmailTaken
        if await self.invitations.count_beside(within, email) >= MAX_OPEN:
            raise TooManyInvitations(MAX_OPEN)
        earlier = await self.invitations.open_to(within, email)
        drawn, now = self.draw(), self.clock()
        closed = await self.invitations.closed_at(within, email)  # by another replica's clock
        now = max(now, closed) if closed else now
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
            lent=await self.lend.to_somebody_new(caller),
        )
        await self.invitations.add(invitation)
        await self._take_back_if_unwanted_meanwhile(invitation)
        await self._take_the_place_of(earlier, invitation)
        return invitation, PATH + drawn.text

    async def _take_back_if_unwanted_meanwhile(self, invitation: Invitation) -> None:
        within, email = invitation.workspace_id, invitation.email
        is_member = await self.members.find_by_address(within, email) is not None
        if is_member or await self.invitations.count_beside(within, email) >= MAX_OPEN:
            await self.invitations.use_up(within, invitation.id)
            raise EmailTaken if is_member else Overtaken

    async def _take_the_place_of(self, earlier: AbstractSet[str], own: Invitation) -> None:
        """`Overtaken` where it is not there at the end: of all who look then, the last stays."""
        within, email = own.workspace_id, own.email
        for each in earlier:
            await self.invitations.use_up(within, each)
        at_once = sorted(await self.invitations.open_to(within, email))
        for each in at_once[:-1]:
            await self.invitations.use_up(within, each)
        if own.id not in await self.invitations.open_to(within, email):
            raise Overtaken
