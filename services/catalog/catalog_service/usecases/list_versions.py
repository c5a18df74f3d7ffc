from dataclasses import dataclass

from catalog_service.domain.gpt import Version
from catalog_service.ports import GptStore, VersionStore
from catalog_service.usecases.open_gpt import OpenGpt
from contracts.access import Verb
from contracts.ids import GptId
from contracts.principal import Principal


@dataclass(frozen=True, slots=True)
class ListVersions:
    """Up to `limit + 1`, newest first: the version in use, if any, then those that were."""

    gpts: GptStore
    versions: VersionStore

    async def __call__(
        self, principal: Principal, gpt_id: GptId, limit: int, after: str | None
    ) -> list[Version]:
        workspace_id = principal.workspace_id
        in_use = (await OpenGpt(self.gpts)(principal, Verb.VIEW_SETTINGS, gpt_id)).published
        if in_use is None or after is not None:
            return await self.versions.page(workspace_id, gpt_id, limit, after)
        # A publication that was cut short may have left the version in use among the kept.
        earlier = await self.versions.page(workspace_id, gpt_id, limit - 1, in_use.id)
        return [in_use, *earlier]
