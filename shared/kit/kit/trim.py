"""A stream that every call writes to, kept from filling up: what all its consumers took may go.

Facts stay for the stream's age where there is room. Once it is half full, the older half is purged
as far as every consumer has acknowledged it; what one of them still needs is never touched.
"""

import asyncio

from nats.errors import Error as NatsError
from nats.js import JetStreamContext

from contracts.errors import PlatformError
from kit import logs
from kit.bus import Bus

log = logs.logger("kit.trim")
TRIM_ABOVE = 0.5
LOOK_EVERY_SECONDS = 30.0


async def trim_for_ever(bus: Bus, stream: str) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        try:
            purged = await trim(bus.jetstream, stream)
        except (NatsError, PlatformError, TimeoutError) as error:
            log.warning("stream_not_trimmed", stream=stream, error=repr(error))
        else:
            if purged:
                log.info("stream_trimmed", stream=stream, messages=purged)


async def trim(jetstream: JetStreamContext, stream: str) -> int:
    """How many messages were purged. The sequences of those that stay do not change."""
    info = await jetstream.stream_info(stream)
    state, most = info.state, info.config.max_bytes or 0
    if most <= 0 or state.bytes < TRIM_ABOVE * most:
        return 0
    consumers = await jetstream.consumers_info(stream)
    floors = [each.ack_floor.stream_seq if each.ack_floor else 0 for each in consumers]
    middle = state.first_seq + (state.last_seq - state.first_seq) // 2
    keep_from = min([middle, *(floor + 1 for floor in floors)]) if floors else 0
    if keep_from <= state.first_seq:
        return 0
    await jetstream.purge_stream(stream, seq=keep_from)
    return keep_from - state.first_seq
