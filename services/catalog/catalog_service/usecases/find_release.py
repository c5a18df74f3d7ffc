from dataclasses import dataclass

from catalog_service.domain.errors import GptNotFound, ReleaseGone
from catalog_service.domain.gpt import Gpt
from catalog_service.domain.release import Release
from catalog_service.ports import VersionStore
from catalog_service.usecases.pin_tools import PinTools
from contracts.ids import GptId, WorkspaceId
from contracts.requests import Stage


@dataclass(frozen=True, slots=True)
class FindRelease:
    """The release of a stage, or one of its number: the draft's newest, a kept version."""

    versions: VersionStore
    pin_tools: PinTools

    async def __call__(
        self, workspace_id: WorkspaceId, gpt_id: GptId, stage: Stage, number: int | None
    ) -> Release:
        gpt = await self.pin_tools.read(workspace_id, gpt_id)
        newest = gpt.draft_release if stage is Stage.DRAFT else _published(gpt)
        if newest is not None and number in (None, newest.number):
            return newest
        if number is None:
            raise GptNotFound
        if stage is Stage.PUBLISHED:
            version = await self.versions.find(workspace_id, gpt_id, number)
            if version is not None:
                return version.release
        raise ReleaseGone


def _published(gpt: Gpt) -> Release | None:
    return gpt.published.release if gpt.published else None
