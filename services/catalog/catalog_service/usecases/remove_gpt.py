from dataclasses import dataclass

from catalog_service.ports import GptStore
from contracts.facts import ActionRemoved, GptRemoved
from contracts.ids import GptId, WorkspaceId


@dataclass(frozen=True, slots=True)
class RemoveGpt:
    """A GPT and its actions go in one commit; those that left the draft were stated before."""

    gpts: GptStore

    async def __call__(
        self, workspace_id: WorkspaceId, gpt_id: GptId, at_revision: int | None
    ) -> None:
        seen = await self.gpts.read(workspace_id, gpt_id, at_revision)
        actions = [
            ActionRemoved(workspace_id=workspace_id, gpt_id=gpt_id, action_id=action.id)
            for action in seen.draft.actions
        ]
        removed = GptRemoved(workspace_id=workspace_id, gpt_id=gpt_id)
        await self.gpts.remove(seen, removed, *actions)
