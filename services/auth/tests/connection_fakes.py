"""Stand-ins for the ports about members' connections."""

from dataclasses import dataclass, field, replace

from auth_service.domain.connection import MAX_CONNECTIONS, NOTED_EVERY, WhyEnded
from auth_service.domain.errors import ConnectionsFull
from auth_service.ports import Named
from auth_service.usecases.end_of_action import EndOfAction
from kit.documents import Overtaken
from kit.errors import NothingHere
from kit.testing import RecordedFacts


def nobody_signed_in():
    """What ends with an action that no member is signed in to."""
    return EndOfAction(MemoryConnections(), None)


@dataclass
class MemoryRevocations:
    """`Revocations` in memory; the contract suite runs against it too."""

    stored: dict = field(default_factory=dict)

    async def due(self, now, limit):
        found = sorted(self.stored.values(), key=lambda each: each.next_at)
        return [each for each in found if each.next_at <= now][:limit]

    async def later(self, seen, changed):
        if self.stored.get(seen.id) == seen:
            self.stored[seen.id] = changed

    async def done(self, seen):
        self.stored.pop(seen.id, None)


@dataclass
class MemoryConnections:
    """`Connections` in memory; the contract suite runs against it too."""

    facts: RecordedFacts = field(default_factory=RecordedFacts)
    revocations: MemoryRevocations = field(default_factory=MemoryRevocations)
    stored: dict = field(default_factory=dict)
    most: int = MAX_CONNECTIONS

    async def find(self, whose):
        return next((each for each in self.stored.values() if each.whose == whose), None)

    async def read(self, workspace_id, connection_id):
        found = self.stored.get(connection_id)
        return found if found and found.workspace_id == workspace_id else None

    async def again(self, seen):
        found = await self.read(seen.workspace_id, seen.id)
        return found or replace(seen.revoked(WhyEnded.ACTION_REMOVED), version=0)

    async def replace(self, seen, changed):
        self._ensure_newest(seen, changed)
        self.stored[seen.id] = replace(changed, version=seen.version + 1)

    async def link(self, seen, linked, fact):
        if seen is None:
            if await self.find(linked.whose):
                raise Overtaken
            if len(await self.of_member(linked.workspace_id, linked.member_id, self.most)) >= (
                self.most
            ):
                raise ConnectionsFull(self.most)
            self.stored[linked.id] = replace(linked, version=1)
        else:
            await self.replace(seen, linked)
        await self.facts.publish(fact)

    async def end(self, seen, ended, fact, revocation=None):
        self._keep(revocation)
        await self.replace(seen, ended)
        await self.facts.publish(fact)

    async def delete(self, seen, fact, revocation=None):
        self._keep(revocation)
        self._ensure_newest(seen, seen)
        del self.stored[seen.id]
        await self.facts.publish(fact)

    async def ensure_in_force(self, seen):
        """Here a change is in force from the moment it is made."""

    async def used(self, seen, at):
        found = self.stored.get(seen.id)
        last = found.last_used_at if found else at
        if last is None or last <= at - NOTED_EVERY:
            self.stored[seen.id] = replace(found, last_used_at=at)

    async def of_member(self, workspace_id, member_id, limit, after=None):
        return self._page(limit, after, workspace_id=workspace_id, member_id=member_id)

    async def of_action(self, workspace_id, action_id, limit, after=None):
        return self._page(limit, after, workspace_id=workspace_id, action_id=action_id)

    async def count(self, workspace_id, action_id, state):
        wanted = {"workspace_id": workspace_id, "action_id": action_id, "state": state}
        return len(self._page(len(self.stored), None, **wanted))

    def _page(self, limit, after, **members):
        found = [
            each
            for id_, each in sorted(self.stored.items(), reverse=True)
            if (after is None or id_ < after)
            and all(getattr(each, name) == value for name, value in members.items())
        ]
        return found[: limit + 1]

    def _keep(self, revocation):
        if revocation:
            self.revocations.stored[revocation.id] = revocation

    def _ensure_newest(self, seen, changed):
        found = self.stored.get(seen.id)
        if found is None or found.version != seen.version:
            raise Overtaken
        if changed.sealed is not None and changed.sealed == seen.sealed != found.sealed:
            raise Overtaken


@dataclass
class KnownNames:
    """`Names` of whoever is asked for, but for those who left or are switched off."""

    left: set = field(default_factory=set)
    switched_off: set = field(default_factory=set)

    async def of(self, workspace_id, member_id):
        if member_id in self.left:
            raise NothingHere
        return Named(f"<b>{member_id}</b>", "Acme & Sons", member_id not in self.switched_off)


@dataclass
class MemoryEnded:
    """`EndedOnce` in memory."""

    ended: dict = field(default_factory=dict)

    async def end(self, workspace_id, id_, at):
        return self.ended.setdefault((workspace_id, id_), mine := object()) is mine


@dataclass
class RecordedLinks:
    """`LinkLog`, which keeps what it is given."""

    lines: list = field(default_factory=list)

    def linked(self, connection):
        self.lines.append(("linked", connection.whose))

    def refused(self, whose, code):
        self.lines.append((code, whose))
