from dataclasses import dataclass

from catalog_service.usecases.find_release import FindRelease
from contracts import requests
from contracts.requests import ReleaseTexts


@dataclass(frozen=True, slots=True)
class ReadReleaseTexts:
    """A slice of a release's texts for models."""

    find_release: FindRelease

    async def __call__(self, asked: requests.ReadReleaseTexts) -> ReleaseTexts:
        release = await self.find_release(
            asked.workspace_id, asked.gpt_id, asked.stage, asked.number
        )
        return release.texts(asked.offset)
