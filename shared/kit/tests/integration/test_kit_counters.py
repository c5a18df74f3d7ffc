"""One suite for counters: what holds in memory holds in JetStream."""

import asyncio

import pytest

from contracts.ids import new_id
from kit.broker_time import BrokerTime
from kit.bus import Bus
from kit.clock import elapsed_seconds
from kit.counters import JetStreamCounter
from kit.errors import BusUnavailable
from kit.quota import Limit, Quota
from kit.rate_limits import RateLimits
from kit.streams import (
    RATES_STREAM,
    StreamSettings,
    apply,
    apply_previous,
    managed,
    previous,
)
from kit.testing import MemoryCounter, eventually


@pytest.fixture
def memory():
    return MemoryCounter()


@pytest.fixture
async def bus(nats):
    bus = Bus("execution", nats.url, stream_replicas=1)
    await bus.connect()
    yield bus
    await bus.stop()


@pytest.fixture
def unmade(bus):
    return JetStreamCounter(bus)


@pytest.fixture
async def jetstream(unmade):
    await unmade.ensure()
    return unmade


@pytest.fixture(params=["memory", pytest.param("jetstream", marks=pytest.mark.integration)])
def counter(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def name():
    return f"{new_id('ws')}.{new_id('mem')}.6000.7"


async def test_a_counter_begins_at_0_and_adds(counter, name):
    assert [await counter.add(name, amount) for amount in (0, 5, 0, 7)] == [0, 5, 5, 12]


async def test_counters_of_other_names_are_others(counter, name):
    await counter.add(name, 5)

    assert await counter.add(f"{name}1", 1) == 1


async def test_everybody_learns_another_value_when_many_add_at_once(counter, name):
    values = await asyncio.gather(*(counter.add(name, 2) for _ in range(100)))

    assert sorted(values) == [*range(2, 202, 2)]


async def test_it_may_be_ensured_again(counter, name):
    await counter.add(name, 5)
    await counter.ensure()

    assert await counter.add(name, 1) == 6


class TestOnAServer:
    pytestmark = pytest.mark.integration

    async def test_without_its_stream_a_counter_is_unavailable_until_it_is_made(self, unmade, name):
        with pytest.raises(BusUnavailable):
            await unmade.add(name, 1)
        await unmade.ensure()

        assert await unmade.add(name, 1) == 1

    async def test_what_is_no_amount_for_the_broker_is_unavailable(self, bus, jetstream, name):
        bus.rates.allow_msg_counter = False
        await bus.jetstream.delete_stream(RATES_STREAM)
        await jetstream.ensure()

        with pytest.raises(BusUnavailable):
            await jetstream.add(name, 1)

    async def test_counters_are_bounded_in_memory_and_time_and_drop_the_oldest(
        self, bus, jetstream, name
    ):
        for _ in range(3):
            await jetstream.add(name, 1)

        info = await bus.jetstream.stream_info(RATES_STREAM)
        config = info.config

        assert (config.storage, config.discard) == ("memory", "old")
        assert (config.max_age, config.max_bytes) == (120, 64 * 1024 * 1024)
        assert info.state.messages == 1

    async def test_apply_makes_the_stream_and_the_previous_layout_removes_it(self, bus):
        limits = StreamSettings()
        made = [step async for step in apply(bus.jetstream, managed(limits, 1))]
        again = [step async for step in apply(bus.jetstream, managed(limits, 1))]
        gone = [step async for step in apply_previous(bus.jetstream, previous(1))]

        assert (made, again) == ([f"{RATES_STREAM} is created."], [])
        assert f"{RATES_STREAM} is removed." in gone

    async def test_a_process_whose_counter_is_lost_goes_on_and_makes_it_again(self, bus, unmade):
        clock = BrokerTime()
        limits = RateLimits("execution", unmade, clock)
        limit = (Limit("workspace", "This workspace", (new_id("ws"),), Quota(6_000)),)
        await limits.look()
        await asyncio.gather(*(limits.admit(limit) for _ in range(20)))
        assert not limits.is_alone
        await bus.jetstream.delete_stream(RATES_STREAM)

        async def goes_on_alone():
            await limits.admit(limit)
            return limits.is_alone

        async def shares_again():
            await limits.look()
            return not limits.is_alone

        await eventually(goes_on_alone)
        await eventually(shares_again)

        assert (await bus.jetstream.stream_info(RATES_STREAM)).config.allow_msg_counter
        await limits.close()

    async def test_f39_the_brokers_time_is_known_whatever_the_wall_clock_says(self, bus):
        clock = BrokerTime()
        right = clock() - elapsed_seconds()
        clock._ahead += 3_600

        await clock.measure(bus)

        assert clock() - elapsed_seconds() == pytest.approx(right, abs=2)
