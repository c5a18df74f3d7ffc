from dataclasses import dataclass
from functools import partial

from contracts.facts import MemberChanged
from contracts.ids import MemberId
from contracts.principal import SCOPES_OF_ROLE, Principal
from contracts.requests import Role
from identity_service.domain.errors import RoleAboveOwn, ScopesExceeded
from identity_service.domain.member import Member
from identity_service.domain.role_order import outranks
from identity_service.ports import MemberStore
from identity_service.usecases.keep_an_owner import KeepAnOwner
from kit.contention import repeated_on_contention
from kit.documents import ChangedMeanwhile
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class ChangeRole:
    """Nobody changes the role of somebody above, or gives one above their own.

    Raising somebody gives their tokens what the new role allows, so the caller's own token must
    allow it too. Setting the role that the member has succeeds once that is in force.
    """

    members: MemberStore
    keep_an_owner: KeepAnOwner

    async def __call__(
        self, caller: Principal, member_id: MemberId, role: Role, expected_revision: int | None
    ) -> Member:
        change = partial(self._change, caller, member_id, role, expected_revision)
        if expected_revision is not None:
            return await change()
        return await repeated_on_contention(change)

    async def _change(
        self, caller: Principal, member_id: MemberId, role: Role, expected_revision: int | None
    ) -> Member:
        seen = await self.members.find(caller.workspace_id, member_id)
        if seen is None:
            raise NothingHere
        _demand_right(caller, seen, role)
        if seen.role is role:
            await self.members.ensure_in_force(seen.workspace_id, seen.id)
            return seen
        if expected_revision not in (None, seen.revision):
            raise ChangedMeanwhile
        if seen.role is Role.OWNER:
            await self.keep_an_owner(seen)
        changed = seen.with_role(role)
        fact = MemberChanged(
            workspace_id=seen.workspace_id,
            member_id=seen.id,
            role=role,
            revision=changed.revision,
        )
        await self.members.replace(seen, changed, fact)
        return changed


def _demand_right(caller: Principal, member: Member, role: Role) -> None:
    for concerned in (member.role, role):
        if outranks(concerned, caller.role):
            raise RoleAboveOwn(concerned)
    surplus = SCOPES_OF_ROLE[role] - SCOPES_OF_ROLE[member.role] - caller.scopes
    if surplus:
        raise ScopesExceeded(surplus)
