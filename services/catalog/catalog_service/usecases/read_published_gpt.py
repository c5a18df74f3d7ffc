from dataclasses import dataclass

from catalog_service.domain.definition import Action
from catalog_service.ports import GptStore
from contracts.requests import BoundAction, PublishedGpt, ReadGpt


@dataclass(frozen=True, slots=True)
class ReadPublishedGpt:
    """A GPT as replicas of the release before ask for it; an unpublished one is not there."""

    gpts: GptStore

    async def __call__(self, asked: ReadGpt) -> PublishedGpt:
        gpt = await self.gpts.read(asked.workspace_id, asked.gpt_id)
        return PublishedGpt(
            gpt_id=gpt.id,
            version=gpt.in_use.number,
            actions=tuple(_bound(action) for action in gpt.offered),
        )


def _bound(action: Action) -> BoundAction:
    return BoundAction(
        action_id=action.id,
        schema_id=action.schema_id,
        operations=action.operations,
        privacy_policy_url=action.public_policy_url,
    )
