"""A command that runs until it is asked to stop: cleanly, whenever that is."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress

import typer
import uvloop
from rich.console import Console

from openactions_local.errors import StartFailed

STOPS = (signal.SIGINT, signal.SIGTERM)


Work = Callable[[asyncio.Event], Coroutine[None, None, None]]
"""It is given what is set when it shall stop."""


def run(work: Work, console: Console) -> None:
    """Expected failures end in a sentence and status 1; Ctrl-C and SIGTERM in a clean stop and 0,
    also while everything starts.
    """
    try:
        uvloop.run(_until_stop_is_asked_for(work, console))
    except StartFailed as failed:
        console.print(str(failed), style="red", markup=False)
        raise typer.Exit(1) from None


async def _until_stop_is_asked_for(work: Work, console: Console) -> None:
    """`work` is cancelled once: what it does to stop is not interrupted by a second Ctrl-C. A
    library may take the cancellation for its own and go on; so `work` looks at the event as well.
    """
    asked = asyncio.Event()
    task = asyncio.create_task(work(asked))

    def stop() -> None:
        if not asked.is_set():
            asked.set()
            console.print("\nStopping…")
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in STOPS:
        loop.add_signal_handler(number, stop)
    with suppress(asyncio.CancelledError):
        await task
    if asked.is_set():
        console.print("Stopped.")
