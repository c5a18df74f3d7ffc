import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from contracts.ids import MemberId, WorkspaceId
from contracts.principal import Principal, Scope
from contracts.requests import Role
from identity_service.domain.directory_entry import DirectoryEntry, key_of
from identity_service.domain.directory_role import with_directory_role
from identity_service.domain.errors import RoleAboveOwn
from identity_service.domain.group import Group
from identity_service.domain.member import Member, MemberKind
from identity_service.domain.role_order import outranks
from identity_service.domain.whole_role import demand_whole_role
from identity_service.ports import GroupRolesStore, GroupStore, MemberStore
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from identity_service.usecases.keep_an_owner import KeepAnOwner
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile
from kit.errors import NothingHere
from kit.in_force import each_in_force

Change = Callable[[Member], Member]
"""What a directory makes of a member as they are now; it may be asked several times. Role and
revision are not its business.
"""
LongChange = Callable[[Member], Awaitable[Member]]
"""The same of one that takes long: others get their turn meanwhile."""

PEOPLE_A_TURN = 50
"""Whose roles are looked at before others get their turn."""


def as_they_are(member: Member) -> Member:
    return member


def with_group(group_id: str) -> Change:
    """A person without an entry gets one by their e-mail address."""

    def joined(member: Member) -> Member:
        name = member.user_name
        entry = member.directory or DirectoryEntry(name, key_of(name))
        groups = tuple(sorted({*entry.groups, group_id}))
        return replace(member, directory=replace(entry, groups=groups))

    return joined


def without_group(group_id: str) -> Change:
    def left(member: Member) -> Member:
        entry = member.directory
        if entry is None:
            return member
        groups = tuple(each for each in entry.groups if each != group_id)
        return replace(member, directory=replace(entry, groups=groups))

    return left


@dataclass(frozen=True, slots=True)
class PlaceMember:
    """Write what the directory says of a person, with the role that follows from it.

    Nobody who stands above the caller is changed, and nobody rises above the caller's role
    (`RoleAboveOwn`), or to one that may do more than the token of a caller who is no directory
    (`ScopesExceeded`). An owner whom no directory made stays one. The last owner stays an owner,
    switched on. Who is switched off is refused everywhere once this returns. A group or a group's
    role that changes meanwhile counts: the role is looked at again after the write, and whoever
    changes those looks at the members after theirs. What changes nothing succeeds, whatever
    revision was expected, once it is in force.
    """

    members: MemberStore
    groups: GroupStore
    group_roles: GroupRolesStore
    keep_an_owner: KeepAnOwner
    end_sessions_of_member: EndSessionsOfMember

    async def __call__(
        self,
        caller: Principal,
        member_id: MemberId,
        change: Change | LongChange = as_they_are,
        expected_revision: int | None = None,
    ) -> Member:
        placed = await self._write(caller, member_id, change, expected_revision)
        while await self._with_role(placed) != placed:
            placed = await self._write(caller, member_id, as_they_are, None)
        if not placed.active:
            await self.end_sessions_of_member.with_lent(placed.workspace_id, placed.id)
        return placed

    async def each(self, caller: Principal, changes: Iterable[tuple[MemberId, Change]]) -> None:
        """One after the other; who was removed meanwhile is left out. Where it is not in force for
        some, it is carried out for all others, and `NotInForce` then; also while what was done to
        anybody of the workspace is not in force: the same request again may change nobody.
        """

        def steps() -> Iterator[Awaitable[object]]:
            for member_id, change in changes:
                yield self(caller, member_id, change)
            yield self.members.ensure_all_in_force(caller.workspace_id)

        await each_in_force(steps())

    async def demand_right(self, caller: Principal, *groups: Group) -> None:
        """`RoleAboveOwn` where one of them gives a role above the caller's."""
        if not groups:
            return
        mapping = await self.group_roles.read(caller.workspace_id)
        role = mapping.highest_of(groups)
        if role is not None and outranks(role, caller.role):
            raise RoleAboveOwn(role)

    async def misplaced(self, workspace_id: WorkspaceId, people: list[Member]) -> list[MemberId]:
        """Those of them who have another role than the directory gives them."""
        roles = await self.group_roles.read(workspace_id)
        groups = await self.groups.each(workspace_id) if roles.entries else []
        by_id = {group.id: group for group in groups}
        found = []
        for number, each in enumerate(people):
            if with_directory_role(each, roles, by_id) != each:
                found.append(each.id)
            if not number % PEOPLE_A_TURN:
                await asyncio.sleep(0)
        return found

    @repeats_on_contention
    async def _write(
        self,
        caller: Principal,
        member_id: MemberId,
        change: Change | LongChange,
        expected: int | None,
    ) -> Member:
        seen = await self.members.find(caller.workspace_id, member_id)
        if seen is None or seen.kind is MemberKind.SERVICE:
            raise NothingHere
        made = change(seen)
        changed = await self._with_role(made if isinstance(made, Member) else await made)
        if changed == seen:
            await self.members.ensure_in_force(seen.workspace_id, seen.id)
            return seen
        for role in (seen.role, changed.role):
            if outranks(role, caller.role):
                raise RoleAboveOwn(role)
        _demand_may_raise(caller, seen.role, changed.role)
        if expected not in (None, seen.revision):
            raise ChangedMeanwhile
        await self._prepare(seen, changed)
        changed = replace(changed, revision=seen.revision + 1)
        is_news = _what_others_cache(changed) != _what_others_cache(seen)
        await self.members.replace(seen, changed, *((changed.as_fact(),) if is_news else ()))
        return changed

    async def _prepare(self, seen: Member, changed: Member) -> None:
        if seen.active and not changed.active:
            await self.keep_an_owner.without_all_of(seen)
        elif seen.role is Role.OWNER and changed.role is not Role.OWNER:
            await self.keep_an_owner(seen)
        if changed.active and not seen.active:  # as `SwitchMember`
            await self.end_sessions_of_member.with_lent(seen.workspace_id, seen.id)

    async def _with_role(self, member: Member) -> Member:
        """No group is read where none gives a role."""
        roles = await self.group_roles.read(member.workspace_id)
        entry = member.directory
        ids = entry.groups if entry and roles.entries else ()
        found = [await self.groups.find(member.workspace_id, each) for each in ids]
        return with_directory_role(member, roles, {each.id: each for each in found if each})


def _demand_may_raise(caller: Principal, role: Role, changed: Role) -> None:
    """A directory may, by its scope; anybody else as where they change a role by hand."""
    if outranks(changed, role) and Scope.MEMBERS_PROVISION not in caller.scopes:
        demand_whole_role(caller, changed)


def _what_others_cache(member: Member) -> tuple[Role, bool, str, str]:
    """Roles, and who an address is (`ChangeMember`), also as a user name; another name to show
    publishes nothing.
    """
    return member.role, member.active, member.email, key_of(member.user_name)
