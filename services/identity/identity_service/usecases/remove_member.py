from dataclasses import dataclass

from contracts.facts import MemberChanged
from contracts.ids import MemberId
from contracts.principal import Principal
from contracts.requests import Role
from identity_service.domain.errors import RoleAboveOwn
from identity_service.domain.role_order import outranks
from identity_service.ports import MemberStore
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.revoke_tokens_of_member import RevokeTokensOfMember
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """Remove a member who does not stand above the caller; their tokens and sessions are refused
    from then on, and those that they made for others.

    Removing somebody who was removed lately succeeds, whatever revision was expected, once that is
    in force.
    """

    members: MemberStore
    keep_an_owner: KeepAnOwner
    revoke_tokens_of_member: RevokeTokensOfMember
    end_sessions_of_member: EndSessionsOfMember

    async def __call__(
        self, caller: Principal, member_id: MemberId, expected_revision: int | None = None
    ) -> None:
        await self._remove(caller, member_id, expected_revision)
        await self.end_sessions_of_member.with_lent(caller.workspace_id, member_id)
        await self.revoke_tokens_of_member(caller.workspace_id, member_id)

    @repeats_on_contention
    async def _remove(
        self, caller: Principal, member_id: MemberId, expected_revision: int | None
    ) -> None:
        seen = await self.members.find(caller.workspace_id, member_id)
        if seen is None:
            if await self.members.removed_lately(caller.workspace_id, member_id):
                return
            raise NothingHere
        if outranks(seen.role, caller.role):
            raise RoleAboveOwn(seen.role)
        if expected_revision not in (None, seen.revision):
            raise ChangedMeanwhile
        if seen.role is Role.OWNER:
            await self.keep_an_owner(seen, without_lent=True)
        else:
            await self.keep_an_owner.without_lent_by(seen)
        fact = MemberChanged(
            workspace_id=seen.workspace_id,
            member_id=seen.id,
            role=None,
            revision=seen.revision + 1,
        )
        await self.members.remove(seen, fact)
