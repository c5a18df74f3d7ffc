from dataclasses import dataclass

from catalog_service.ports import VersionStore
from contracts.facts import GptRemoved


@dataclass(frozen=True, slots=True)
class ForgetVersions:
    """What a removed GPT once was goes with it, also where a crash came between."""

    versions: VersionStore

    async def __call__(self, removed: GptRemoved) -> None:
        await self.versions.forget(removed.workspace_id, removed.gpt_id)
