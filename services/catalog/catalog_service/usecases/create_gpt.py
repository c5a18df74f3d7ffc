from dataclasses import dataclass

from catalog_service.domain.definition import Definition
from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore
from contracts.facts import GptChanged
from contracts.ids import GptId, new_id
from contracts.principal import Principal


@dataclass(frozen=True, slots=True)
class CreateGpt:
    """It is private, and belongs to whoever makes it."""

    gpts: GptStore

    async def __call__(self, principal: Principal, draft: Definition) -> Gpt:
        workspace_id = principal.workspace_id
        gpt = Gpt(GptId(new_id("gpt")), workspace_id, draft, owner=principal.member_id)
        fact = GptChanged(workspace_id=workspace_id, gpt_id=gpt.id, revision=gpt.revision)
        await self.gpts.add(gpt, fact)
        return gpt
