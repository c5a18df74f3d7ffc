from collections.abc import Sequence
from contextlib import suppress

from pydantic import TypeAdapter

from catalog_service.domain.gpt import Version
from contracts.ids import GptId, WorkspaceId
from kit.documents import Collection
from kit.mongo import Database, Taken, driver_errors
from kit.outbox import Outbox

_VERSION = TypeAdapter(Version)


class MongoVersions:
    """One document a version, under GPT and number. Written once, deleted with the GPT."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._versions = Collection(database, "gpt_versions", outbox, sorted_by=("gpt_id",))

    @property
    def collections(self) -> Sequence[Collection]:
        return (self._versions,)

    async def keep(self, workspace_id: WorkspaceId, version: Version) -> None:
        state = _VERSION.dump_python(version, mode="json")
        with suppress(Taken):
            await self._versions.within(workspace_id).add(version.id, state)

    async def page(
        self, workspace_id: WorkspaceId, gpt_id: GptId, limit: int, after: str | None
    ) -> list[Version]:
        found = await self._versions.within(workspace_id).page(limit, after, gpt_id=gpt_id)
        return [_VERSION.validate_python(stored.state) for stored in found]

    async def forget(self, workspace_id: WorkspaceId, gpt_id: GptId) -> None:
        mine = {"workspace_id": workspace_id, "state.gpt_id": gpt_id}
        with driver_errors():
            await self._versions.raw.delete_many(mine)
