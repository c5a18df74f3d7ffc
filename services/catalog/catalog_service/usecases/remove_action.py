from dataclasses import dataclass

from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore
from contracts.facts import ActionRemoved, GptChanged
from contracts.ids import ActionId, GptId, WorkspaceId
from kit.documents import ChangedMeanwhile


@dataclass(frozen=True, slots=True)
class RemoveAction:
    """For good, and at once: what is published no longer offers it either.

    Removing what was removed succeeds, whatever revision was expected, once that is in force.
    """

    gpts: GptStore

    async def __call__(
        self,
        workspace_id: WorkspaceId,
        gpt_id: GptId,
        action_id: ActionId,
        at_revision: int | None,
    ) -> Gpt:
        seen = await self.gpts.read(workspace_id, gpt_id)
        changed = seen.without(action_id)
        if changed is seen:
            await self.gpts.ensure_in_force(workspace_id, gpt_id)
            return seen
        if at_revision not in (None, seen.revision):
            raise ChangedMeanwhile
        await self.gpts.change(
            seen,
            changed,
            ActionRemoved(workspace_id=workspace_id, gpt_id=gpt_id, action_id=action_id),
            GptChanged(workspace_id=workspace_id, gpt_id=gpt_id, revision=changed.revision),
        )
        return changed
