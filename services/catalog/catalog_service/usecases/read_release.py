from dataclasses import dataclass

from catalog_service.usecases.find_release import FindRelease
from contracts import requests
from contracts.requests import ReleasePage


@dataclass(frozen=True, slots=True)
class ReadRelease:
    """A page of a release's actions and tools."""

    find_release: FindRelease

    async def __call__(self, asked: requests.ReadRelease) -> ReleasePage:
        release = await self.find_release(
            asked.workspace_id, asked.gpt_id, asked.stage, asked.number
        )
        return release.page(asked.offset)
