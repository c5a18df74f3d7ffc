from contextlib import suppress
from dataclasses import dataclass

from contracts.principal import Principal
from identity_service.domain.errors import RoleAboveOwn
from identity_service.domain.group import Group
from identity_service.domain.role_order import outranks
from identity_service.ports import DirectoryStore, GroupStore
from identity_service.usecases.change_group import Expected
from identity_service.usecases.place_member import PlaceMember, as_they_are, without_group
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile, Overtaken
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class RemoveGroup:
    """Remove a group; whoever had a role by it has the one that is left to them, everywhere, once
    this returns. `RoleAboveOwn`, before anything is written, where a member stands above the
    caller.

    It is marked first, so that nobody gets a role by it while its members are gone through. They
    belong to it until that is in force for all of them: the same request again finds them. A
    process that dies meanwhile leaves it marked: the same request again, and adding another group
    of its name, finish it. What is marked is as the caller `expected` it, else `ChangedMeanwhile`.
    """

    groups: GroupStore
    directory: DirectoryStore
    place_member: PlaceMember

    async def __call__(
        self, caller: Principal, group_id: str, expected: Expected | None = None
    ) -> None:
        marked = await self._mark(caller, group_id, expected)
        people = await self.directory.of_group(caller.workspace_id, group_id)
        ids = [each.id for each in people]
        await self.place_member.each(caller, ((each, as_they_are) for each in ids))
        for each in ids:
            with suppress(NothingHere, RoleAboveOwn):  # removed, or raised, since it was marked
                await self.place_member(caller, each, without_group(group_id))
        with suppress(Overtaken):  # somebody else removed it at the same moment
            await self.groups.remove(marked)

    @repeats_on_contention
    async def _mark(self, caller: Principal, group_id: str, expected: Expected | None) -> Group:
        seen = await self.groups.find(caller.workspace_id, group_id)
        if seen is None:
            raise NothingHere
        await self.place_member.demand_right(caller, seen)
        if seen.closing:
            return seen
        people = await self.directory.of_group(caller.workspace_id, group_id)
        if expected is not None and not expected(seen, people):
            raise ChangedMeanwhile
        for member in people:
            if outranks(member.role, caller.role):
                raise RoleAboveOwn(member.role)
        await self.groups.replace(seen, seen.closed())
        return seen.closed()
