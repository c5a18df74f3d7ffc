from dataclasses import dataclass

from contracts.ids import MemberId, new_id
from contracts.principal import Principal
from identity_service.domain.directory_errors import GroupNameTaken, TooManyGroups
from identity_service.domain.group import MAX_GROUPS, Group
from identity_service.ports import GroupStore
from identity_service.usecases.join_group import JoinGroup
from identity_service.usecases.remove_group import RemoveGroup


@dataclass(frozen=True, slots=True)
class CreateGroup:
    """Add a group of a directory, then its members; each gets the role that goes with it."""

    groups: GroupStore
    join_group: JoinGroup
    remove_group: RemoveGroup

    async def __call__(
        self, caller: Principal, name: str, external_id: str | None, members: frozenset[MemberId]
    ) -> Group:
        group = Group(new_id("grp"), caller.workspace_id, name, external_id)
        known = await self.groups.each(caller.workspace_id)
        namesake = next((each for each in known if each.key == group.key), None)
        if namesake is not None and not namesake.closing:
            raise GroupNameTaken
        if len(known) >= MAX_GROUPS:
            raise TooManyGroups(MAX_GROUPS)
        await self.join_group.demand(caller, members, group)
        if namesake is not None:  # a process died while it removed it
            await self.remove_group(caller, namesake.id)
        await self.groups.add(group)
        await self.join_group(caller, group, frozenset(), members)
        return group
