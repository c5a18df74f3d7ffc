"""Wake whoever waits for one thing, on whatever replica of the service that is.

Over core NATS, on a subject of that one thing: nobody else receives it, and nothing is stored. A
message may be lost, so whoever waits also looks again by itself.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError

from contracts.errors import Unavailable
from kit.bus import Bus

PREFIX = "wake"


class WakeUp:
    """One waiting; it ends once the thing has changed since it began."""

    def __init__(self) -> None:
        self._came = asyncio.Event()

    async def come(self, _: Any = None) -> None:
        self._came.set()

    async def wait(self, seconds: float) -> None:
        """Until it comes, or as long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._came.wait()
        self._came.clear()


class WakeUps:
    """The service's own subjects: `wake.{service}.{id}`. An id is one that the service made."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def _subject(self, id_: str) -> str:
        return f"{PREFIX}.{self._bus.service}.{id_}"

    async def wake(self, id_: str) -> None:
        with suppress(NatsError, Unavailable):
            if self._bus.connected:
                await self._bus.client.publish(self._subject(id_), b"")

    @asynccontextmanager
    async def expected(self, id_: str) -> AsyncIterator[WakeUp]:
        """Look at the thing once more inside: it may have changed before the subscription."""
        wake_up = WakeUp()
        subscription = await self._subscribed(id_, wake_up)
        try:
            yield wake_up
        finally:
            if subscription is not None:
                with suppress(NatsError):
                    await subscription.unsubscribe()

    async def _subscribed(self, id_: str, wake_up: WakeUp) -> Subscription | None:
        """None where the connection is gone, or goes at this moment."""
        if not self._bus.connected:
            return None
        with suppress(NatsError, Unavailable):
            return await self._bus.client.subscribe(self._subject(id_), cb=wake_up.come)
        return None
