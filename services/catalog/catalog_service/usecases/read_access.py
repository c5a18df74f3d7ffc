from dataclasses import dataclass

from catalog_service.ports import GptStore
from contracts import requests
from contracts.requests import AccessOfGpt


@dataclass(frozen=True, slots=True)
class ReadAccess:
    """Who may use a GPT, for the service that is asked to let somebody."""

    gpts: GptStore

    async def __call__(self, asked: requests.ReadAccess) -> AccessOfGpt:
        gpt = await self.gpts.read(asked.workspace_id, asked.gpt_id)
        return AccessOfGpt.of(gpt.access)
