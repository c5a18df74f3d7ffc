from dataclasses import dataclass

from contracts.ids import MemberId
from contracts.principal import Principal
from identity_service.domain.errors import RoleAboveOwn
from identity_service.domain.member import Member
from identity_service.domain.role_order import outranks
from identity_service.domain.whole_role import demand_whole_role
from identity_service.ports import MemberStore
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from identity_service.usecases.keep_an_owner import KeepAnOwner
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class SwitchMember:
    """Switch a member off, or on again, who does not stand above the caller.

    Whoever is switched off is refused everywhere once this returns: their sessions end, and their
    tokens wait, as do those that they made for others. Switched on, they have those tokens again,
    and sign in anew: so the caller's own token must allow all that their role does. Nobody switches
    the last owner off, or on whom the last owner's token rests. Switching to what they are
    succeeds, whatever revision was expected, once that is in force.
    """

    members: MemberStore
    keep_an_owner: KeepAnOwner
    end_sessions_of_member: EndSessionsOfMember

    async def __call__(
        self,
        caller: Principal,
        member_id: MemberId,
        *,
        active: bool,
        expected_revision: int | None = None,
    ) -> Member:
        expected = expected_revision
        switched = await self._switch(caller, member_id, active=active, expected=expected)
        if not active:
            await self.end_sessions_of_member.with_lent(caller.workspace_id, member_id)
        return switched

    @repeats_on_contention
    async def _switch(
        self, caller: Principal, member_id: MemberId, *, active: bool, expected: int | None
    ) -> Member:
        seen = await self.members.find(caller.workspace_id, member_id)
        if seen is None:
            raise NothingHere
        if outranks(seen.role, caller.role):
            raise RoleAboveOwn(seen.role)
        changed = seen.switched(active=active)
        if changed is seen:
            await self.members.ensure_in_force(seen.workspace_id, seen.id)
            return seen
        if expected not in (None, seen.revision):
            raise ChangedMeanwhile
        if active:
            demand_whole_role(caller, seen.role)
            # What began while they were off, or could not be ended, does not come back.
            await self.end_sessions_of_member.with_lent(seen.workspace_id, seen.id)
        else:
            await self.keep_an_owner.without_all_of(seen)
        await self.members.replace(seen, changed, changed.as_fact())
        return changed
