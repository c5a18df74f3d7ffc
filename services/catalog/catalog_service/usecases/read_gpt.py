from dataclasses import dataclass

from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore
from contracts.ids import GptId, WorkspaceId


@dataclass(frozen=True, slots=True)
class ReadGpt:
    """A GPT as its builders see it."""

    gpts: GptStore

    async def __call__(self, workspace_id: WorkspaceId, gpt_id: GptId) -> Gpt:
        return await self.gpts.read(workspace_id, gpt_id)
