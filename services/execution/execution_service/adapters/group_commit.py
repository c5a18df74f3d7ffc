"""Facts that somebody waits for: what arrives while a message is under way shares the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from contracts.fact import Fact

MAX_TOGETHER = 48
"""Of less than 1 kB each, so that a message stays below 64 KiB."""

PublishBatch = Callable[[Sequence[Fact]], Awaitable[None]]
Waiting = tuple[Fact, asyncio.Future[None]]


class GroupCommit:
    """For facts of one class. A lone one goes at once; many pay for one acknowledgement."""

    def __init__(self, publish_batch: PublishBatch) -> None:
        self._publish_batch = publish_batch
        self._waiting: list[Waiting] = []
        self._sending: asyncio.Task[None] | None = None

    async def publish(self, fact: Fact) -> None:
        """Returns once the fact is durable; raises what publishing its batch raised."""
        published: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((fact, published))
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send())
        await published

    async def _send(self) -> None:
        while self._waiting:
            group, self._waiting = (
                self._waiting[:MAX_TOGETHER],
                self._waiting[MAX_TOGETHER:],
            )
            try:
                await self._publish_batch([fact for fact, _ in group])
            except Exception as error:  # noqa: BLE001 - whoever waits for it gets it
                _tell(group, error)
            else:
                _tell(group, None)


def _tell(group: Sequence[Waiting], error: Exception | None) -> None:
    for _, published in group:
        if published.done():  # whoever waited was cancelled
            continue
        if error is None:
            published.set_result(None)
        else:
            published.set_exception(error)
