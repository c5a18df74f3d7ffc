import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
LOOK_EVERY_SECONDS = 0.01


async def eventually(look: Callable[[], Awaitable[T]], *, within_seconds: float = 10.0) -> T:
    """What `look` returns once that is truthy; `TimeoutError` where it never is."""
    async with asyncio.timeout(within_seconds):
        while True:
            if seen := await look():
                return seen
            await asyncio.sleep(LOOK_EVERY_SECONDS)
