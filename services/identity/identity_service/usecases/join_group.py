from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass

from contracts.ids import MemberId
from contracts.principal import Principal
from identity_service.domain.directory_errors import GroupTooLarge, UnknownGroupMember
from identity_service.domain.errors import RoleAboveOwn
from identity_service.domain.group import MAX_OF_A_GROUP, Group
from identity_service.domain.role_order import outranks
from identity_service.ports import DirectoryStore
from identity_service.usecases.place_member import PlaceMember, with_group, without_group
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class JoinGroup:
    """Make these, and nobody else, the members of a group; each gets the role that follows.

    Who leaves does so first. Each is written for themselves: a process that dies meanwhile leaves
    some as they were, and the same request again finishes it.
    """

    directory: DirectoryStore
    place_member: PlaceMember

    async def __call__(self, caller: Principal, group: Group, members: frozenset[MemberId]) -> None:
        there = await self.directory.of_group(group.workspace_id, group.id)
        before = {each.id for each in there}
        for leaving in sorted(before - members):
            with suppress(NothingHere):  # removed meanwhile
                await self.place_member(caller, leaving, without_group(group.id))
        misplaced = await self.place_member.misplaced(group.workspace_id, there)
        for each in sorted(members & {*misplaced} | members - before):
            await self.place_member(caller, each, with_group(group.id))

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
