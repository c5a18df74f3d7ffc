"""Waking whoever waits for one thing, over a real broker."""

import asyncio
from time import monotonic

import pytest
from nats.errors import ConnectionClosedError

from kit.bus import Bus
from kit.wake_ups import WakeUps

pytestmark = pytest.mark.integration
LONG = 20.0


class ClosingBus:
    """A bus that was connected a moment ago."""

    service = "execution"
    connected = True

    @property
    def client(self):
        return self

    async def subscribe(self, subject, cb):
        raise ConnectionClosedError

    async def publish(self, subject, payload):
        raise ConnectionClosedError


@pytest.fixture
async def replicas(nats_url):
    buses = [Bus("execution", nats_url, stream_replicas=1) for _ in range(2)]
    for bus in buses:
        await bus.connect()
    yield [WakeUps(bus) for bus in buses]
    for bus in buses:
        await bus.stop()


async def subscribed(wakes):
    """The broker has taken all that was sent. Twice: the first PING may overtake a SUB."""
    for _ in range(2):
        await wakes._bus.client.flush()


async def test_whoever_waits_on_another_replica_is_woken(replicas):
    one, other = replicas
    async with one.expected("inv_1") as wake_up:
        await subscribed(one)
        waiting = asyncio.create_task(wake_up.wait(LONG))
        await other.wake("inv_1")
        await asyncio.wait_for(waiting, LONG / 2)


async def test_a_wake_up_for_another_thing_wakes_nobody(replicas):
    one, other = replicas
    async with one.expected("inv_1") as wake_up:
        await subscribed(one)
        await other.wake("inv_2")
        waiting = asyncio.create_task(wake_up.wait(LONG))
        done, _ = await asyncio.wait([waiting], timeout=0.3)
        await other.wake("inv_1")
        await waiting
    assert not done


async def test_a_wake_up_that_came_before_the_wait_is_not_lost(replicas):
    one, other = replicas
    async with one.expected("inv_1") as wake_up:
        await subscribed(one)
        await other.wake("inv_1")
        await subscribed(other)
        await asyncio.wait_for(wake_up.wait(LONG), LONG / 2)


async def test_a_wait_ends_by_itself(replicas):
    began = monotonic()
    async with replicas[0].expected("inv_1") as wake_up:
        await wake_up.wait(0.05)
    assert monotonic() - began < LONG


async def test_nothing_is_subscribed_after_a_wait(replicas):
    async with replicas[0].expected("inv_1"):
        during = len(replicas[0]._bus.client._subs)
    assert len(replicas[0]._bus.client._subs) == during - 1


async def test_without_a_broker_a_wait_is_a_pause():
    wakes = WakeUps(Bus("execution", "nats://127.0.0.1:9", stream_replicas=1))
    async with wakes.expected("inv_1") as wake_up:
        await wakes.wake("inv_1")
        await wake_up.wait(0.05)


async def test_a_wait_that_begins_while_the_connection_closes_is_a_pause():
    wakes = WakeUps(ClosingBus())
    async with wakes.expected("inv_1") as wake_up:
        await wakes.wake("inv_1")
        await wake_up.wait(0.05)
