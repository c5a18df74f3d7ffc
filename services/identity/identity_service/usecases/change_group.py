from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from contracts.ids import MemberId
from contracts.principal import Principal
from identity_service.domain.group import Group
from identity_service.domain.member import Member
from identity_service.ports import GroupStore
from identity_service.usecases.join_group import JoinGroup
from identity_service.usecases.read_group import ReadGroup
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile, Overtaken

Wanted = tuple[Group, frozenset[MemberId]]
Difference = tuple[Group, frozenset[MemberId], frozenset[MemberId]]
"""A group as it is stored, who belonged to it, and who shall."""
ChangeOfGroup = Callable[[Group, list[Member]], Wanted]
"""What a directory makes of a group and its members as they are now; it may be asked several
times.
"""
LongChangeOfGroup = Callable[[Group, list[Member]], Awaitable[Wanted]]
"""The same of one that takes long: others get their turn meanwhile."""
Expected = Callable[[Group, list[Member]], bool]
"""Whether a group and its members are as the caller saw them."""


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Give a group another name, id of the directory, or members. Each whom that concerns has the
    role that follows once this returns, and where it is repeated after a process died, again.

    Who is added and who leaves is what makes the difference to the members as they were read, and
    nobody else is touched: changes of different people, at the same moment and on whatever
    replicas, add up. With `whole` it says who is a member, whoever was one: it writes a revision of
    the group, and begins anew where another one was written before it is done. `expected` makes any
    change one that does so: what it compares holds until the write, else `ChangedMeanwhile`.
    """

    groups: GroupStore
    read_group: ReadGroup
    join_group: JoinGroup

    async def __call__(
        self,
        caller: Principal,
        group_id: str,
        change: ChangeOfGroup | LongChangeOfGroup,
        *,
        whole: bool = False,
        expected: Expected | None = None,
    ) -> Group:
        if whole or expected is not None:
            return await self._change_whole(caller, group_id, change, expected)
        group, before, members = await self._change(caller, group_id, change)
        await self.join_group(caller, group, before, members)
        return group

    @repeats_on_contention
    async def _change_whole(
        self,
        caller: Principal,
        group_id: str,
        change: ChangeOfGroup | LongChangeOfGroup,
        expected: Expected | None,
    ) -> Group:
        async def as_expected(seen: Group, people: list[Member]) -> Wanted:
            if expected is not None and not expected(seen, people):
                raise ChangedMeanwhile
            return await _made(change, seen, people)

        group, before, _ = await self._write(caller, group_id, as_expected, whole=True)
        _, people = await self.read_group(group.workspace_id, group.id)  # what others did till then
        there = frozenset(each.id for each in people)
        if expected is not None and there != before:
            raise ChangedMeanwhile
        _, members = await _made(change, group, people)
        await self.join_group.demand(caller, members, group, concerned=there ^ members)
        await self.join_group(caller, group, there, members)
        left = await self.groups.find(group.workspace_id, group.id)
        if left is None or left.revision != group.revision:
            raise Overtaken
        return group

    @repeats_on_contention
    async def _change(
        self, caller: Principal, group_id: str, change: ChangeOfGroup | LongChangeOfGroup
    ) -> Difference:
        return await self._write(caller, group_id, change, whole=False)

    async def _write(
        self,
        caller: Principal,
        group_id: str,
        change: ChangeOfGroup | LongChangeOfGroup,
        *,
        whole: bool,
    ) -> Difference:
        seen, people = await self.read_group(caller.workspace_id, group_id)
        before = frozenset(each.id for each in people)
        changed, members = await _made(change, seen, people)
        await self.join_group.demand(caller, members, seen, changed, concerned=before ^ members)
        if changed == seen and not whole:
            return seen, before, members
        changed = replace(changed, revision=seen.revision + 1)
        await self.groups.replace(seen, changed)
        return changed, before, members


async def _made(
    change: ChangeOfGroup | LongChangeOfGroup, group: Group, people: list[Member]
) -> Wanted:
    made = change(group, people)
    return made if isinstance(made, tuple) else await made
