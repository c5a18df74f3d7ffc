"""Work that goes on beside the platform: the platform ends where it ends."""

import asyncio
import socket  # noqa: TID251 - the port that was taken before
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

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


@contextmanager
def serving_in_thread(app: ASGIApp, listener: socket.socket) -> Iterator[None]:
    """Answer at `listener` from a thread as long as the block lasts."""
    server = uvicorn.Server(uvicorn.Config(app, log_config=None))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.02)
    if not thread.is_alive():
        listener.close()
        raise EndedEarly("The API did not start; its error is above.")
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
