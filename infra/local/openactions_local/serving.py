"""Work that goes on beside the platform: the platform ends where it ends."""

import asyncio
import socket  # noqa: TID251 - the port that was taken before
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from kit import logs
from openactions_local.errors import StartFailed

log = logs.logger("local.serving")


class EndedEarly(StartFailed):
    """What the platform cannot be without ended; the sentence says what, and why."""


@asynccontextmanager
async def ends_with(work: asyncio.Task[None], what: str) -> AsyncIterator[None]:
    """Cancel the block where `work` ends before it, and raise `EndedEarly` then.

    A block that was cancelled for another reason as well raises CancelledError.
    """
    block = asyncio.current_task()
    assert block is not None  # noqa: S101 - a coroutine runs in a task
    ended_early = False

    def cancel(_: asyncio.Task[None]) -> None:
        nonlocal ended_early
        ended_early = True
        block.cancel()

    work.add_done_callback(cancel)
    try:
        yield
    except asyncio.CancelledError:
        if not ended_early or block.uncancel() > 0:
            raise
        raise _ended(work, what) from None
    finally:
        work.remove_done_callback(cancel)


def _ended(work: asyncio.Task[None], what: str) -> EndedEarly:
    error = None if work.cancelled() else work.exception()
    log.error("ended_early", what=what, exc_info=error)
    why = f" ({type(error).__name__}: {error})" if error is not None else ""
    return EndedEarly(
        f"{what} ended by itself{why}, so the platform stops. Start it again with `openactions up`;"
        " its data is kept."
    )


@asynccontextmanager
async def serving(server: uvicorn.Server, listener: socket.socket) -> AsyncIterator[None]:
    """Answer at `listener` as long as the block lasts; what is under way is answered at its end."""
    work = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        async with ends_with(work, "The HTTP server"):
            yield
    finally:
        server.should_exit = True
        await asyncio.wait([work])
