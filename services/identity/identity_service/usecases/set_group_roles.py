from dataclasses import dataclass

from contracts.principal import Principal
from contracts.requests import Role
from identity_service.domain.errors import RoleAboveOwn
from identity_service.domain.group import GroupRole, GroupRoles
from identity_service.domain.role_order import outranks
from identity_service.domain.whole_role import demand_whole_role
from identity_service.ports import DirectoryStore, GroupRolesStore, SignInSettingsStore
from identity_service.usecases.place_member import PlaceMember, as_they_are
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile


@dataclass(frozen=True, slots=True)
class SetGroupRoles:
    """Say which group of the directory gives which role, none above the caller's own; all members
    of groups have the role that follows once this returns.

    A process that dies meanwhile leaves some members with the role before; the same request again
    finishes it, whatever revision was expected. Whoever gets a role may do all that it allows, so
    the caller's own token must allow it too: also where that is the default role of the company's
    sign-in, which people in none of the groups get.
    """

    group_roles: GroupRolesStore
    directory: DirectoryStore
    place_member: PlaceMember
    sign_in_settings: SignInSettingsStore

    async def __call__(
        self,
        caller: Principal,
        entries: tuple[GroupRole, ...],
        expected_revision: int | None = None,
    ) -> GroupRoles:
        changed = await self._set(caller, entries, expected_revision)
        people = await self.directory.people(caller.workspace_id)
        misplaced = await self.place_member.misplaced(caller.workspace_id, people)
        await self.place_member.each(caller, ((each, as_they_are) for each in misplaced))
        return changed

    @repeats_on_contention
    async def _set(
        self, caller: Principal, entries: tuple[GroupRole, ...], expected: int | None
    ) -> GroupRoles:
        seen = await self.group_roles.read(caller.workspace_id)
        for entry in {*seen.entries} ^ {*entries}:
            if outranks(entry.role, caller.role):
                raise RoleAboveOwn(entry.role)
        for entry in {*entries} - {*seen.entries}:
            demand_whole_role(caller, entry.role)
        if entries == seen.entries:
            return seen
        await self._demand_default_role(caller)
        if expected not in (None, seen.revision):
            raise ChangedMeanwhile
        changed = GroupRoles(caller.workspace_id, entries, seen.revision + 1)
        await self.group_roles.replace(seen, changed)
        return changed

    async def _demand_default_role(self, caller: Principal) -> None:
        """Nobody rises to `user`."""
        settings = await self.sign_in_settings.find(caller.workspace_id)
        if settings is None or settings.group_claim is None:
            return
        if settings.default_role is not Role.USER:
            demand_whole_role(caller, settings.default_role)
