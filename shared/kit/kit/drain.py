"""How subscribers end so that no question is lost: no more are taken, those here are answered.

FastStream's own stop drops what it has been handed and not begun, and nats-py's drain of a whole
connection refuses while the broker is away.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from nats.errors import Error as NatsError

DRAIN_SECONDS = 5.0
"""For the broker to confirm that it sends no more."""
ANSWER_SECONDS = 25.0
LOOK_EVERY_SECONDS = 0.01


async def drain(subscribers: Iterable[Any]) -> None:
    """End all of them side by side; each takes ANSWER_SECONDS at most."""
    await asyncio.gather(*map(_drain_one, subscribers), return_exceptions=True)


async def _drain_one(subscriber: Any) -> None:
    """`subscriber` is FastStream's: of questions with a queue in memory, or pulling facts."""
    queue = getattr(subscriber, "send_stream", None)
    if queue is not None and subscriber.subscription is not None:
        subscription, subscriber.subscription = subscriber.subscription, None
        if subscriber.connection.is_connected:
            with suppress(NatsError, OSError, TimeoutError):
                async with asyncio.timeout(DRAIN_SECONDS):
                    await subscription.drain()
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_SECONDS):
                await _until_answered(subscriber)
    await subscriber.stop()


async def _until_answered(subscriber: Any) -> None:
    while _unanswered(subscriber):  # noqa: ASYNC110 - FastStream has no event for it
        await asyncio.sleep(LOOK_EVERY_SECONDS)


def _unanswered(subscriber: Any) -> bool:
    waiting: int = subscriber.send_stream.statistics().current_buffer_used
    return waiting > 0 or subscriber.limiter.value < subscriber.max_workers
