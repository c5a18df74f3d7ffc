from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from auth_service.adapters.client_states import SealedState
from auth_service.domain.pending_revocation import PendingRevocation
from contracts.ids import ActionId
from kit.codec import Codec
from kit.documents import Collection, Stored, SweptBy
from kit.key_ring import Sealed
from kit.mongo import Database
from kit.outbox import Outbox
from kit.retention import Expires
from kit.sealed_records import SealedMember, SealedRecords

KEPT_FOR = timedelta(days=7)
"""Tries end within six hours, but for those that no replica was there for."""


@dataclass(frozen=True, slots=True)
class RevocationState:
    action_id: str
    connection_id: str
    asked_at: datetime
    next_at: datetime
    request: SealedState
    attempts: int = 0


class MongoRevocations:
    """One document for each connection that ended and whose provider was not told yet."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._revocations = Collection(
            database=database,
            name="revocations",
            outbox=outbox,
            codec=Codec(RevocationState, replaced=("request",)),
            kept=Expires("asked_at", KEPT_FOR),
            swept_by=(SweptBy("next_at"),),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._revocations,)

    @property
    def sealed(self) -> Sequence[SealedRecords]:
        """All that is encrypted here, for changing keys."""
        return (SealedMember(self._revocations, "request"),)

    async def add(self, pending: PendingRevocation) -> None:
        state = RevocationState(
            pending.action_id,
            pending.connection_id,
            pending.asked_at,
            pending.next_at,
            SealedState(pending.sealed.key_id, pending.sealed.envelope),
            pending.attempts,
        )
        await self._revocations.within(pending.workspace_id).add(pending.id, state)

    async def due(self, now: datetime, limit: int) -> list[PendingRevocation]:
        after = now + timedelta(milliseconds=1)  # times are stored in milliseconds
        found = await self._revocations.across_workspaces.older("next_at", after, limit)
        return [_read(stored) for stored in found]

    async def later(self, seen: PendingRevocation, changed: PendingRevocation) -> None:
        new = {"attempts": changed.attempts, "next_at": changed.next_at}
        within = self._revocations.within(seen.workspace_id)
        await within.swap(seen.id, {"attempts": seen.attempts}, new)

    async def done(self, seen: PendingRevocation) -> None:
        await self._revocations.within(seen.workspace_id).delete(seen.id)


def _read(stored: Stored[RevocationState]) -> PendingRevocation:
    state = stored.state
    return PendingRevocation(
        stored.id,
        stored.workspace_id,
        ActionId(state.action_id),
        state.connection_id,
        Sealed(state.request.key_id, state.request.envelope),
        state.asked_at,
        state.next_at,
        state.attempts,
    )
