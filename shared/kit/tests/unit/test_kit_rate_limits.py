"""Limits of one process on a counter that it shares, by a fake clock."""

import asyncio

import pytest
from prometheus_client import REGISTRY

from kit.quota import Limit, Quota
from kit.rate_limits import IDLE_SECONDS, RateLimited, RateLimits
from kit.testing import MemoryCounter

BEGAN = 1_800_000_000.0


class Clock:
    def __init__(self):
        self.now = BEGAN

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def counter():
    return MemoryCounter()


@pytest.fixture
def limits(counter, clock):
    return RateLimits("test", counter, clock)


def of(workspace="ws_1", member="mem_1", per_minute=6_000, of_member=1_200):
    return (
        Limit("workspace", "This workspace", (workspace,), Quota(per_minute)),
        Limit("member", "This member", (workspace, member), Quota(of_member)),
    )


async def admitted(limits, limit, times):
    """How many of so many calls at once are."""
    calls = await asyncio.gather(
        *(limits.admit(limit) for _ in range(times)), return_exceptions=True
    )
    assert all(call is None or isinstance(call, RateLimited) for call in calls)
    return calls.count(None)


async def test_a_cold_burst_waits_for_the_counter_and_gets_all_that_the_quota_allows(limits):
    assert await admitted(limits, of(), 15) == 15


async def test_h107_beyond_its_quota_a_workspace_is_limited_and_another_is_not(limits):
    flood = of(of_member=100_000)

    assert await admitted(limits, flood, 1_000) == 50
    assert await admitted(limits, of("ws_2"), 15) == 15


async def test_h107_a_refusal_says_which_limit_how_much_and_when_again(limits, clock):
    await admitted(limits, of(per_minute=60), 6)
    clock.now += 0.1

    with pytest.raises(RateLimited) as refused:
        await limits.admit(of(per_minute=60))

    error = refused.value
    assert (error.code, error.retry_after_seconds, error.limit.name) == (
        "platform.rate_limited",
        6,
        "workspace",
    )
    assert error.sentence == (
        "This workspace may make 60 calls a minute, spread over it: 6 at once, then one in 1 s. "
        "These are made; the next call is possible in 6 s."
    )
    labels = {"service": "test", "limit": "workspace"}
    assert REGISTRY.get_sample_value("openactions_rate_limited_total", labels) >= 1


async def test_what_one_limit_refuses_is_not_counted_under_the_other(limits, clock):
    one, other = of(of_member=60), of(member="mem_2", of_member=60)

    assert await admitted(limits, one, 100) == 6
    assert await admitted(limits, other, 100) == 6
    clock.now += 0.2
    assert limits.remaining(one)[0][1] >= 50 - 12


async def test_g15_four_processes_share_a_quota_of_6000_within_2_percent(counter, clock):
    clock.now += 0.2
    processes = [RateLimits("test", counter, clock) for _ in range(4)]
    limit, count = of(of_member=10**6), 0
    for _ in range(6_000):
        count += sum([await admitted(each, limit, 2) for each in processes])
        clock.now += 0.01

    assert count == pytest.approx(6_000, rel=0.02)


async def test_where_nothing_limits_a_call_it_is_admitted(limits):
    assert limits.decide([])


async def test_a_new_quota_counts_from_the_next_call_on(limits):
    assert await admitted(limits, of(per_minute=60), 100) == 6
    assert await admitted(limits, of("ws_1", "mem_2", 60_000), 15) == 15
    assert await admitted(limits, of(per_minute=60), 100) <= 6


async def test_keys_without_calls_take_no_memory(limits, clock):
    for n in range(100):
        await limits.admit(of(f"ws_{n}"))
    assert limits.keys == 200
    for _ in range(2):
        clock.now += IDLE_SECONDS
        await limits.look()
        await limits.admit(of())

    assert limits.keys == 2


async def test_keys_are_bounded(counter, clock):
    limits = RateLimits("test", counter, clock, most_keys=100)
    for n in range(1_000):
        await limits.admit(of(f"ws_{n}"))

    assert limits.keys <= 102


async def test_without_the_counter_a_process_goes_on_with_its_share_and_says_so(
    limits, counter, clock
):
    others = [RateLimits("other", counter, clock) for _ in range(3)]
    for each in (*others, limits):
        await each.look()
    assert (limits.processes, alone()) == (4, 0)
    counter.away = True
    await limits.look()

    assert await admitted(limits, of(per_minute=2_400, of_member=10**6), 100) == 10
    assert (limits.is_alone, alone()) == (True, 1)
    for _ in range(600):
        clock.now += 0.1
        await admitted(limits, of(per_minute=2_400, of_member=10**6), 2)
    counter.away = False
    await limits.look()

    assert (limits.is_alone, alone()) == (False, 0)
    clock.now += 2
    assert await admitted(limits, of(per_minute=2_400, of_member=10**6), 100) == 40


def alone():
    return REGISTRY.get_sample_value("openactions_rate_limits_alone", {"service": "test"})


async def test_a_process_that_ended_counts_for_two_periods_at_most(limits, counter, clock):
    other = RateLimits("test", counter, clock)
    for each in (other, limits):
        await each.look()
    assert limits.processes == 2
    for _ in range(2):
        clock.now += 10
        await limits.look()

    assert limits.processes == 1


async def test_whoever_waits_and_is_cancelled_leaves_nothing_behind(limits, counter):
    stuck = asyncio.Event()
    add = counter.add

    async def late(name, amount):
        await stuck.wait()
        return await add(name, amount)

    counter.add = late
    waiting = [asyncio.create_task(limits.admit(of())) for _ in range(20)]
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    stuck.set()

    assert await admitted(limits, of(), 15) == 15


async def test_whoever_learns_each_time_that_the_window_is_over_is_refused_in_the_end(clock):
    class Late:
        async def add(self, name, amount):
            clock.now += 20
            return amount

        async def ensure(self): ...

    limits = RateLimits("test", Late(), clock)

    with pytest.raises(RateLimited, match="in 1 s"):
        await limits.admit(of(per_minute=10))


async def test_what_is_drawn_is_given_up_when_the_service_stops(limits, counter):
    async def never(name, amount):
        await asyncio.Event().wait()

    counter.add = never
    for _ in range(3):
        await limits.admit(of())
    await asyncio.sleep(0)

    await limits.close()

    assert limits._draws == {}
