from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from contracts.ids import MemberId
from contracts.principal import Principal
from identity_service.domain.directory_errors import GroupTooLarge, UnknownGroupMember
from identity_service.domain.errors import RoleAboveOwn
from identity_service.domain.group import MAX_OF_A_GROUP, Group
from identity_service.domain.role_order import outranks
from identity_service.ports import DirectoryStore
from identity_service.usecases.place_member import (
    PlaceMember,
    as_they_are,
    with_group,
    without_group,
)


@dataclass(frozen=True, slots=True)
class JoinGroup:
    """Make people members of a group, or no members any more, by how `members` differ from those
    `before`; each gets the role that follows, also who was a member and stays one.

    Who leaves does so first. Each is written for themselves: a process that dies meanwhile leaves
    some as they were, and the same request again finishes it. Where it is not in force for some, it
    is carried out for all, and `NotInForce` then.
    """

    directory: DirectoryStore
    place_member: PlaceMember

    async def __call__(
        self,
        caller: Principal,
        group: Group,
        before: frozenset[MemberId],
        members: frozenset[MemberId],
    ) -> None:
        changes = [(each, without_group(group.id)) for each in sorted(before - members)]
        changes += [(each, with_group(group.id)) for each in sorted(members - before)]
        there = await self.directory.of_group(group.workspace_id, group.id)
        staying = [each for each in there if each.id in before & members]
        misplaced = await self.place_member.misplaced(group.workspace_id, staying)
        changes += [(each, as_they_are) for each in misplaced]
        await self.place_member.each(caller, changes)

    async def demand(
        self,
        caller: Principal,
        members: frozenset[MemberId],
        *groups: Group,
        concerned: AbstractSet[MemberId] | None = None,
    ) -> None:
        """Before anything is written: all are people of the workspace whom a directory can name
        (`UnknownGroupMember`), and neither the group gives, nor somebody `concerned` (all) has, a
        role above the caller's (`RoleAboveOwn`).
        """
        if len(members) > MAX_OF_A_GROUP:
            raise GroupTooLarge(MAX_OF_A_GROUP)
        await self.place_member.demand_right(caller, *groups)
        concerned = members if concerned is None else concerned
        if not concerned:
            return
        people = {each.id: each for each in await self.directory.people(caller.workspace_id)}
        if members - people.keys():
            raise UnknownGroupMember
        for each in sorted(concerned & people.keys()):
            if outranks(people[each].role, caller.role):
                raise RoleAboveOwn(people[each].role)
