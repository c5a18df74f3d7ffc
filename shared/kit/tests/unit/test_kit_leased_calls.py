"""What bounds a lease: its window, the quota, the pace; what comes late, and a clock that jumps."""

import pytest

from kit.quota import Quota
from kit.rate import FREE, UNKNOWN, Rate

BEGAN = 1_800_000_000.0
"""Where a window of each quota here begins."""
HOUR = 3_600.0


def rate_of(per_minute, now=BEGAN):
    return Rate(Quota(per_minute), now)


def lease(rate, now, waiting):
    rate.waiting = waiting
    return rate.ask(now).lease


@pytest.mark.parametrize(
    ("per_minute", "most"),
    [
        (20, 2),  # a tenth of the quota
        (600, 10),  # the cells of a window
        (6_000, 50),
    ],
)
def test_however_many_wait_a_lease_is_a_tenth_of_the_quota_and_the_windows_cells_at_most(
    per_minute, most
):
    assert lease(rate_of(per_minute), BEGAN, waiting=1_000) == most
    assert lease(rate_of(per_minute), BEGAN, waiting=1) == 1


def test_a_lease_is_no_more_than_can_be_called_until_its_window_ends():
    rate = rate_of(600)
    for _ in range(9):
        rate.take(BEGAN + 0.95)

    assert lease(rate, BEGAN + 0.95, waiting=10) == 1


def test_what_is_drawn_after_its_window_ended_leases_nothing():
    assert lease(rate_of(20), BEGAN + HOUR, waiting=3) == 0


@pytest.mark.parametrize("seconds", [12, HOUR])
def test_a_lease_that_comes_late_admits_nobody(seconds):
    rate = rate_of(20)
    assert rate.look(BEGAN) == UNKNOWN
    rate.waiting = 2
    late = rate.ask(BEGAN)
    assert late.lease == 2

    rate.look(BEGAN + seconds)
    rate.counted(late, late.amount)

    assert rate.look(BEGAN + seconds) == UNKNOWN
    assert not rate.is_asking


def test_a_lease_in_time_admits_as_many_as_it_is():
    rate = rate_of(20)
    rate.look(BEGAN)
    rate.waiting = 2
    drawn = rate.ask(BEGAN)
    rate.counted(drawn, drawn.amount)

    for _ in range(2):
        assert rate.look(BEGAN) == FREE
        rate.take(BEGAN)
    assert rate.look(BEGAN) == UNKNOWN


def test_what_others_took_of_a_later_lease_takes_none_of_an_earlier_one():
    rate = rate_of(600)
    for _ in range(3):
        rate.take(BEGAN)
    rate.waiting = 3
    first = rate.ask(BEGAN)
    for _ in range(2):
        rate.take(BEGAN)  # while the counter is asked
    rate.counted(first, first.amount)
    rate.waiting = 0
    second = rate.ask(BEGAN)
    assert second.uncounted == 2

    rate.counted(second, 10 + second.amount)

    for _ in range(3):
        assert rate.look(BEGAN) == FREE
        rate.take(BEGAN)
    assert rate.look(BEGAN) > FREE


@pytest.mark.parametrize("processes", [1, 2, 4])
@pytest.mark.parametrize("jump", [-HOUR, HOUR])
def test_without_the_counter_a_clock_that_jumps_refuses_no_longer_than_a_burst_takes(
    processes, jump
):
    rate, now, admitted = rate_of(1_200), BEGAN, 0
    for _ in range(100):
        if rate.look_alone(now, processes) == FREE:
            rate.take_alone(now, processes)
    now += jump

    for _ in range(6_000):  # a minute
        wait = rate.look_alone(now, processes)
        assert wait <= rate.quota.burst * rate.quota.interval * processes
        if wait == FREE:
            rate.take_alone(now, processes)
            admitted += 1
        now += 0.01

    assert admitted == pytest.approx(1_200 / processes, abs=25)


def test_a_long_pause_saves_up_no_more_than_a_burst():
    rate, admitted = rate_of(600), 0
    while rate.look_alone(BEGAN + HOUR, 1) == FREE:
        rate.take_alone(BEGAN + HOUR, 1)
        admitted += 1

    assert admitted == rate.quota.burst
