"""Closing a connection that ends by itself at the same moment."""

import asyncio

import pytest
from nats.errors import ConnectionClosedError

from kit.bus import close


class Ending:
    """A client whose closing ends as it is scripted."""

    _reconnection_task = None

    def __init__(self, closing):
        self.close = closing


async def test_whoever_closes_goes_on_where_the_wait_for_the_connections_end_is_cancelled():
    """As nats-py cancels it with its own attempt to connect again."""
    ended = asyncio.get_running_loop().create_future()
    ended.cancel()

    async def closing():
        await ended

    await close(Ending(closing))

    assert asyncio.current_task().cancelling() == 0


async def test_a_connection_that_is_closed_is_no_error():
    async def closing():
        raise ConnectionClosedError

    await close(Ending(closing))


async def test_whoever_closes_and_is_cancelled_stops():
    stopped = asyncio.Event()

    async def closing():
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    waiting = asyncio.create_task(close(Ending(closing)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.wait_for(stopped.wait(), 5)
