from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from catalog_service.domain.gpt import Version, version_id
from contracts.ids import GptId, SchemaId, WorkspaceId
from kit.codec import Codec
from kit.documents import Collection
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import RemovedBy

VERSIONS = Codec(Version, as_json=True)
FORGOTTEN_AT_ONCE = 20
SCHEMAS_USED = "definition.actions.schema_id"


class MongoVersions:
    """One document a version, under GPT and number. Written once."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._versions = Collection(
            database=database,
            name="gpt_versions",
            outbox=outbox,
            codec=VERSIONS,
            kept=RemovedBy("PublishGpt, beyond the last that are kept; RemoveGpt, with the GPT"),
            listed_by=("gpt_id", SCHEMAS_USED),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._versions,)

    async def keep(self, workspace_id: WorkspaceId, version: Version) -> None:
        with suppress(Taken):
            await self._versions.within(workspace_id).add(version.id, version)

    async def find(self, workspace_id: WorkspaceId, gpt_id: GptId, number: int) -> Version | None:
        stored = await self._versions.within(workspace_id).find(version_id(gpt_id, number))
        return stored.state if stored else None

    async def page(
        self, workspace_id: WorkspaceId, gpt_id: GptId, limit: int, after: str | None
    ) -> list[Version]:
        found = await self._versions.within(workspace_id).page(limit, after, gpt_id=gpt_id)
        return [stored.state for stored in found]

    async def using(
        self, workspace_id: WorkspaceId, schema_id: SchemaId, limit: int, after: str | None
    ) -> list[Version]:
        within = self._versions.within(workspace_id)
        wanted: dict[str, Any] = {SCHEMAS_USED: schema_id}
        found = await within.page(limit - 1, after, **wanted)
        return [stored.state for stored in found]

    async def forget_before(self, workspace_id: WorkspaceId, gpt_id: GptId, number: int) -> None:
        within = self._versions.within(workspace_id)
        oldest_kept = version_id(gpt_id, number)
        while found := await within.page(FORGOTTEN_AT_ONCE, oldest_kept, gpt_id=gpt_id):
            for stored in found:
                await within.delete(stored.id)

    async def forget(self, workspace_id: WorkspaceId, gpt_id: GptId) -> None:
        await self._versions.within(workspace_id).delete_by(gpt_id=gpt_id)
