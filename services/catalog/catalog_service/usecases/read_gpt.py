from dataclasses import dataclass

from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore
from catalog_service.usecases.open_gpt import OpenGpt
from contracts.access import Verb
from contracts.ids import GptId
from contracts.principal import Principal


@dataclass(frozen=True, slots=True)
class ReadGpt:
    """A GPT as those see it who may view its settings."""

    gpts: GptStore

    async def __call__(self, principal: Principal, gpt_id: GptId) -> Gpt:
        return await OpenGpt(self.gpts)(principal, Verb.VIEW_SETTINGS, gpt_id)
