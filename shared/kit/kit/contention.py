"""A change that another one overtook is made again, from its reading on (decision 36)."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from kit.workspace_documents import Overtaken

P = ParamSpec("P")
T = TypeVar("T")
MAX_ATTEMPTS = 20
LONGEST_WAIT_SECONDS = 0.02
"""Before the second attempt at most; it doubles up to MAX_WAIT_SECONDS."""
MAX_WAIT_SECONDS = 0.3


async def repeated_on_contention(
    change: Callable[[], Awaitable[T]], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> T:
    """What `change` returns. It reads anew each time; its `Overtaken` ends the last one.

    A revision that the caller named is compared in `change`: once another write came between, the
    next reading has another one, which is `ChangedMeanwhile` and the end.
    """
    for attempt in range(MAX_ATTEMPTS - 1):
        try:
            return await change()
        except Overtaken:
            longest = min(LONGEST_WAIT_SECONDS * 2**attempt, MAX_WAIT_SECONDS)
            await sleep(random.uniform(0, longest))  # noqa: S311 - spreads them, no secret
    return await change()


def repeats_on_contention(
    change: Callable[P, Awaitable[T]],
) -> Callable[P, Coroutine[Any, Any, T]]:
    """For the `__call__` of a use case that reads, decides and writes, and does nothing before
    the write that must not be done twice.
    """

    @wraps(change)
    async def repeated(*args: P.args, **kwargs: P.kwargs) -> T:
        return await repeated_on_contention(partial(change, *args, **kwargs))

    return repeated
