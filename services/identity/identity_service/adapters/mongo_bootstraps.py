from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.ids import MemberId, WorkspaceId
from identity_service.domain.bootstrap import Bootstrap
from kit.codec import Codec
from kit.documents import Collection, Stored
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import Forever

THE_ONE = "bootstrap"
INSTALLATION = WorkspaceId("installation")
"""Not a workspace: the scope of what belongs to the installation as a whole."""


@dataclass(frozen=True, slots=True)
class BootstrapState:
    workspace_id: str
    owner_id: str
    token_owed: bool = False
    claimed_until: datetime | None = None


BOOTSTRAPS = Codec(BootstrapState)


class MongoBootstraps:
    """One document under a fixed id: whoever inserts it first decides."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._bootstraps = Collection(
            database=database,
            name="bootstraps",
            outbox=outbox,
            codec=BOOTSTRAPS,
            kept=Forever("one an installation"),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._bootstraps,)

    async def begin(self, proposed: Bootstrap) -> Bootstrap:
        with suppress(Taken):
            await self._bootstraps.within(INSTALLATION).add(THE_ONE, _state_of(proposed))
        return await self.read()

    async def read(self) -> Bootstrap:
        stored = await self._bootstraps.within(INSTALLATION).read(THE_ONE)
        state = stored.state
        return Bootstrap(
            WorkspaceId(state.workspace_id),
            MemberId(state.owner_id),
            stored.revision,
            state.token_owed,
            state.claimed_until,
        )

    async def replace(self, seen: Bootstrap, changed: Bootstrap) -> None:
        stored: Stored[Any] = Stored(THE_ONE, INSTALLATION, seen.revision, {})
        await self._bootstraps.within(INSTALLATION).change(stored, _state_of(changed))

    async def forget(self, workspace_id: WorkspaceId) -> None:
        bootstraps = self._bootstraps.within(INSTALLATION)
        stored = await bootstraps.find(THE_ONE)
        if stored is not None and stored.state.workspace_id == workspace_id:
            await bootstraps.delete(THE_ONE)


def _state_of(bootstrap: Bootstrap) -> BootstrapState:
    return BootstrapState(
        bootstrap.workspace_id,
        bootstrap.owner_id,
        bootstrap.token_pending,
        bootstrap.claimed_until,
    )
