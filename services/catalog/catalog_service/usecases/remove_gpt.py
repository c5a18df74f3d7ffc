from dataclasses import dataclass

from catalog_service.domain.errors import GptNotFound
from catalog_service.ports import GptStore
from catalog_service.usecases.open_gpt import OpenGpt
from contracts.access import Verb
from contracts.facts import ActionRemoved, GptRemoved
from contracts.ids import GptId
from contracts.principal import Principal
from kit.contention import repeats_on_contention


@dataclass(frozen=True, slots=True)
class RemoveGpt:
    """A GPT, and all actions that its draft or a kept version has, go in one commit.

    Removing what was removed in the last day succeeds, once that is in force.
    """

    gpts: GptStore

    @repeats_on_contention
    async def __call__(self, principal: Principal, gpt_id: GptId, at_revision: int | None) -> None:
        workspace_id = principal.workspace_id
        try:
            seen = await OpenGpt(self.gpts)(principal, Verb.REMOVE, gpt_id, at_revision)
        except GptNotFound:
            if await self.gpts.removed_lately(workspace_id, gpt_id):
                return
            raise
        actions = [
            ActionRemoved(workspace_id=workspace_id, gpt_id=gpt_id, action_id=action_id)
            for action_id in sorted(seen.known_actions)
        ]
        removed = GptRemoved(workspace_id=workspace_id, gpt_id=gpt_id)
        await self.gpts.remove(seen, removed, *actions)
