from dataclasses import dataclass

from contracts.ids import MemberId, new_id
from contracts.principal import Principal
from contracts.requests import Role
from identity_service.domain.errors import RoleAboveOwn, TooManyMembers
from identity_service.domain.member import Member
from identity_service.domain.role_order import outranks
from identity_service.ports import MemberStore


@dataclass(frozen=True, slots=True)
class AddMember:
    """Nobody grants a role above their own. A member signs in with a token made for them."""

    members: MemberStore
    limit: int

    async def __call__(self, caller: Principal, name: str, role: Role) -> Member:
        if outranks(role, caller.role):
            raise RoleAboveOwn(role)
        if await self.members.count(caller.workspace_id) >= self.limit:
            raise TooManyMembers(self.limit)
        member = Member(MemberId(new_id("mem")), caller.workspace_id, name, role)
        await self.members.add(member)
        return member
