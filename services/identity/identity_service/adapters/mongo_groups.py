from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.ids import WorkspaceId
from contracts.requests import Role
from identity_service.domain.directory_errors import GroupNameTaken
from identity_service.domain.group import Group, GroupRole, GroupRoles
from kit.codec import Codec
from kit.documents import Collection, Overtaken, Stored, Unique
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import Forever


@dataclass(frozen=True, slots=True)
class GroupState:
    display_name: str
    key: str
    external_id: str | None = None
    closing: bool = False


@dataclass(frozen=True, slots=True)
class GroupRoleState:
    group: str
    role: Role


@dataclass(frozen=True, slots=True)
class GroupRolesState:
    entries: tuple[GroupRoleState, ...] = ()


GROUPS = Codec(GroupState, without_none=True)
GROUP_ROLES = Codec(GroupRolesState, as_json=True, replaced=("entries",))


class MongoGroups:
    """One document a group; who belongs to it is kept with the members."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._groups = Collection(
            database=database,
            name="groups",
            outbox=outbox,
            codec=GROUPS,
            kept=Forever("500 a workspace"),
            unique=(Unique(("key",)),),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._groups,)

    async def add(self, group: Group) -> None:
        try:
            await self._groups.within(group.workspace_id).add(group.id, _state_of(group))
        except Taken:
            raise GroupNameTaken from None

    async def find(self, workspace_id: WorkspaceId, group_id: str) -> Group | None:
        stored = await self._groups.within(workspace_id).find(group_id)
        return _group_of(stored) if stored else None

    async def each(self, workspace_id: WorkspaceId) -> list[Group]:
        return [_group_of(stored) async for stored in self._groups.within(workspace_id).each()]

    async def replace(self, seen: Group, changed: Group) -> None:
        within = self._groups.within(seen.workspace_id)
        try:
            await within.change(_stored(seen), _state_of(changed))
        except Taken:
            raise GroupNameTaken from None

    async def remove(self, seen: Group) -> None:
        await self._groups.within(seen.workspace_id).remove(_stored(seen))


class MongoGroupRoles:
    """One document a workspace, under its own id."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._roles = Collection(
            database=database,
            name="group_roles",
            outbox=outbox,
            codec=GROUP_ROLES,
            kept=Forever("one a workspace"),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._roles,)

    async def read(self, workspace_id: WorkspaceId) -> GroupRoles:
        stored = await self._roles.within(workspace_id).find(workspace_id)
        if stored is None:
            return GroupRoles(workspace_id)
        entries = tuple(GroupRole(each.group, each.role) for each in stored.state.entries)
        return GroupRoles(workspace_id, entries, stored.revision)

    async def replace(self, seen: GroupRoles, changed: GroupRoles) -> None:
        within, id_ = self._roles.within(seen.workspace_id), seen.workspace_id
        state = GroupRolesState(tuple(GroupRoleState(e.group, e.role) for e in changed.entries))
        if seen.revision:
            await within.change(Stored(id_, id_, seen.revision, {}), state)
            return
        try:
            await within.add(id_, state)
        except Taken:
            raise Overtaken from None


def _state_of(group: Group) -> GroupState:
    return GroupState(group.display_name, group.key, group.external_id, group.closing)


def _group_of(stored: Stored[GroupState]) -> Group:
    state = stored.state
    return Group(
        id=stored.id,
        workspace_id=stored.workspace_id,
        display_name=state.display_name,
        external_id=state.external_id,
        closing=state.closing,
        revision=stored.revision,
    )


def _stored(seen: Group) -> Stored[Any]:
    return Stored(seen.id, seen.workspace_id, seen.revision, {})
