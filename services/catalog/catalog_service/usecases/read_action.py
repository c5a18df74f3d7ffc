from dataclasses import dataclass

from catalog_service.ports import GptStore
from contracts import requests
from contracts.requests import ActionOrigins


@dataclass(frozen=True, slots=True)
class ReadAction:
    """Where an action's operations call, by its draft: a credential is set before publishing."""

    gpts: GptStore

    async def __call__(self, asked: requests.ReadAction) -> ActionOrigins:
        gpt = await self.gpts.read_by_action(asked.workspace_id, asked.action_id)
        action = gpt.draft.action(asked.action_id)
        return ActionOrigins(
            gpt_id=gpt.id,
            action_id=action.id,
            schema_id=action.schema_id,
            origins=action.origins,
        )
