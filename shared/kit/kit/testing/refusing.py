from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from contracts.fact import FACTS_STREAM
from kit.bus import Bus


@asynccontextmanager
async def refusing(bus: Bus) -> AsyncIterator[None]:
    """JetStream stores no fact meanwhile, as where its store is full; all else goes on."""
    jetstream = bus.jetstream
    config = (await jetstream.stream_info(FACTS_STREAM)).config
    await jetstream.update_stream(config.evolve(max_msg_size=1))
    try:
        yield
    finally:
        await jetstream.update_stream(config)


async def stored_facts(bus: Bus) -> int:
    """How many facts JetStream has taken so far, duplicates not counted."""
    return (await bus.jetstream.stream_info(FACTS_STREAM)).state.last_seq
