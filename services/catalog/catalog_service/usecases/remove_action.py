from dataclasses import dataclass

from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore
from contracts.facts import ActionRemoved, GptChanged
from contracts.ids import ActionId, GptId, WorkspaceId


@dataclass(frozen=True, slots=True)
class RemoveAction:
    """For good, and at once: what is published no longer offers it either."""

    gpts: GptStore

    async def __call__(
        self,
        workspace_id: WorkspaceId,
        gpt_id: GptId,
        action_id: ActionId,
        at_revision: int | None,
    ) -> Gpt:
        seen = await self.gpts.read(workspace_id, gpt_id, at_revision)
        changed = seen.redrafted(seen.draft.without(action_id))
        await self.gpts.change(
            seen,
            changed,
            ActionRemoved(workspace_id=workspace_id, gpt_id=gpt_id, action_id=action_id),
            GptChanged(workspace_id=workspace_id, gpt_id=gpt_id, revision=changed.revision),
        )
        return changed
