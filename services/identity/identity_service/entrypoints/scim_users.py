"""Users: the people of a workspace, as a company's directory manages them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scim2_models import Context, InvalidValueException, PatchOp, ScimFilter

from contracts.ids import MemberId
from contracts.principal import Principal
from identity_service.app import IdentityApp
from identity_service.domain.group import Group as KnownGroup
from identity_service.domain.member import Member, MemberKind
from identity_service.entrypoints.scim_filters import equalities
from identity_service.entrypoints.scim_names import named_plainly
from identity_service.entrypoints.scim_requests import operations_of, patch_of, revision_of
from identity_service.entrypoints.scim_resources import (
    MAX_EMAILS,
    User,
    made_of,
    shown_user,
    user_of,
)
from identity_service.entrypoints.scim_shown import Shown
from kit.errors import NothingHere

FILTERED_BY = {
    "id": "id",
    "username": "userName",
    "externalid": "externalId",
    "emails.value": "emails.value",
    "emails": "emails.value",
}


@dataclass(frozen=True, slots=True)
class Users:
    """What may be done with users; all of it within the caller's workspace."""

    app: IdentityApp
    caller: Principal
    origin: str
    model = User

    async def create(self, body: dict[str, Any]) -> Shown:
        wanted = User.model_validate(
            named_plainly(User, body), scim_ctx=Context.RESOURCE_CREATION_REQUEST
        )
        return await self._shown(await self.app.provision_member(self.caller, made_of(wanted)))

    async def read(self, id_: str) -> Shown:
        return await self._shown(await self._member(id_))

    async def replace(self, id_: str, body: dict[str, Any], revision: str | None) -> Shown:
        await self._member(id_)
        wanted = User.model_validate(
            named_plainly(User, body), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST
        )
        expected = revision_of(revision)
        change = made_of(wanted)
        place = self.app.place_member
        return await self._shown(await place(self.caller, MemberId(id_), change, expected))

    async def modify(self, id_: str, body: dict[str, Any], revision: str | None) -> Shown:
        patch: PatchOp[User] = patch_of(User, body, operations_of(User, body), MAX_EMAILS)
        await self._member(id_)

        def change(seen: Member) -> Member:
            user = user_of(seen, self.origin)
            patch.patch(user)
            demand_lost_nothing(user)
            return made_of(user)(seen)

        expected = revision_of(revision)
        place = self.app.place_member
        return await self._shown(await place(self.caller, MemberId(id_), change, expected))

    async def remove(self, id_: str, revision: str | None) -> None:
        """Of one who was removed lately: done once that is in force."""
        found = await self.app.members.find(self.caller.workspace_id, MemberId(id_))
        if found is not None and not _is_user(found):
            raise NothingHere
        await self.app.remove_member(self.caller, MemberId(id_), revision_of(revision))

    async def each(self, filter_: str | None) -> list[Member]:
        """All that the filter finds, oldest first."""
        workspace_id = self.caller.workspace_id
        if filter_ is None:
            return await self.app.directory.people(workspace_id)
        wanted = equalities(filter_, User, FILTERED_BY)
        matching = ScimFilter[User](filter_)
        found = await self._looked_up(wanted)
        return [each for each in found if matching.match(user_of(each, self.origin))]

    async def _looked_up(self, wanted: Mapping[str, str]) -> list[Member]:
        workspace_id, directory = self.caller.workspace_id, self.app.directory
        if "id" in wanted:
            one = await self.app.members.find(workspace_id, MemberId(wanted["id"]))
        elif "userName" in wanted:
            one = await directory.named(workspace_id, wanted["userName"])
        elif "externalId" in wanted:
            return await directory.with_external_id(workspace_id, wanted["externalId"])
        else:
            return await directory.with_email(workspace_id, wanted["emails.value"])
        return [one] if one is not None and _is_user(one) else []

    async def shown(self, members: list[Member]) -> list[Shown]:
        groups = await self._groups(members)
        return [shown_user(each, groups, self.origin) for each in members]

    async def _shown(self, member: Member) -> Shown:
        [shown] = await self.shown([member])
        return shown

    async def _groups(self, members: list[Member]) -> dict[str, KnownGroup]:
        if not any(each.directory and each.directory.groups for each in members):
            return {}
        known = await self.app.groups.each(self.caller.workspace_id)
        return {group.id: group for group in known}

    async def _member(self, id_: str) -> Member:
        found = await self.app.members.find(self.caller.workspace_id, MemberId(id_))
        if found is None or not _is_user(found):
            raise NothingHere
        return found


def demand_lost_nothing(user: User) -> None:
    """By a patch that describes an entry without its value. Without `active` a person stays as they
    are (RFC 7643, 2.5: unassigned may mean a default).
    """
    for name, entries in (("emails", user.emails), ("roles", user.roles)):
        if any("value" not in each.model_fields_set for each in entries or ()):
            raise InvalidValueException(
                detail=f"An entry of `{name}` would have no `value`. Send it, or remove the entry."
            )


def _is_user(member: Member) -> bool:
    return member.kind is MemberKind.PERSON and bool(member.user_name)
