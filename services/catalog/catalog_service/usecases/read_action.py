from collections.abc import Iterable
from dataclasses import dataclass

from catalog_service.domain.definition import Action
from catalog_service.domain.errors import ActionNotFound
from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore, VersionStore
from catalog_service.usecases.pin_tools import PinTools
from contracts import requests
from contracts.ids import ActionId
from contracts.requests import AccessOfGpt, ActionOrigins, KeptOrigins


@dataclass(frozen=True, slots=True)
class ReadAction:
    """Where an action calls: in the draft, for which a credential is set before publishing, in the
    published version, and in the others that are kept.
    """

    gpts: GptStore
    versions: VersionStore
    pin_tools: PinTools

    async def __call__(self, asked: requests.ReadAction) -> ActionOrigins:
        holder = await self.gpts.read_by_action(asked.workspace_id, asked.action_id)
        gpt = await self.pin_tools.read(asked.workspace_id, holder.id)
        draft = _of(asked.action_id, gpt.draft.actions)
        published = _of(asked.action_id, gpt.published.definition.actions if gpt.published else ())
        newest = draft or published or await self._kept(gpt, asked.action_id)
        return ActionOrigins(
            gpt_id=gpt.id,
            action_id=asked.action_id,
            schema_id=newest.schema_id,
            origins=draft.origins if draft else (),
            published_origins=published.origins if published else None,
            kept=tuple(
                KeptOrigins(origin_set=held.origin_set, versions=held.versions[::-1])
                for held in gpt.held or ()
                if held.action_id == asked.action_id
            ),
            access=AccessOfGpt.of(gpt.access),
            gpt_name=gpt.draft.name,
        )

    async def _kept(self, gpt: Gpt, action_id: ActionId) -> Action:
        """Of the newest version that has it."""
        numbers = [max(held.versions) for held in gpt.held or () if held.action_id == action_id]
        version = await self.versions.find(gpt.workspace_id, gpt.id, max(numbers, default=0))
        found = _of(action_id, version.definition.actions if version else ())
        if found is None:
            raise ActionNotFound
        return found


def _of(action_id: ActionId, actions: Iterable[Action]) -> Action | None:
    return next((action for action in actions if action.id == action_id), None)
