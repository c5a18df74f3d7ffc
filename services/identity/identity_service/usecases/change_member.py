from dataclasses import dataclass

from contracts.ids import MemberId
from contracts.principal import SCOPES_OF_ROLE, Principal
from contracts.requests import Role
from identity_service.domain.errors import RoleAboveOwn, ScopesExceeded
from identity_service.domain.member import Member, MemberEdit, MemberKind
from identity_service.domain.member_errors import EmailTaken
from identity_service.domain.role_order import outranks
from identity_service.domain.whole_role import demand_whole_role
from identity_service.ports import MemberStore
from identity_service.usecases.keep_an_owner import KeepAnOwner
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class ChangeMember:
    """Give a member another name, role or e-mail address. Nobody changes somebody above, or gives a
    role above their own.

    Raising somebody gives their tokens what the new role allows, so the caller's own token must
    allow it too. So it must to give a person an address, by which the company's account signs them
    in; one whom a directory names may have any role soon, so it takes the caller's whole role.
    Setting what the member has succeeds once that is in force.
    """

    members: MemberStore
    keep_an_owner: KeepAnOwner

    @repeats_on_contention
    async def __call__(
        self,
        caller: Principal,
        member_id: MemberId,
        edit: MemberEdit,
        expected_revision: int | None,
    ) -> Member:
        seen = await self.members.find(caller.workspace_id, member_id)
        if seen is None:
            raise NothingHere
        changed = seen.edited(edit)
        _demand_right(caller, seen, changed)
        if changed is seen:
            await self.members.ensure_in_force(seen.workspace_id, seen.id)
            return seen
        if expected_revision not in (None, seen.revision):
            raise ChangedMeanwhile
        await self._demand_free(seen, changed.email)
        if seen.role is Role.OWNER and changed.role is not Role.OWNER:
            await self.keep_an_owner(seen)
        # Other services cache roles, and who an address is; a mere rename publishes nothing.
        is_news = (changed.role, changed.email) != (seen.role, seen.email)
        facts = [changed.as_fact()] if is_news else []
        await self.members.replace(seen, changed, *facts)
        return changed

    async def _demand_free(self, seen: Member, email: str) -> None:
        """As `AddMember`."""
        if not email or email == seen.email:
            return
        found = await self.members.find_by_address(seen.workspace_id, email)
        if found is not None and found.id != seen.id:
            raise EmailTaken


def _demand_right(caller: Principal, member: Member, changed: Member) -> None:
    for concerned in (member.role, changed.role):
        if outranks(concerned, caller.role):
            raise RoleAboveOwn(concerned)
    surplus = SCOPES_OF_ROLE[changed.role] - SCOPES_OF_ROLE[member.role] - caller.scopes
    if surplus:
        raise ScopesExceeded(surplus)
    is_new_address = changed.email not in ("", member.email)
    if is_new_address and member.kind is MemberKind.PERSON:
        # The directory's next word may raise them again, whatever role they have by hand now.
        is_the_directorys = member.directory is not None
        demand_whole_role(caller, caller.role if is_the_directorys else changed.role)
