from dataclasses import dataclass

from catalog_service.domain.errors import VersionNotFound
from catalog_service.domain.gpt import Gpt, Version
from catalog_service.ports import GptStore, VersionStore
from catalog_service.usecases.open_gpt import OpenGpt
from contracts.access import Verb
from contracts.ids import GptId
from contracts.principal import Principal


@dataclass(frozen=True, slots=True)
class SeenVersion:
    version: Version
    in_use: bool
    """Whether it is the published one."""


@dataclass(frozen=True, slots=True)
class ReadVersion:
    """One version that is kept, for whoever may view the GPT's settings."""

    gpts: GptStore
    versions: VersionStore
    kept_versions: int

    async def __call__(self, principal: Principal, gpt_id: GptId, number: int) -> SeenVersion:
        gpt = await OpenGpt(self.gpts)(principal, Verb.VIEW_SETTINGS, gpt_id)
        return await self.of(gpt, number)

    async def of(self, gpt: Gpt, number: int) -> SeenVersion:
        """`VersionNotFound` also for one that is only still to be deleted."""
        if gpt.published and gpt.published.number == number:
            return SeenVersion(gpt.published, in_use=True)
        version = None
        if gpt.keeps(number, self.kept_versions):
            version = await self.versions.find(gpt.workspace_id, gpt.id, number)
        if version is None:
            raise VersionNotFound
        return SeenVersion(version, in_use=False)
