from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore, Members
from catalog_service.usecases.pin_tools import PinTools
from contracts.errors import PlatformError
from kit import logs
from kit.leases import Lease, Leases

log = logs.logger("catalog.make_releases")
BATCH = 20
PAUSE_SECONDS = 0.2
AGAIN_SECONDS = 60.0
DONE_SECONDS = 86_400.0
"""Looking for what an earlier release wrote reads every GPT."""


@dataclass(frozen=True, slots=True)
class MakeReleases:
    """Pin the tools of all GPTs that an earlier release wrote, in every workspace, and give those
    that nobody published to the workspace's oldest owner.

    It goes on where it was interrupted: what is done is no longer among what it looks for.
    """

    gpts: GptStore
    pin_tools: PinTools
    members: Members
    sleep: Callable[[float], Awaitable[None]]

    async def __call__(self) -> int:
        """How many GPTs it found; those that it could not pin are logged, and tried next time."""
        found, made, after = 0, 0, ""
        while gpts := await self.gpts.unfinished(after, BATCH):
            for gpt in gpts:
                try:
                    await self._make(gpt)
                except PlatformError as error:
                    log.warning("release_not_made", gpt=gpt.id, code=error.code)
                else:
                    made += 1
            found, after = found + len(gpts), gpts[-1].id
            await self.sleep(PAUSE_SECONDS)
        if found:
            log.info("releases_made", gpts=made, of=found)
        return found

    async def for_ever(self, leases: Leases) -> None:
        """On one replica at a time: soon again while there was something to do, then once a day."""
        while True:
            found: list[int] = []

            async def work(_: Lease, found: list[int] = found) -> None:
                found.append(await self())

            done = await leases.alone("make_releases", work)
            await self.sleep(DONE_SECONDS if done and found == [0] else AGAIN_SECONDS)

    async def _make(self, gpt: Gpt) -> None:
        owner = gpt.owner or await self.members.oldest_owner(gpt.workspace_id)
        await self.pin_tools(gpt, owner)
