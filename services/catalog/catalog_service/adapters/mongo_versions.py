from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from catalog_service.domain.gpt import Version
from contracts.ids import GptId, WorkspaceId
from kit.codec import Codec
from kit.documents import Collection
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import RemovedBy

VERSIONS = Codec(Version, as_json=True)


class MongoVersions:
    """One document a version, under GPT and number. Written once, deleted with the GPT."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._versions = Collection(
            database=database,
            name="gpt_versions",
            outbox=outbox,
            codec=VERSIONS,
            kept=RemovedBy("RemoveGpt, with the GPT"),
            listed_by=("gpt_id",),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._versions,)

    async def keep(self, workspace_id: WorkspaceId, version: Version) -> None:
        with suppress(Taken):
            await self._versions.within(workspace_id).add(version.id, version)

    async def page(
        self, workspace_id: WorkspaceId, gpt_id: GptId, limit: int, after: str | None
    ) -> list[Version]:
        found = await self._versions.within(workspace_id).page(limit, after, gpt_id=gpt_id)
        return [stored.state for stored in found]

    async def forget(self, workspace_id: WorkspaceId, gpt_id: GptId) -> None:
        await self._versions.within(workspace_id).delete_by(gpt_id=gpt_id)
