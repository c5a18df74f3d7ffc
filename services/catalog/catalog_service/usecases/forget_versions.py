from dataclasses import dataclass

from catalog_service.domain.errors import GptNotFound
from catalog_service.ports import GptStore, VersionStore
from contracts.facts import GptRemoved
from contracts.ids import GptId, WorkspaceId


@dataclass(frozen=True, slots=True)
class ForgetVersions:
    """What a removed GPT once was goes with it, also where a crash came between."""

    versions: VersionStore

    async def __call__(self, removed: GptRemoved) -> None:
        await self.versions.forget(removed.workspace_id, removed.gpt_id)


async def forget_what_a_removal_missed(
    gpts: GptStore, versions: VersionStore, workspace_id: WorkspaceId, gpt_id: GptId
) -> None:
    """For whoever kept a version and then found the GPT changed: where it was removed meanwhile,
    its versions may have been forgotten before this one was kept.
    """
    try:
        await gpts.read(workspace_id, gpt_id)
    except GptNotFound:
        await versions.forget(workspace_id, gpt_id)
