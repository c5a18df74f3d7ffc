"""Groups of a company's directory; what role goes with which is for the workspace to say."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from scim2_models import Context, ScimFilter

from contracts.ids import MemberId
from contracts.principal import Principal
from identity_service.app import IdentityApp
from identity_service.domain.directory_entry import key_of
from identity_service.domain.group import Group as KnownGroup
from identity_service.domain.member import Member
from identity_service.entrypoints.scim_filters import equalities
from identity_service.entrypoints.scim_group_patch import group_patch_of
from identity_service.entrypoints.scim_names import named_plainly
from identity_service.entrypoints.scim_resources import (
    Group,
    MemberEntry,
    group_of,
    members_of,
    shown_group,
)
from identity_service.entrypoints.scim_shown import Shown
from identity_service.usecases.change_group import (
    ChangeOfGroup,
    Expected,
    LongChangeOfGroup,
    Wanted,
)
from kit.errors import NothingHere

FILTERED_BY = {
    "id": "id",
    "displayname": "displayName",
    "externalid": "externalId",
    "members.value": "members.value",
    "members": "members.value",
}
PEOPLE_A_TURN = 100
"""Of whom a list looks up the groups before others get their turn."""


@dataclass(frozen=True, slots=True)
class Groups:
    """What may be done with groups; all of it within the caller's workspace."""

    app: IdentityApp
    caller: Principal
    origin: str
    model = Group

    async def create(self, body: dict[str, Any]) -> Shown:
        wanted = Group.model_validate(
            named_plainly(Group, body), scim_ctx=Context.RESOURCE_CREATION_REQUEST
        )
        name = (wanted.display_name or "").strip()
        created = await self.app.create_group(
            self.caller, name, wanted.external_id, members_of(wanted)
        )
        return await self.read(created.id)

    async def read(self, id_: str) -> Shown:
        group, members = await self.app.read_group(self.caller.workspace_id, id_)
        return shown_group(group, members, self.origin)

    async def replace(self, id_: str, body: dict[str, Any], version: str | None) -> Shown:
        if await self.app.groups.find(self.caller.workspace_id, id_) is None:
            raise NothingHere
        wanted = Group.model_validate(
            named_plainly(Group, body), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST
        )
        members = members_of(wanted)
        return await self._change(id_, lambda seen, _: (_named(seen, wanted), members), version)

    async def modify(self, id_: str, body: dict[str, Any], version: str | None) -> Shown:
        patch = await group_patch_of(body)

        async def change(seen: KnownGroup, members: list[Member]) -> Wanted:
            group = group_of(seen, (), self.origin)
            ids = await patch.patch(group, {each.id for each in members})
            return _named(seen, group), frozenset(MemberId(each) for each in ids)

        return await self._change(id_, change, version, whole=patch.whole)

    async def remove(self, id_: str, version: str | None) -> None:
        """One that is half removed is finished, whatever version was expected."""
        await self.app.remove_group(self.caller, id_, self._expected(version))

    async def each(self, filter_: str | None) -> list[KnownGroup]:
        """All that the filter finds, oldest first."""
        workspace_id = self.caller.workspace_id
        groups = [each for each in await self.app.groups.each(workspace_id) if not each.closing]
        if filter_ is None:
            return groups
        wanted = equalities(filter_, Group, FILTERED_BY)
        groups = [each for each in groups if _may_be(each, wanted)]
        members = None
        if "members.value" in wanted:
            member = await self.app.members.find(workspace_id, MemberId(wanted["members.value"]))
            ids = member.directory.groups if member and member.directory else ()
            groups = [each for each in groups if each.id in ids]
            members = [MemberEntry(value=wanted["members.value"], type="User")]
        matching = ScimFilter[Group](filter_)
        return [each for each in groups if await self._matches(each, members, matching.match)]

    async def _matches(
        self,
        group: KnownGroup,
        members: list[MemberEntry] | None,
        matches: Callable[[Group], bool],
    ) -> bool:
        """Others get their turn before each."""
        await asyncio.sleep(0)
        shown = group_of(group, (), self.origin)
        shown.members = members
        return matches(shown)

    async def shown(self, groups: list[KnownGroup]) -> list[Shown]:
        people = await self.app.directory.people(self.caller.workspace_id) if groups else []
        of_group: dict[str, list[Member]] = {group.id: [] for group in groups}
        for number, member in enumerate(people):
            for id_ in member.directory.groups if member.directory else ():
                if id_ in of_group:
                    of_group[id_].append(member)
            if not number % PEOPLE_A_TURN:
                await asyncio.sleep(0)
        return [shown_group(each, of_group[each.id], self.origin) for each in groups]

    async def _change(
        self,
        id_: str,
        change: ChangeOfGroup | LongChangeOfGroup,
        version: str | None,
        *,
        whole: bool = True,
    ) -> Shown:
        expected = self._expected(version)
        await self.app.change_group(self.caller, id_, change, whole=whole, expected=expected)
        return await self.read(id_)

    def _expected(self, version: str | None) -> Expected | None:
        """The version is of what is shown, its members included."""
        if version is None or version.strip() == "*":
            return None

        def is_so(group: KnownGroup, members: list[Member]) -> bool:
            meta = group_of(group, [each.id for each in members], self.origin).meta
            return meta is not None and meta.version == version.strip()

        return is_so


def _named(seen: KnownGroup, wanted: Group) -> KnownGroup:
    name = (wanted.display_name or "").strip()
    return replace(seen, display_name=name, external_id=wanted.external_id)


def _may_be(group: KnownGroup, wanted: dict[str, str]) -> bool:
    """Whether it is worth comparing with the whole filter."""
    return (
        wanted.get("id", group.id) == group.id
        and wanted.get("externalId", group.external_id) == group.external_id
        and key_of(wanted.get("displayName", group.display_name)) == group.key
    )
