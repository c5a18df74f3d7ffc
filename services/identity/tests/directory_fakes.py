"""Identity's stores in memory, as far as a company's directory needs them."""

from dataclasses import dataclass, field

from identity_service.domain.directory_entry import key_of
from identity_service.domain.directory_errors import GroupNameTaken, UserNameTaken
from identity_service.domain.email_address import known_email
from identity_service.domain.group import GroupRoles
from identity_service.domain.member import MemberKind
from kit.documents import Overtaken


class MemoryPeople:
    """What `MemoryMembers` answers about those whom a directory knows."""

    async def provision(self, person):
        self._demand_key(person)
        self._demand_address(person)
        self._members[person.id] = person
        await self.invitations.revoke_to(person.workspace_id, person.known_addresses)

    async def find_by_address(self, workspace_id, email):
        by_email = await self.find_by_email(workspace_id, email)
        people, key = await self.people(workspace_id), key_of(email)
        by_name = (each for each in people if each.directory and each.directory.key == key)
        return by_email or (next(by_name, None) if email else None)

    async def named(self, workspace_id, user_name):
        people, key = await self.people(workspace_id), key_of(user_name)
        address = known_email(user_name)
        by_name = [each for each in people if each.directory and each.directory.key == key]
        by_hand = [each for each in people if not each.directory and each.email == address]
        return next(iter(by_name + by_hand), None)

    async def with_external_id(self, workspace_id, external_id):
        people = await self.people(workspace_id)
        with_entry = (each for each in people if each.directory)
        return [each for each in with_entry if each.directory.external_id == external_id]

    async def with_email(self, workspace_id, email):
        people = await self.people(workspace_id)
        wanted = {key_of(email), known_email(email)} - {None}
        return [each for each in people if wanted & each.addresses]

    async def people(self, workspace_id):
        people = [each for each in self._within(workspace_id) if each.kind is MemberKind.PERSON]
        return sorted((each for each in people if each.user_name), key=lambda each: each.id)

    async def of_group(self, workspace_id, group_id):
        people = await self.people(workspace_id)
        return [each for each in people if each.directory and group_id in each.directory.groups]

    def _demand_key(self, member):
        others = (each for each in self._within(member.workspace_id) if each.id != member.id)
        keys = {each.directory.key for each in others if each.directory}
        if member.directory and member.directory.key in keys:
            raise UserNameTaken


@dataclass
class MemoryGroups:
    _groups: dict = field(default_factory=dict)

    async def add(self, group):
        self._demand_name(group)
        self._groups[group.id] = group

    async def find(self, workspace_id, group_id):
        group = self._groups.get(group_id)
        return group if group and group.workspace_id == workspace_id else None

    async def each(self, workspace_id):
        found = [each for each in self._groups.values() if each.workspace_id == workspace_id]
        return sorted(found, key=lambda each: each.id)

    async def replace(self, seen, changed):
        self._demand(seen)
        self._demand_name(changed)
        self._groups[seen.id] = changed

    async def remove(self, seen):
        self._demand(seen)
        del self._groups[seen.id]

    def _demand(self, seen):
        if self._groups.get(seen.id) != seen:
            raise Overtaken

    def _demand_name(self, group):
        for each in self._groups.values():
            same = (each.workspace_id, each.key) == (group.workspace_id, group.key)
            if same and each.id != group.id:
                raise GroupNameTaken


@dataclass
class MemoryGroupRoles:
    _roles: dict = field(default_factory=dict)

    async def read(self, workspace_id):
        return self._roles.get(workspace_id, GroupRoles(workspace_id))

    async def replace(self, seen, changed):
        if await self.read(seen.workspace_id) != seen:
            raise Overtaken
        self._roles[seen.workspace_id] = changed
