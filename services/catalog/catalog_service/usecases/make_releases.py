from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from catalog_service.ports import GptStore
from catalog_service.usecases.pin_tools import PinTools
from contracts.errors import PlatformError
from kit import logs

log = logs.logger("catalog.make_releases")
BATCH = 20
PAUSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class MakeReleases:
    """Pin the tools of all GPTs that an earlier release wrote, in every workspace.

    It goes on where it was interrupted: what is done is no longer among what it looks for.
    """

    gpts: GptStore
    pin_tools: PinTools
    sleep: Callable[[float], Awaitable[None]]

    async def __call__(self) -> int:
        """How many GPTs it found; those that it could not pin are logged, and tried next time."""
        found, after = 0, ""
        while unpinned := await self.gpts.unpinned(after, BATCH):
            for gpt in unpinned:
                try:
                    await self.pin_tools(gpt)
                except PlatformError as error:
                    log.warning("release_not_made", gpt=gpt.id, code=error.code)
            found, after = found + len(unpinned), unpinned[-1].id
            await self.sleep(PAUSE_SECONDS)
        if found:
            log.info("releases_made", gpts=found)
        return found
