"""A stream that fills up gives way to what every consumer took, and to nothing else."""

import pytest
from nats.js.api import AckPolicy, ConsumerConfig

from contracts.fact import INVOCATIONS_STREAM
from contracts.facts import InvocationFinished
from kit.bus import Bus
from kit.streams import StreamSettings
from kit.trim import trim

pytestmark = pytest.mark.integration

LIMIT = 1024 * 1024
MESSAGE = b"x" * 10_000


@pytest.fixture
async def jetstream(nats):
    settings = StreamSettings(invocations_max_bytes=LIMIT)
    bus = Bus("execution", nats.url, stream_replicas=1, stream_settings=settings)
    await bus.connect()
    yield bus.jetstream
    await bus.stop()


async def publish(jetstream, messages):
    for _ in range(messages):
        await jetstream.publish(InvocationFinished.subject, MESSAGE)


async def consumer(jetstream, name, *, taken):
    """A consumer that has acknowledged the first `taken` messages."""
    config = ConsumerConfig(name=name, durable_name=name, ack_policy=AckPolicy.EXPLICIT)
    await jetstream.add_consumer(INVOCATIONS_STREAM, config)
    if taken:
        subscription = await jetstream.pull_subscribe_bind(name, INVOCATIONS_STREAM)
        for message in await subscription.fetch(taken):
            await message.ack_sync()


async def first_kept(jetstream):
    return (await jetstream.stream_info(INVOCATIONS_STREAM)).state.first_seq


async def test_b6_what_every_consumer_took_is_purged_once_the_stream_is_half_full(jetstream):
    await publish(jetstream, 60)
    await consumer(jetstream, "recorder", taken=60)

    assert await trim(jetstream, INVOCATIONS_STREAM) == 29

    assert await first_kept(jetstream) == 30


async def test_b6_what_one_consumer_still_needs_is_never_purged(jetstream):
    await publish(jetstream, 60)
    await consumer(jetstream, "recorder", taken=60)
    await consumer(jetstream, "exporter", taken=5)

    assert await trim(jetstream, INVOCATIONS_STREAM) == 5

    assert await first_kept(jetstream) == 6


async def test_nothing_is_purged_before_there_is_a_consumer(jetstream):
    await publish(jetstream, 60)

    assert await trim(jetstream, INVOCATIONS_STREAM) == 0


async def test_nothing_is_purged_while_there_is_room(jetstream):
    await publish(jetstream, 40)
    await consumer(jetstream, "recorder", taken=40)

    assert await trim(jetstream, INVOCATIONS_STREAM) == 0
