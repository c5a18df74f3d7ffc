"""Changes that name no revision are read again and repeated where another change came between."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from kit.workspace_documents import ChangedMeanwhile

T = TypeVar("T")
MAX_ATTEMPTS = 20
LONGEST_WAIT_SECONDS = 0.02
"""Before the second attempt at most; it doubles up to MAX_WAIT_SECONDS."""
MAX_WAIT_SECONDS = 0.3


async def repeated_on_contention(change: Callable[[], Awaitable[T]]) -> T:
    """What `change` returns. It reads anew each time; its `ChangedMeanwhile` ends the last one."""
    for attempt in range(MAX_ATTEMPTS - 1):
        try:
            return await change()
        except ChangedMeanwhile:
            longest = min(LONGEST_WAIT_SECONDS * 2**attempt, MAX_WAIT_SECONDS)
            await asyncio.sleep(random.uniform(0, longest))  # noqa: S311 - spreads them, no secret
    return await change()
