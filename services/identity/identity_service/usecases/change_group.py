from collections.abc import Callable
from dataclasses import dataclass, replace

from contracts.ids import MemberId
from contracts.principal import Principal
from identity_service.domain.group import Group
from identity_service.domain.member import Member
from identity_service.ports import GroupStore
from identity_service.usecases.join_group import JoinGroup
from identity_service.usecases.read_group import ReadGroup
from kit.contention import repeats_on_contention

Wanted = tuple[Group, frozenset[MemberId]]
ChangeOfGroup = Callable[[Group, list[Member]], Wanted]
"""What a directory makes of a group and its members as they are now; it may be asked several
times.
"""


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Give a group another name, id of the directory, or members. Each whom that concerns has the
    role that follows once this returns, and where it is repeated after a process died, again.
    """

    groups: GroupStore
    read_group: ReadGroup
    join_group: JoinGroup

    async def __call__(self, caller: Principal, group_id: str, change: ChangeOfGroup) -> Group:
        group, members = await self._change(caller, group_id, change)
        await self.join_group(caller, group, members)
        return group

    @repeats_on_contention
    async def _change(self, caller: Principal, group_id: str, change: ChangeOfGroup) -> Wanted:
        seen, before = await self.read_group(caller.workspace_id, group_id)
        changed, members = change(seen, before)
        concerned = {each.id for each in before} ^ members
        await self.join_group.demand(caller, members, seen, changed, concerned=concerned)
        if changed == seen:
            return seen, members
        changed = replace(changed, revision=seen.revision + 1)
        await self.groups.replace(seen, changed)
        return changed, members
