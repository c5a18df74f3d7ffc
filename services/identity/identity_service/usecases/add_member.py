from dataclasses import dataclass

from contracts.ids import MemberId, new_id
from contracts.principal import Principal
from contracts.requests import Role
from identity_service.domain.errors import RoleAboveOwn, TooManyMembers
from identity_service.domain.member import Member, MemberKind
from identity_service.domain.member_errors import EmailTaken
from identity_service.domain.role_order import outranks
from identity_service.domain.whole_role import demand_whole_role
from identity_service.ports import MemberStore


@dataclass(frozen=True, slots=True)
class NewMember:
    name: str
    role: Role
    kind: MemberKind = MemberKind.PERSON
    email: str = ""
    """As `read_email` answers it; empty: none."""


@dataclass(frozen=True, slots=True)
class AddMember:
    """Nobody grants a role above their own. Whoever is added gets in with a token made for them, or
    a person by a sign-in link. `EmailTaken` where the address is another one's, also as the user
    name in the company's directory: they would be two members.

    A person with an address signs in with the company's account, and may do all that the role
    allows then, so the caller's own token must allow it too.
    """

    members: MemberStore
    limit: int

    async def __call__(self, caller: Principal, wanted: NewMember) -> Member:
        if outranks(wanted.role, caller.role):
            raise RoleAboveOwn(wanted.role)
        if wanted.email and wanted.kind is MemberKind.PERSON:
            demand_whole_role(caller, wanted.role)
        if await self.members.count(caller.workspace_id) >= self.limit:
            raise TooManyMembers(self.limit)
        if await self.members.find_by_address(caller.workspace_id, wanted.email) is not None:
            raise EmailTaken
        member = Member(
            id=MemberId(new_id("mem")),
            workspace_id=caller.workspace_id,
            name=wanted.name,
            role=wanted.role,
            kind=wanted.kind,
            email=wanted.email,
        )
        await self.members.add(member)
        return member
