from dataclasses import dataclass

from identity_service.domain.member import Member
from identity_service.ports import Clock, InvitationStore
from kit import logs
from kit.errors import DatabaseUnavailable

log = logs.logger("identity.invitations")


@dataclass(frozen=True, slots=True)
class EndInvitations:
    """An invitation is for somebody who is no member: it ends where one has its address, by
    whatever way they came, and whoever is removed comes back by none that was made before.
    """

    invitations: InvitationStore
    clock: Clock

    async def to(self, member: Member, before: Member | None = None) -> None:
        """Once they are stored so. What a crash leaves is refused while they are a member
        (`ReadInvitation`), and ends when they are removed or their address changes. So does what
        the database does not end now: the member is stored, and the request succeeds.
        """
        earlier = before.known_addresses if before else frozenset[str]()
        if member.known_addresses != earlier:
            emails = member.known_addresses | earlier
            try:
                await self.invitations.revoke_to(member.workspace_id, emails)
            except DatabaseUnavailable:
                whom = {"workspace": member.workspace_id, "member": member.id}
                log.warning("invitations_not_ended", **whom)

    async def before(self, seen: Member, changed: Member) -> None:
        """Before they are stored so: once they have other addresses, nobody knows of what a crash
        left to these. As in `for_good`, nothing is lost where they keep them.
        """
        if emails := seen.known_addresses - changed.known_addresses:
            await self.invitations.revoke_to(seen.workspace_id, emails)

    async def for_good(self, leaving: Member) -> None:
        """Before they are removed: afterwards nobody knows their addresses. Where they are not
        removed then, nothing is lost, for nobody can invite them.
        """
        if emails := leaving.known_addresses:
            await self.invitations.close_to(leaving.workspace_id, emails, self.clock())
