from contracts.facts import MemberChanged
from identity_service.adapters.ended_invitations import EndInvitations
from identity_service.adapters.mongo_members import MongoMembers
from identity_service.domain.member import Member
from kit.errors import NotInForce
from kit.mongo import Database
from kit.outbox import Outbox


class InvitedMembers(MongoMembers):
    """Members with whose coming and going invitations end, whoever writes them (`MemberStore`)."""

    def __init__(self, database: Database, outbox: Outbox, end_invitations: EndInvitations) -> None:
        super().__init__(database, outbox)
        self._end_invitations = end_invitations

    async def add(self, member: Member) -> None:
        await super().add(member)
        await self._end_invitations.to(member)

    async def provision(self, person: Member) -> None:
        await super().provision(person)
        await self._end_invitations.to(person)

    async def replace(self, seen: Member, changed: Member, *facts: MemberChanged) -> None:
        await self._end_invitations.before(seen, changed)
        try:
            await super().replace(seen, changed, *facts)
        except NotInForce:  # it is stored
            await self._end_invitations.to(changed, seen)
            raise
        await self._end_invitations.to(changed, seen)

    async def remove(self, seen: Member, fact: MemberChanged) -> None:
        await self._end_invitations.for_good(seen)
        await super().remove(seen, fact)
