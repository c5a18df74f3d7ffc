"""Whoever waits as long as a refusal says is admitted; small quotas are what they are called."""

import asyncio
from math import ceil
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.quota import Limit, Quota
from kit.rate_headers import rate_limit_headers
from kit.rate_limits import RateLimited, RateLimits
from kit.testing import MemoryCounter

BEGAN = 1_800_000_000.0
MEMBERS = st.one_of(st.none(), st.integers(1, 2_000))


class Caller:
    """One client of one process; a call takes some milliseconds."""

    def __init__(self, workspace, member, began=0.0, processes=1):
        self.now = BEGAN + began
        counter = MemoryCounter()
        self.replicas = [RateLimits("test", counter, lambda: self.now) for _ in range(processes)]
        each = (
            ("workspace", "This workspace", ("ws_1",), workspace),
            ("member", "You", ("ws_1", "mem_1"), member),
        )
        self.limits = tuple(
            Limit(name, whose, key, Quota(number)) for name, whose, key, number in each if number
        )
        self.made = 0

    async def call(self):
        """None, or the refusal."""
        replica = self.replicas[self.made % len(self.replicas)]
        self.made += 1
        self.now += 0.003
        for _ in range(3):
            await asyncio.sleep(0)  # the counter answers
        try:
            await replica.admit(self.limits)
        except RateLimited as refused:
            return refused
        return None

    async def calls_until_refused(self):
        for admitted in range(10_000):
            if refused := await self.call():
                return admitted, refused
        raise AssertionError("It was never refused.")


async def refused_again(caller, times, later=0.0):
    """How often it was, although it waited as long as the refusal before said."""
    again = 0
    for _ in range(times):
        _, refused = await caller.calls_until_refused()
        caller.now += refused.retry_after_seconds + later
        again += await caller.call() is not None
    return again


@pytest.mark.parametrize("began", [0.0, 0.5, 3.3, 5.99, 29.0, 59.9])
@pytest.mark.parametrize(
    ("workspace", "member"),
    [(12, 6), (6, 12), (12, 4), (4, 12), (None, 6), (None, 60), (60, None), (1, None)],
)
async def test_n4_whoever_waits_as_long_as_a_refusal_says_is_admitted(workspace, member, began):
    caller = Caller(workspace, member, began)

    assert await refused_again(caller, 20) == 0


@settings(max_examples=60, deadline=None)
@given(MEMBERS, st.integers(1, 2_000), st.floats(0, 60), st.floats(0, 20))
async def test_n4_also_under_any_two_quotas_and_later(workspace, member, began, later):
    assert await refused_again(Caller(workspace, member, began), 5, later) == 0


@pytest.mark.parametrize(("workspace", "member"), [(12, 4), (4, 12)])
async def test_n4_of_two_quotas_the_one_that_refuses_longer_says_when(workspace, member):
    caller = Caller(workspace, member)

    _, refused = await caller.calls_until_refused()

    assert refused.limit.quota.per_minute == 4  # both have none left
    headers = rate_limit_headers(caller.replicas[0].remaining(caller.limits), refused)
    states = dict(headers)[b"ratelimit"].decode().split(", ")
    after = {state.partition(";")[0]: int(state.rpartition("t=")[2]) for state in states}
    assert after[f'"{refused.limit.name}"'] == refused.retry_after_seconds == max(after.values())


@pytest.mark.parametrize(
    ("workspace", "member", "seed"), [(27, 34, 92), (31, 34, 134), (26, 37, 480)]
)
async def test_also_where_the_other_quota_refused_earlier_in_its_window(workspace, member, seed):
    """Calls with pauses; of refusals, some are waited for and some are not."""
    chance = Random(seed)
    chance.randint(1, 60), chance.randint(1, 60)  # which quotas these are
    caller, again = Caller(workspace, member, chance.random() * 60), 0
    for _ in range(150):
        refused = await caller.call()
        if refused is None:
            caller.now += chance.choice([0, 0, 0, chance.random() * 3])
        elif chance.random() < 0.4:
            caller.now += chance.random() * 2
        else:
            caller.now += refused.retry_after_seconds
            again += await caller.call() is not None

    assert again == 0


async def test_n4_without_the_counter_too():
    caller = Caller(12, 6)
    for replica in caller.replicas:
        replica._counter.away = True
        await replica.look()

    assert await refused_again(caller, 10) == 0


@pytest.mark.parametrize(("per_minute", "at_once"), [(1, 1), (2, 2), (4, 4), (6, 3), (12, 4)])
@pytest.mark.parametrize("processes", [1, 2])
async def test_n5_a_few_calls_of_a_small_quota_may_be_made_at_once(per_minute, at_once, processes):
    caller = Caller(per_minute, None, processes=processes)

    admitted, refused = await caller.calls_until_refused()

    assert admitted == at_once
    calls, seconds = Quota(per_minute).promise
    assert (calls, ceil(60 / per_minute) * calls >= seconds) == (at_once, True)
    assert refused.retry_after_seconds <= seconds + 1


@pytest.mark.parametrize("per_minute", [1, 2, 5, 6, 12, 13, 37, 49])
@pytest.mark.parametrize("processes", [1, 4])
async def test_n5_a_small_quota_is_kept_by_whoever_calls_at_every_moment(per_minute, processes):
    caller, admitted = Caller(per_minute, None, processes=processes), 0
    until = caller.now + 180
    while caller.now < until:
        admitted += await caller.call() is None
        caller.now += 0.1

    assert per_minute * 3 * 0.95 - 1 <= admitted <= per_minute * 3 + 4


async def test_n5_what_is_left_is_never_more_than_is_admitted():
    caller = Caller(60, 45)
    for _ in range(100):
        [*left] = [calls for _, calls, _ in caller.replicas[0].remaining(caller.limits)]
        refused = await caller.call()
        assert refused is None or min(left) == 0
        caller.now += 0.4


async def test_n5_a_refusal_says_how_calls_are_spread():
    _, refused = await Caller(None, 12).calls_until_refused()

    assert refused.sentence == (
        "You may make 12 calls a minute, spread over it: 4 at once, then one in 5 s. These are "
        "made; the next call is possible in 20 s."
    )
