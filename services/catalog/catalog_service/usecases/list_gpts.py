from dataclasses import dataclass

from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore
from contracts.ids import WorkspaceId


@dataclass(frozen=True, slots=True)
class ListGpts:
    """Up to `limit + 1`, newest first, so that the caller knows whether there are more."""

    gpts: GptStore

    async def __call__(
        self, workspace_id: WorkspaceId, limit: int, after: str | None, name_part: str
    ) -> list[Gpt]:
        return await self.gpts.page(workspace_id, limit, after, name_part)
