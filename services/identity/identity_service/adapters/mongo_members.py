from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.facts import MemberChanged
from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
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
    """None where there is none: it is not stored then, for those that are must differ."""
    active: bool = True


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
            unique=(Unique(("email",)),),
            filtered_by=("name", "kind", "active"),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._members,)

    async def add(self, member: Member) -> None:
        within = self._members.within(member.workspace_id)
        try:
            await within.add(member.id, _state_of(member))
        except Taken:
            if member.email and await within.find(member.id) is None:
                raise EmailTaken from None

    async def find(self, workspace_id: WorkspaceId, member_id: MemberId) -> Member | None:
        stored = await self._members.within(workspace_id).find(member_id)
        return _member_of(stored) if stored else None

    async def find_by_email(self, workspace_id: WorkspaceId, email: str) -> Member | None:
        stored = await self._members.within(workspace_id).find_by(email=email)
        return _member_of(stored) if stored else None

    async def known(
        self, workspace_id: WorkspaceId, member_ids: Sequence[MemberId], role: Role | None = None
    ) -> frozenset[MemberId]:
        of_role = {} if role is None else {"role": role.value}
        known = await self._members.within(workspace_id).known(member_ids, **of_role)
        return frozenset(MemberId(id_) for id_ in known)

    async def replace(self, seen: Member, changed: Member, *facts: MemberChanged) -> None:
        await self._change(seen, _state_of(changed), *facts)

    async def renew(self, seen: Member) -> None:
        await self._change(seen, _state_of(seen))

    async def _change(self, seen: Member, state: MemberState, *facts: MemberChanged) -> None:
        try:
            await self._members.within(seen.workspace_id).change(_stored(seen), state, *facts)
        except Taken:
            raise EmailTaken from None

    async def remove(self, seen: Member, fact: MemberChanged) -> None:
        await self._members.within(seen.workspace_id).remove(_stored(seen), fact)

    async def ensure_in_force(self, workspace_id: WorkspaceId, member_id: MemberId) -> None:
        await self._members.within(workspace_id).ensure_in_force(member_id)

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
    )


def _state_of(member: Member) -> MemberState:
    email = member.email or None
    return MemberState(member.name, member.role, member.kind, email, member.active)


def _stored(seen: Member) -> Stored[Any]:
    return Stored(seen.id, seen.workspace_id, seen.revision, {})
