"""Groups of a company's directory; what role goes with which is for the workspace to say."""

import re
from dataclasses import dataclass, replace
from typing import Any

import orjson
from scim2_models import Context, PatchOp, ScimFilter

from contracts.ids import MemberId
from contracts.principal import Principal
from identity_service.app import IdentityApp
from identity_service.domain.group import MAX_OF_A_GROUP
from identity_service.domain.group import Group as KnownGroup
from identity_service.domain.member import Member
from identity_service.entrypoints.scim_filters import equalities
from identity_service.entrypoints.scim_requests import patch_of
from identity_service.entrypoints.scim_resources import Group, group_of, members_of
from identity_service.usecases.change_group import ChangeOfGroup, Wanted
from kit.documents import ChangedMeanwhile

FILTERED_BY = {
    "id": "id",
    "displayname": "displayName",
    "externalid": "externalId",
    "members.value": "members.value",
    "members": "members.value",
}
NAMED = re.compile(r"\bmem_\w{1,40}")
"""Ids of members, wherever a patch names them."""


@dataclass(frozen=True, slots=True)
class Groups:
    """What may be done with groups; all of it within the caller's workspace."""

    app: IdentityApp
    caller: Principal
    origin: str
    model = Group

    async def create(self, body: dict[str, Any]) -> Group:
        wanted = Group.model_validate(body, scim_ctx=Context.RESOURCE_CREATION_REQUEST)
        name = (wanted.display_name or "").strip()
        created = await self.app.create_group(
            self.caller, name, wanted.external_id, members_of(wanted)
        )
        return await self.read(created.id)

    async def read(self, id_: str) -> Group:
        group, members = await self.app.read_group(self.caller.workspace_id, id_)
        return group_of(group, members, self.origin)

    async def replace(self, id_: str, body: dict[str, Any], version: str | None) -> Group:
        wanted = Group.model_validate(body, scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
        return await self._change(id_, lambda seen, _: _wanted(seen, wanted), version)

    async def modify(self, id_: str, body: dict[str, Any], version: str | None) -> Group:
        patch: PatchOp[Group] = patch_of(Group, body)

        def change(seen: KnownGroup, members: list[Member]) -> Wanted:
            group = group_of(seen, members, self.origin)
            patch.patch(group)
            return _wanted(seen, group)

        changed = await self._change(id_, change, version)
        await self._ensure_in_force(body)
        return changed

    async def remove(self, id_: str, version: str | None) -> None:
        await self._demand(id_, version)
        await self.app.remove_group(self.caller, id_)

    async def each(self, filter_: str | None) -> list[KnownGroup]:
        """All that the filter finds, oldest first."""
        workspace_id = self.caller.workspace_id
        groups = [each for each in await self.app.groups.each(workspace_id) if not each.closing]
        if filter_ is None:
            return groups
        wanted = equalities(filter_, Group, FILTERED_BY)
        matching = ScimFilter[Group](filter_)
        if "members.value" not in wanted:
            return [each for each in groups if matching.match(group_of(each, (), self.origin))]
        member = await self.app.members.find(workspace_id, MemberId(wanted["members.value"]))
        if member is None or member.directory is None:
            return []
        mine = [each for each in groups if each.id in member.directory.groups]
        return [each for each in mine if matching.match(group_of(each, [member], self.origin))]

    async def shown(self, groups: list[KnownGroup]) -> list[Group]:
        people = await self.app.directory.people(self.caller.workspace_id) if groups else []
        of_group: dict[str, list[Member]] = {group.id: [] for group in groups}
        for member in people:
            for id_ in member.directory.groups if member.directory else ():
                if id_ in of_group:
                    of_group[id_].append(member)
        return [group_of(each, of_group[each.id], self.origin) for each in groups]

    async def _change(self, id_: str, change: ChangeOfGroup, version: str | None) -> Group:
        await self._demand(id_, version)
        await self.app.change_group(self.caller, id_, change)
        return await self.read(id_)

    async def _demand(self, id_: str, version: str | None) -> None:
        """Members have no revision in common: the version is of what is shown."""
        shown = await self.read(id_)
        known = shown.meta.version if shown.meta else None
        if version is not None and version.strip() not in ("*", known):
            raise ChangedMeanwhile

    async def _ensure_in_force(self, body: dict[str, Any]) -> None:
        """Also where the patch was carried out before, and could not be answered."""
        named = {*NAMED.findall(orjson.dumps(body).decode())}
        for id_ in sorted(named)[:MAX_OF_A_GROUP]:
            await self.app.members.ensure_in_force(self.caller.workspace_id, MemberId(id_))


def _wanted(seen: KnownGroup, wanted: Group) -> Wanted:
    name = (wanted.display_name or "").strip()
    changed = replace(seen, display_name=name, external_id=wanted.external_id)
    return changed, members_of(wanted)
