"""A pull consumer's messages, gathered into batches as they come in.

nats-py's own `fetch` creates a task and a timer for each message, which is too expensive for facts
of every call, and returns what has arrived at that moment, even if it is one.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from kit.stream_answers import NANOSECONDS

T = TypeVar("T")
REQUEST_SECONDS = 2.0
"""How long the server keeps a request open; it says so when that is over."""
ANSWER_SECONDS = 1.0
"""How much longer a living server may take to say so."""


class PullSubscription(Generic[T]):
    """`read` makes of each message what `gather` returns, or nothing, as soon as it comes."""

    def __init__(
        self, client: Client, next_subject: str, read: Callable[[Msg], Awaitable[T | None]]
    ) -> None:
        self._client = client
        self._next_subject = next_subject
        self._read = read
        self._inbox = client.new_inbox()
        self._subscription: Subscription | None = None
        self._expected = 0
        self._gathered: list[T] = []
        self._came = asyncio.Event()
        self._over = asyncio.Event()

    async def start(self) -> None:
        self._subscription = await self._client.subscribe(self._inbox, cb=self._receive)

    async def stop(self) -> None:
        if self._subscription is not None:
            await self._subscription.unsubscribe()

    async def gather(self, max_messages: int, seconds: float) -> list[T]:
        """What comes within `seconds` of the first message; nothing if none comes for a while.

        Raises TimeoutError where the server does not even say that there is nothing.
        """
        if self._expected <= 0:
            await self._request(max_messages)
        if not self._gathered:
            async with asyncio.timeout(REQUEST_SECONDS + ANSWER_SECONDS):
                await self._came.wait()
        if self._gathered and not self._over.is_set():
            await self._wait_until_over(seconds)
        gathered, self._gathered = self._gathered, []
        self._came.clear()
        return gathered

    async def _request(self, max_messages: int) -> None:
        self._expected = max_messages
        self._over.clear()
        request = {"batch": max_messages, "expires": int(REQUEST_SECONDS * NANOSECONDS)}
        await self._client.publish(self._next_subject, orjson.dumps(request), reply=self._inbox)

    async def _wait_until_over(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._over.wait()
        except TimeoutError:
            pass

    async def _receive(self, message: Msg) -> None:
        if not message.data and message.headers and "Status" in message.headers:
            self._expected = 0
        else:
            self._expected -= 1
            read = await self._read(message)
            if read is not None:
                self._gathered.append(read)
        self._came.set()
        if self._expected <= 0:
            self._over.set()
