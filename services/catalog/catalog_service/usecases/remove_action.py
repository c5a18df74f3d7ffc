from dataclasses import dataclass

from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore
from catalog_service.usecases.open_gpt import OpenGpt, expect
from catalog_service.usecases.pin_tools import PinTools
from contracts.access import Verb
from contracts.facts import ActionRemoved, GptChanged
from contracts.ids import ActionId, GptId
from contracts.principal import Principal
from kit.contention import repeats_on_contention


@dataclass(frozen=True, slots=True)
class RemoveAction:
    """Take an action out of the draft; what is published goes on until the next publication.

    `action.removed` goes out, and the credential with it, where no kept version has the action.
    Removing what was removed succeeds, whatever revision was expected, once that is in force.
    """

    gpts: GptStore
    pin_tools: PinTools

    @repeats_on_contention
    async def __call__(
        self,
        principal: Principal,
        gpt_id: GptId,
        action_id: ActionId,
        at_revision: int | None,
    ) -> Gpt:
        seen = await OpenGpt(self.gpts)(principal, Verb.EDIT, gpt_id)
        if seen.without(action_id) is seen:
            await self.gpts.ensure_in_force(seen.workspace_id, gpt_id)
            return seen
        expect(seen, at_revision)
        seen = await self.pin_tools(seen)
        changed = seen.without(action_id)
        await self.gpts.change(
            seen,
            changed,
            *removed_actions(seen, changed),
            GptChanged(workspace_id=seen.workspace_id, gpt_id=gpt_id, revision=changed.revision),
        )
        return changed


def removed_actions(seen: Gpt, changed: Gpt) -> list[ActionRemoved]:
    """One for each action that nothing of the GPT has any more."""
    return [
        ActionRemoved(workspace_id=seen.workspace_id, gpt_id=seen.id, action_id=action_id)
        for action_id in seen.let_go_by(changed)
    ]
