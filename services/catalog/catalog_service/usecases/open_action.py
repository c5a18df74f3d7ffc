from dataclasses import dataclass

from catalog_service.domain.definition import Action
from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore
from catalog_service.usecases.open_gpt import OpenGpt
from contracts.access import Verb
from contracts.ids import ActionId, GptId
from contracts.principal import Principal


@dataclass(frozen=True, slots=True)
class OpenAction:
    """An action of the draft, for whoever may view the GPT's settings."""

    gpts: GptStore

    async def __call__(
        self, principal: Principal, gpt_id: GptId, action_id: ActionId
    ) -> tuple[Gpt, Action]:
        gpt = await OpenGpt(self.gpts)(principal, Verb.VIEW_SETTINGS, gpt_id)
        return gpt, gpt.draft.action(action_id)
