from dataclasses import dataclass

from catalog_service.domain.access import seen_by
from catalog_service.domain.seen_gpt import SeenGpt
from catalog_service.ports import GptStore
from contracts.ids import GptId
from contracts.principal import Principal


@dataclass(frozen=True, slots=True)
class ReadGpt:
    """A GPT as the principal sees it; `GptNotFound` where they see nothing of it."""

    gpts: GptStore

    async def __call__(self, principal: Principal, gpt_id: GptId) -> SeenGpt:
        return seen_by(principal, await self.gpts.read(principal.workspace_id, gpt_id))
