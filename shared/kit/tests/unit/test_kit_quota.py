"""A quota of calls a minute, as cells of windows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.quota import Quota

QUOTAS = st.integers(1, 10_000_000)


@given(QUOTAS, st.integers(0, 10**12))
def test_the_windows_of_a_minute_hold_the_quota_exactly(per_minute, first):
    quota = Quota(per_minute)

    cells = [quota.cells(first + n) for n in range(quota.windows)]

    assert sum(cells) == per_minute
    assert max(cells) - min(cells) <= 1


@given(QUOTAS, st.floats(1.7e9, 4e9))
def test_a_window_contains_its_times(per_minute, now):
    quota = Quota(per_minute)
    window = quota.window_at(now)

    assert quota.begins_at(window) <= now + 1e-5
    assert now < quota.begins_at(window + 1) + 1e-5


@given(QUOTAS)
def test_g15_a_window_and_what_is_uncounted_in_four_processes_are_the_most_beyond_the_quota(
    per_minute,
):
    quota = Quota(per_minute)
    beyond = max(map(quota.cells, range(quota.windows))) + 4 * quota.uncounted

    assert beyond <= (0.02 * per_minute if per_minute >= 6_000 else 4 * quota.most_leased + 1)


@pytest.mark.parametrize(
    ("per_minute", "burst", "seconds"),
    [
        (1, 1, 60),
        (4, 4, 60),
        (6, 3, 30),
        (12, 4, 20),
        (49, 4, 6),
        (60, 6, 6),
        (100, 10, 6),
        (600, 10, 1),
        (1_200, 20, 1),
        (6_000, 50, 0.5),
    ],
)
def test_so_many_calls_may_be_made_at_once(per_minute, burst, seconds):
    quota = Quota(per_minute)

    assert (quota.burst, quota.begins_at(1)) == (burst, seconds)


@pytest.mark.parametrize("none", [0, -1])
def test_a_quota_of_no_calls_is_refused(none):
    with pytest.raises(ValueError, match="at least 1"):
        Quota(none)


@given(QUOTAS)
def test_n5_a_policy_promises_no_more_than_a_minute_holds_and_no_less_than_may_be_left(per_minute):
    quota = Quota(per_minute)
    calls, seconds = quota.promise

    assert calls * 60 <= max(per_minute, 1) * seconds
    assert 1 <= seconds <= 60
    assert quota.burst <= max(calls, quota.cells(0) + 1)


@pytest.mark.parametrize(
    ("per_minute", "spread"),
    [
        (1, "one in 60 s"),
        (12, "4 at once, then one in 5 s"),
        (7, "3 at once, then one in 8.57 s"),
        (60, "6 at once, then one in 1 s"),
        (1_000, "16 at once, then 16.67 a second"),
        (6_000_000, "50,000 at once, then 100,000 a second"),
    ],
)
def test_n5_how_calls_are_spread_is_said(per_minute, spread):
    assert Quota(per_minute).spread == spread
