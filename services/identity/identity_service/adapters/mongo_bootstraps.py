from collections.abc import Sequence
from contextlib import suppress

from contracts.ids import MemberId, WorkspaceId
from identity_service.domain.bootstrap import Bootstrap
from kit.documents import Collection, Stored
from kit.mongo import Database, Document, Taken
from kit.outbox import Outbox

THE_ONE = "bootstrap"
INSTALLATION = WorkspaceId("installation")
"""Not a workspace: the scope of what belongs to the installation as a whole."""


class MongoBootstraps:
    """One document under a fixed id: whoever inserts it first decides."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._bootstraps = Collection(database, "bootstraps", outbox)

    @property
    def collections(self) -> Sequence[Collection]:
        return (self._bootstraps,)

    async def begin(self, proposed: Bootstrap) -> Bootstrap:
        with suppress(Taken):
            await self._bootstraps.within(INSTALLATION).add(THE_ONE, _state_of(proposed))
        return await self.read()

    async def read(self) -> Bootstrap:
        stored = await self._bootstraps.within(INSTALLATION).read(THE_ONE)
        state = stored.state
        return Bootstrap(
            WorkspaceId(state["workspace_id"]),
            MemberId(state["owner_id"]),
            stored.revision,
            state["token_owed"],
            state["claimed_until"],
        )

    async def replace(self, seen: Bootstrap, changed: Bootstrap) -> None:
        stored = Stored(THE_ONE, INSTALLATION, seen.revision, {})
        await self._bootstraps.within(INSTALLATION).change(stored, _state_of(changed))


def _state_of(bootstrap: Bootstrap) -> Document:
    return {
        "workspace_id": bootstrap.workspace_id,
        "owner_id": bootstrap.owner_id,
        "token_owed": bootstrap.token_owed,
        "claimed_until": bootstrap.claimed_until,
    }
