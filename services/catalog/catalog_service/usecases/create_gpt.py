from dataclasses import dataclass

from catalog_service.domain.definition import Definition
from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore
from contracts.facts import GptChanged
from contracts.ids import GptId, WorkspaceId, new_id


@dataclass(frozen=True, slots=True)
class CreateGpt:
    gpts: GptStore

    async def __call__(self, workspace_id: WorkspaceId, draft: Definition) -> Gpt:
        gpt = Gpt(GptId(new_id("gpt")), workspace_id, draft)
        fact = GptChanged(workspace_id=workspace_id, gpt_id=gpt.id, revision=gpt.revision)
        await self.gpts.add(gpt, fact)
        return gpt
