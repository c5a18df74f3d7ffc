from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from auth_service.adapters.connection_states import CONNECTIONS, read, written
from auth_service.adapters.mongo_revocations import MongoRevocations
from auth_service.domain.connection import (
    MAX_CONNECTIONS,
    NOTED_EVERY,
    Connection,
    ConnectionState,
    Whose,
    WhyEnded,
)
from auth_service.domain.errors import ConnectionsFull
from auth_service.domain.pending_revocation import PendingRevocation
from auth_service.ports import ConnectionEnded
from contracts.fact import Fact
from contracts.facts import ConnectionLinked, ConnectionRevoked
from contracts.ids import ActionId, MemberId, WorkspaceId
from kit.documents import Collection, Overtaken, Stored, Unique
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import Expires
from kit.sealed_records import SealedMember, SealedRecords

KEPT_FOR = timedelta(days=90)
"""What has ended, so that its member sees why; none of it is secret."""


def _now() -> datetime:
    return datetime.now(UTC)


class MongoConnections:
    """One document for each action and member; what is encrypted comes here sealed already."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        revocations: MongoRevocations,
        clock: Callable[[], datetime] = _now,
        most: int = MAX_CONNECTIONS,
    ) -> None:
        self._revocations, self._clock, self._most = revocations, clock, most
        self._connections = Collection(
            database=database,
            name="connections",
            outbox=outbox,
            codec=CONNECTIONS,
            kept=Expires("ended_at", KEPT_FOR),
            unique=(Unique(("action_id", "member_id")),),
            listed_by=("action_id", "member_id"),
            # By its unique index the embedded database finds nothing: it reads all documents.
            counted_by=(("action_id", "state"), ("action_id", "member_id")),
            filtered_by=("state",),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._connections,)

    @property
    def sealed(self) -> Sequence[SealedRecords]:
        """All that is encrypted here, for changing keys."""
        return (SealedMember(self._connections, "tokens"),)

    async def find(self, whose: Whose) -> Connection | None:
        within = self._connections.within(whose.workspace_id)
        found = await within.find_by(action_id=whose.action_id, member_id=whose.member_id)
        return read(found) if found else None

    async def read(self, workspace_id: WorkspaceId, connection_id: str) -> Connection | None:
        found = await self._connections.within(workspace_id).find(connection_id)
        return read(found) if found else None

    async def again(self, seen: Connection) -> Connection:
        found = await self.read(seen.workspace_id, seen.id)
        return found or replace(seen.revoked(WhyEnded.ACTION_REMOVED), version=0)

    async def replace(self, seen: Connection, changed: Connection) -> None:
        await self._change(seen, changed)

    async def link(
        self, seen: Connection | None, linked: Connection, fact: ConnectionLinked
    ) -> None:
        if seen is not None:
            await self._change(seen, linked, fact)
            return
        within = self._connections.within(linked.workspace_id)
        if await within.count(member_id=linked.member_id) >= self._most:
            raise ConnectionsFull(self._most)
        try:
            await within.add(linked.id, written(linked, self._clock()), fact)
        except Taken:
            raise Overtaken from None

    async def end(
        self,
        seen: Connection,
        ended: Connection,
        fact: ConnectionEnded,
        revocation: PendingRevocation | None = None,
    ) -> None:
        if revocation is not None:
            await self._revocations.add(revocation)
        await self._change(seen, ended, fact)

    async def delete(
        self, seen: Connection, fact: ConnectionRevoked, revocation: PendingRevocation | None = None
    ) -> None:
        if revocation is not None:
            await self._revocations.add(revocation)
        await self._connections.within(seen.workspace_id).remove(_version(seen), fact)

    async def ensure_in_force(self, seen: Connection) -> None:
        await self._connections.within(seen.workspace_id).ensure_in_force(seen.id)

    async def used(self, seen: Connection, at: datetime) -> None:
        """A member of the state alone, without a revision: whoever renews is not overtaken."""
        if seen.last_used_at is None or seen.last_used_at <= at - NOTED_EVERY:
            within = self._connections.within(seen.workspace_id)
            await within.touch(seen.id, "last_used_at", at, older_by=NOTED_EVERY)

    async def of_member(
        self, workspace_id: WorkspaceId, member_id: MemberId, limit: int, after: str | None = None
    ) -> list[Connection]:
        within = self._connections.within(workspace_id)
        return [read(each) for each in await within.page(limit, after, member_id=member_id)]

    async def of_action(
        self, workspace_id: WorkspaceId, action_id: ActionId, limit: int, after: str | None = None
    ) -> list[Connection]:
        within = self._connections.within(workspace_id)
        return [read(each) for each in await within.page(limit, after, action_id=action_id)]

    async def count(
        self, workspace_id: WorkspaceId, action_id: ActionId, state: ConnectionState
    ) -> int:
        within = self._connections.within(workspace_id)
        return await within.count(action_id=action_id, state=state.value)

    async def _change(self, seen: Connection, changed: Connection, *facts: Fact) -> None:
        """A lease must not bring back what a change of keys sealed meanwhile."""
        within = self._connections.within(seen.workspace_id)
        kept = changed.sealed if changed.sealed == seen.sealed else None
        where = {"tokens.envelope": kept.envelope} if kept else None
        await within.change(_version(seen), written(changed, self._clock()), *facts, where=where)


def _version(seen: Connection) -> Stored[Any]:
    return Stored(seen.id, seen.workspace_id, seen.version, {})
