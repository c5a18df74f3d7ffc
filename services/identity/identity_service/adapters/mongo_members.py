from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.facts import MemberChanged
from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.directory_entry import DirectoryEntry, key_of
from identity_service.domain.directory_errors import UserNameTaken
from identity_service.domain.email_address import known_email
from identity_service.domain.member import EVERY_MEMBER, Member, MemberKind, WantedMembers
from identity_service.domain.member_errors import EmailTaken
from kit.codec import Codec
from kit.documents import Collection, Stored, Unique
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.reading import containing
from kit.retention import Forever


@dataclass(frozen=True, slots=True)
class MemberState:
    name: str
    role: Role
    kind: MemberKind = MemberKind.PERSON
    email: str | None = None
    """None, and so not stored, where there is none: those that are stored may have to differ."""
    active: bool = True
    directory: DirectoryEntry | None = None


_PERSON = {"$ne": MemberKind.SERVICE.value}
"""Members of earlier releases have no kind."""
MEMBERS = Codec(MemberState, as_json=True, without_none=True)


class MongoMembers:
    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._members = Collection(
            database=database,
            name="members",
            outbox=outbox,
            codec=MEMBERS,
            kept=Forever("at most IDENTITY_MAX_MEMBERS a workspace"),
            listed_by=("role",),
            unique=(Unique(("email",)), Unique(("directory.key",))),
            filtered_by=(
                *("name", "kind", "active", "directory"),
                *("directory.external_id", "directory.emails.value", "directory.groups"),
            ),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._members,)

    async def add(self, member: Member) -> None:
        within = self._members.within(member.workspace_id)
        try:
            await within.add(member.id, state_of(member))
        except Taken:
            if member.email and await within.find(member.id) is None:
                raise EmailTaken from None

    async def find(self, workspace_id: WorkspaceId, member_id: MemberId) -> Member | None:
        stored = await self._members.within(workspace_id).find(member_id)
        return _member_of(stored) if stored else None

    async def find_by_email(self, workspace_id: WorkspaceId, email: str) -> Member | None:
        stored = await self._members.within(workspace_id).find_by(email=email)
        return _member_of(stored) if stored else None

    async def find_by_address(self, workspace_id: WorkspaceId, email: str) -> Member | None:
        found = await self.find_by_email(workspace_id, email)
        if found is not None or not email:
            return found
        within = self._members.within(workspace_id)
        stored = await within.find_by(directory__key=key_of(email))
        return _member_of(stored) if stored else None

    async def known(
        self, workspace_id: WorkspaceId, member_ids: Sequence[MemberId], role: Role | None = None
    ) -> frozenset[MemberId]:
        of_role = {} if role is None else {"role": role.value}
        known = await self._members.within(workspace_id).known(member_ids, **of_role)
        return frozenset(MemberId(id_) for id_ in known)

    async def replace(self, seen: Member, changed: Member, *facts: MemberChanged) -> None:
        await self._change(seen, state_of(changed), *facts)

    async def renew(self, seen: Member) -> None:
        await self._change(seen, state_of(seen))

    async def _change(self, seen: Member, state: MemberState, *facts: MemberChanged) -> None:
        try:
            await self._members.within(seen.workspace_id).change(_stored(seen), state, *facts)
        except Taken:
            raise await self._taken(seen.workspace_id, seen.id, state) from None

    async def _taken(
        self, workspace_id: WorkspaceId, id_: MemberId, state: MemberState
    ) -> EmailTaken | UserNameTaken:
        """What somebody else has already: the user name, else the e-mail address."""
        if state.directory is not None:
            within = self._members.within(workspace_id)
            found = await within.find_by(directory__key=state.directory.key)
            if found is not None and found.id != id_:
                return UserNameTaken()
        return EmailTaken()

    async def remove(self, seen: Member, fact: MemberChanged) -> None:
        await self._members.within(seen.workspace_id).remove(_stored(seen), fact)

    async def ensure_in_force(self, workspace_id: WorkspaceId, member_id: MemberId) -> None:
        await self._members.within(workspace_id).ensure_in_force(member_id)

    async def ensure_all_in_force(self, workspace_id: WorkspaceId) -> None:
        await self._members.within(workspace_id).ensure_all_in_force()

    async def removed_lately(self, workspace_id: WorkspaceId, member_id: MemberId) -> bool:
        return await self._members.within(workspace_id).removed_lately(member_id)

    async def page(
        self,
        workspace_id: WorkspaceId,
        limit: int,
        after: str | None,
        wanted: WantedMembers = EVERY_MEMBER,
    ) -> list[Member]:
        part = containing(wanted.text)
        found = await self._members.within(workspace_id).page(
            limit,
            after,
            any_of=[{"name": part}, {"email": part}] if wanted.text else (),
            **_filters(wanted),
        )
        return [_member_of(stored) for stored in found]

    async def with_role(self, workspace_id: WorkspaceId, role: Role) -> list[Member]:
        found = self._members.within(workspace_id).each(role=role.value)
        return [_member_of(stored) async for stored in found]

    async def provision(self, person: Member) -> None:
        try:
            await self._members.within(person.workspace_id).add(person.id, state_of(person))
        except Taken:
            raise await self._taken(person.workspace_id, person.id, state_of(person)) from None

    async def named(self, workspace_id: WorkspaceId, user_name: str) -> Member | None:
        within, key = self._members.within(workspace_id), key_of(user_name)
        found = await within.find_by(directory__key=key)
        if found is None:
            address = known_email(user_name)
            wanted = {"email": address, "directory": None, "kind": _PERSON}
            found = await within.find_by(**wanted) if address else None
        return _member_of(found) if found else None

    async def with_external_id(self, workspace_id: WorkspaceId, external_id: str) -> list[Member]:
        within = self._members.within(workspace_id)
        found = within.each(directory__external_id=external_id)
        return [_member_of(stored) async for stored in found]

    async def with_email(self, workspace_id: WorkspaceId, email: str) -> list[Member]:
        """The database finds a part of an address, too: that is left out here."""
        within, part = self._members.within(workspace_id), containing(email)
        found = [_member_of(each) async for each in within.each(directory__emails__value=part)]
        wanted = {key_of(email)}
        if address := known_email(email):
            wanted.add(address)
            by_hand = within.each(email=address, kind=_PERSON)
            found += [_member_of(each) async for each in by_hand]
        people = {each.id: each for each in found if wanted & each.addresses}
        return sorted(people.values(), key=lambda each: each.id)

    async def people(self, workspace_id: WorkspaceId) -> list[Member]:
        found = self._members.within(workspace_id).each(kind=_PERSON)
        return [each async for stored in found if (each := _member_of(stored)).user_name]

    async def of_group(self, workspace_id: WorkspaceId, group_id: str) -> list[Member]:
        found = self._members.within(workspace_id).each(directory__groups=group_id)
        return [_member_of(stored) async for stored in found]

    async def count(self, workspace_id: WorkspaceId) -> int:
        return await self._members.within(workspace_id).count()


def _filters(wanted: WantedMembers) -> dict[str, Any]:
    """Members of earlier releases have neither a kind nor `active`: what is left out counts."""
    filters: dict[str, Any] = {}
    if wanted.role is not None:
        filters["role"] = wanted.role.value
    if wanted.kind is not None:
        service = MemberKind.SERVICE.value
        filters["kind"] = service if wanted.kind is MemberKind.SERVICE else {"$ne": service}
    if wanted.active is not None:
        filters["active"] = {"$ne": False} if wanted.active else False
    return filters


def _member_of(stored: Stored[MemberState]) -> Member:
    state = stored.state
    return Member(
        id=MemberId(stored.id),
        workspace_id=stored.workspace_id,
        name=state.name,
        role=state.role,
        revision=stored.revision,
        kind=state.kind,
        email=state.email or "",
        active=state.active,
        directory=state.directory,
    )


def state_of(member: Member) -> MemberState:
    state = (member.name, member.role, member.kind, member.email or None, member.active)
    return MemberState(*state, member.directory)


def _stored(seen: Member) -> Stored[Any]:
    return Stored(seen.id, seen.workspace_id, seen.revision, {})
