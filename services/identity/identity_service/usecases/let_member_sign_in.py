from dataclasses import dataclass

from contracts.ids import MemberId
from contracts.principal import Principal
from identity_service.domain.errors import RoleAboveOwn
from identity_service.domain.lent import Lent
from identity_service.domain.member import Member
from identity_service.domain.oidc.errors import LinkWouldNotSignIn
from identity_service.domain.role_order import outranks
from identity_service.domain.sign_in_link import SignInLink
from identity_service.domain.whole_role import demand_whole_role
from identity_service.ports import MemberStore
from identity_service.usecases.create_sign_in_link import CreateSignInLink
from identity_service.usecases.lend import Lend
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class LetMemberSignIn:
    """A link by which a person of the workspace signs in who does not stand above the caller.

    Whoever signs in may do all that the role allows, so the caller's own token must allow it too.
    The link works while the caller stands at or above that person (`LinkVoid`).
    """

    members: MemberStore
    create_sign_in_link: CreateSignInLink
    lend: Lend

    async def __call__(self, caller: Principal, member_id: MemberId) -> tuple[SignInLink, str]:
        """The link, and its path, which only this answer ever holds."""
        member, lent = await self.demand_right(caller, member_id)
        return await self.create_sign_in_link.of(member, lent)

    async def demand_right(
        self, caller: Principal, member_id: MemberId
    ) -> tuple[Member, Lent | None]:
        """Whom the caller may let in, and on whom that session rests."""
        member = await self.members.find(caller.workspace_id, member_id)
        if member is None:
            raise NothingHere
        if outranks(member.role, caller.role):
            raise RoleAboveOwn(member.role)
        demand_whole_role(caller, member.role)
        member.demand_sign_in()
        if await self.create_sign_in_link.enforce_sign_on.keeps_out(member):
            raise LinkWouldNotSignIn(caller.workspace_id)
        return member, await self.lend.of_session(caller, member)
