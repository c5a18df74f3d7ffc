from dataclasses import dataclass, replace

from contracts.ids import MemberId, new_id
from contracts.principal import Principal
from contracts.requests import Role
from identity_service.domain.directory_errors import UserNameTaken
from identity_service.domain.errors import RoleAboveOwn, TooManyMembers
from identity_service.domain.member import Member, MemberKind
from identity_service.domain.role_order import outranks
from identity_service.ports import DirectoryStore, MemberStore
from identity_service.usecases.place_member import Change, PlaceMember


@dataclass(frozen=True, slots=True)
class ProvisionMember:
    """Add a person whom the directory names: a user, unless it names another role, no higher than
    the caller's.

    Somebody who was invited by hand, and whose e-mail address is the new user name or address, is
    taken over: they keep their id, their tokens, and the role that they have unless the directory
    gives one. Anybody else with that user name is `UserNameTaken`, so is whoever is added twice;
    with that address a service account is `EmailTaken`.
    """

    members: MemberStore
    directory: DirectoryStore
    place_member: PlaceMember
    limit: int

    async def __call__(self, caller: Principal, change: Change) -> Member:
        """`change` makes the person of a member without anything."""
        empty = Member(MemberId(new_id("mem")), caller.workspace_id, "", Role.USER)
        wanted = change(empty)
        known = await self._known(wanted)
        if known is not None:
            return await self._take_over(caller, known, change)
        if await self.members.count(caller.workspace_id) >= self.limit:
            raise TooManyMembers(self.limit)
        person = _with_named_role(wanted)
        if outranks(person.role, caller.role):
            raise RoleAboveOwn(person.role)
        await self.directory.provision(person)
        return person

    async def _known(self, wanted: Member) -> Member | None:
        named = await self.directory.named(wanted.workspace_id, wanted.user_name)
        if named is not None or not wanted.email:
            return named
        found = await self.members.find_by_email(wanted.workspace_id, wanted.email)
        return found if found is not None and found.kind is MemberKind.PERSON else None

    async def _take_over(self, caller: Principal, known: Member, change: Change) -> Member:
        def taken_over(seen: Member) -> Member:
            if seen.directory is not None:
                raise UserNameTaken
            return change(seen)

        return await self.place_member(caller, known.id, taken_over)


def _with_named_role(person: Member) -> Member:
    entry = person.directory
    role = entry.named_role if entry else None
    if entry is None or role is None:
        return person
    return replace(person, role=role, directory=replace(entry, gave_role=True))
