from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from auth_service.adapters.client_states import (
    SealedState,
    read_seal,
    written_seal,
)
from auth_service.adapters.renewal_states import RenewalState, read_renewal, written_renewal
from auth_service.domain.service_token import ServiceToken
from contracts.ids import ActionId, WorkspaceId
from kit.codec import Codec
from kit.documents import Collection, Overtaken, Stored
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import Expires
from kit.sealed_records import SealedMember, SealedRecords

KEPT_FOR = timedelta(days=30)
"""After the last change: a token that is asked for anew then costs one request."""


@dataclass(frozen=True, slots=True)
class ServiceTokenState:
    action_id: str
    entered_with: int
    """The revision of the credential's record."""
    changed_at: datetime
    renewal: RenewalState
    tokens: SealedState | None = None


TOKENS = Codec(ServiceTokenState, without_none=True, replaced=("renewal", "tokens"))


def _now() -> datetime:
    return datetime.now(UTC)


class MongoServiceTokens:
    """One document a record of client credentials; what is encrypted comes here sealed already."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._clock = clock
        self._tokens = Collection(
            database=database,
            name="service_tokens",
            outbox=outbox,
            codec=TOKENS,
            kept=Expires("changed_at", KEPT_FOR),
            listed_by=("action_id",),
            reuses_ids=True,
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._tokens,)

    @property
    def sealed(self) -> Sequence[SealedRecords]:
        """All that is encrypted here, for changing keys."""
        return (SealedMember(self._tokens, "tokens"),)

    async def find(
        self, workspace_id: WorkspaceId, action_id: ActionId, revision: int
    ) -> ServiceToken:
        return await self.again(ServiceToken(workspace_id, action_id, revision))

    async def again(self, seen: ServiceToken) -> ServiceToken:
        stored = await self._tokens.within(seen.workspace_id).find(seen.id)
        if stored is None:
            return ServiceToken(seen.workspace_id, seen.action_id, seen.revision)
        return ServiceToken(
            seen.workspace_id,
            seen.action_id,
            seen.revision,
            read_renewal(stored.state.renewal),
            read_seal(stored.state.tokens),
            stored.revision,
        )

    async def replace(self, seen: ServiceToken, changed: ServiceToken) -> None:
        within, state = self._tokens.within(seen.workspace_id), self._written(changed)
        if seen.version:
            version: Stored[Any] = Stored(seen.id, seen.workspace_id, seen.version, {})
            kept = changed.sealed if changed.sealed == seen.sealed else None
            where = {"tokens.envelope": kept.envelope} if kept else None
            await within.change(version, state, where=where)
            return
        try:
            await within.add(changed.id, state)
        except Taken:
            raise Overtaken from None

    async def keep_only(
        self, workspace_id: WorkspaceId, action_id: ActionId, revisions: Iterable[int]
    ) -> None:
        within, kept = self._tokens.within(workspace_id), {*revisions}
        async for stored in within.each(action_id=action_id):
            if stored.state.entered_with not in kept:
                await within.delete(stored.id)

    def _written(self, token: ServiceToken) -> ServiceTokenState:
        return ServiceTokenState(
            token.action_id,
            token.revision,
            self._clock(),
            written_renewal(token.renewal),
            written_seal(token.sealed),
        )
