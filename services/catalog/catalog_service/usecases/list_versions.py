from dataclasses import dataclass

from catalog_service.ports import GptStore, VersionStore
from catalog_service.usecases.open_gpt import OpenGpt
from catalog_service.usecases.read_version import SeenVersion
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
    ) -> list[SeenVersion]:
        workspace_id = principal.workspace_id
        in_use = (await OpenGpt(self.gpts)(principal, Verb.VIEW_SETTINGS, gpt_id)).published
        if in_use is None or after is not None:
            found = await self.versions.page(workspace_id, gpt_id, limit, after)
            return [SeenVersion(each, in_use=each == in_use) for each in found]
        # A publication that was cut short may have left the version in use among the kept.
        earlier = await self.versions.page(workspace_id, gpt_id, limit - 1, in_use.id)
        others = [SeenVersion(each, in_use=False) for each in earlier]
        return [SeenVersion(in_use, in_use=True), *others]
