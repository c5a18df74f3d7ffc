"""One key's calls in several processes that share a counter: GCRA with leases, by a fake clock."""

from itertools import count, takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.quota import Quota
from kit.rate import FREE, UNKNOWN, Rate

BEGAN = 1_800_000_000.0
STEP = 0.002
"""Seconds from one attempt of a process to the next, and until the counter has answered."""


class Shared:
    """Processes, and the counters of one key's windows."""

    def __init__(self, per_minute, processes=1, *, began=BEGAN):
        self.quota = Quota(per_minute)
        self.now = began
        self.rates = [Rate(self.quota, began) for _ in range(processes)]
        self.values = {}
        self.draws = []
        self.admitted = [0] * processes

    def answer(self):
        for rate, draw in self.draws:
            self.values[draw.window] = self.values.get(draw.window, 0) + draw.amount
            rate.counted(draw, self.values[draw.window])
        self.draws.clear()

    def draw(self, rate):
        if not rate.is_asking:
            self.draws.append((rate, rate.ask(self.now)))

    def call(self, process=0):
        """Whether it is admitted; else seconds, or UNKNOWN."""
        rate = self.rates[process]
        seconds = rate.look(self.now)
        if seconds == UNKNOWN:
            rate.waiting = 1
            self.draw(rate)
            rate.waiting = 0
        elif seconds == FREE:
            rate.take(self.now)
            self.admitted[process] += 1
            if rate.is_low:
                self.draw(rate)
        return seconds

    def run(self, seconds, every=None):
        """Each process calls in each `every`-th step: one number, or one for each process."""
        until = self.now + seconds
        each = every or [1] * len(self.rates)
        for step in takewhile(lambda _: self.now < until, count()):
            for process, steps in enumerate(each):
                if step % steps == 0:
                    self.call(process)
            self.now += STEP
            self.answer()
        return sum(self.admitted)


@pytest.mark.parametrize("began", [0.0, 0.01, 0.25, 0.49])
def test_g15_four_processes_admit_a_quota_of_6000_within_2_percent_in_a_minute(began):
    admitted = Shared(6_000, 4, began=BEGAN + began).run(60)

    assert 5_880 <= admitted <= 6_120


@pytest.mark.parametrize("every", [[1, 10, 40, 200], [1, 1, 1, 500], [1, 300, 300, 300]])
def test_g15_also_where_one_process_has_most_of_the_calls(every):
    assert 5_880 <= Shared(6_000, 4, began=BEGAN + 0.3).run(60, every) <= 6_120


@pytest.mark.parametrize("per_minute", [1, 2, 10, 60, 100, 600, 1_200, 3_000])
@pytest.mark.parametrize("began", [0.0, 0.4, 5.9])
def test_g15_a_smaller_quota_is_exceeded_by_one_lease_a_process_at_most(per_minute, began):
    shared = Shared(per_minute, 4, began=BEGAN + began)

    admitted = shared.run(60)

    assert admitted <= per_minute + 4 * shared.quota.most_leased
    assert admitted >= per_minute * 0.95 - 1


@settings(max_examples=30)
@given(
    st.integers(1, 20_000),
    st.lists(st.integers(1, 300), min_size=1, max_size=4),
    st.floats(0, 60),
)
def test_no_load_gets_more_than_a_window_beyond_the_quota(per_minute, every, began):
    shared = Shared(per_minute, len(every), began=BEGAN + began)

    first = shared.quota.window_at(shared.now)
    shared.run(7, every)

    windows = range(first, shared.quota.window_at(shared.now) + 1)
    passed = sum(map(shared.quota.cells, windows))
    assert sum(shared.admitted) <= passed + len(every) * shared.quota.uncounted


def test_h107_whoever_was_refused_goes_on_evenly_without_a_burst_in_each_window():
    shared = Shared(1_200)
    shared.run(2)
    begun = sum(shared.admitted)

    at_once = shared.run(0.1) - begun

    assert at_once <= 7
    assert shared.run(60) - begun == pytest.approx(1_200, rel=0.02)


def test_alone_a_client_below_its_quota_is_never_refused():
    shared = Shared(6_000)

    shared.run(20, [6])  # 83 of 100 a second

    assert shared.admitted[0] == 1667


def test_calls_below_the_uncounted_ones_do_not_draw():
    shared = Shared(1_200)

    for _ in range(2):
        assert shared.call() == FREE

    assert shared.draws == []


def test_f3_the_lease_of_a_process_that_stopped_is_lost_until_its_window_ends():
    shared = Shared(1_200, 2)
    frozen = shared.rates[0]
    frozen.waiting = 15
    shared.draws.append((frozen, frozen.ask(shared.now)))
    shared.answer()

    in_that_window = [shared.call(1) for _ in range(3)]
    shared.answer()
    in_that_window += [shared.call(1) for _ in range(8)]
    shared.answer()
    in_that_window += [shared.call(1) for _ in range(8)]

    assert in_that_window.count(FREE) <= 5 + 3
    shared.now += 1
    assert shared.run(1) >= 20
    assert frozen.look(shared.now) == FREE  # what it had leased is not used in a later window
    assert frozen.ask(shared.now).uncounted == 0


def test_what_did_not_fit_into_a_window_counts_in_the_next():
    shared = Shared(600, 1)
    rate = shared.rates[0]
    shared.values[rate.quota.window_at(shared.now)] = 10  # others took all of it
    assert [shared.call() for _ in range(5)].count(FREE) == 5
    shared.answer()
    refused = shared.call()

    assert refused == pytest.approx(1, abs=0.01)
    shared.now += 1
    assert shared.call() == UNKNOWN
    shared.answer()
    assert shared.values[rate.quota.window_at(shared.now)] in (6, 7)  # and one or two of its own


def test_whoever_made_a_burst_goes_on_at_an_even_pace():
    rate = Rate(Quota(60), BEGAN)
    for _ in range(6):
        assert rate.look_alone(BEGAN, 1) == FREE
        rate.take_alone(BEGAN, 1)

    assert rate.look_alone(BEGAN, 1) == pytest.approx(1, abs=0.02)
    assert rate.look_alone(BEGAN + 1, 1) == FREE
    assert (rate.remaining(BEGAN), rate.whole_after(BEGAN)) == (0, 6)
    assert rate.remaining(BEGAN + 60) == 6


@pytest.mark.parametrize("processes", [1, 2, 4])
def test_without_the_counter_a_process_has_its_share_of_the_quota(processes):
    rate, now, admitted = Rate(Quota(1_200), BEGAN), BEGAN, 0
    for _ in range(30_000):
        if rate.look_alone(now, processes) == FREE:
            rate.take_alone(now, processes)
            admitted += 1
        now += STEP

    assert admitted == pytest.approx(1_200 / processes + 20 / processes, abs=2)


@pytest.mark.parametrize("hours", [-1, 1])
def test_f39_a_clock_that_is_set_refuses_no_longer_than_a_burst_takes(hours):
    shared = Shared(1_200)
    shared.run(2)
    shared.now += hours * 3_600

    shared.admitted = [0]
    assert shared.run(60) == pytest.approx(1_200, abs=25)


def test_a_draw_that_was_not_answered_is_made_again():
    shared = Shared(1_200)
    while not shared.draws:
        shared.call()
    shared.draws.clear()
    shared.rates[0].lost()

    assert [shared.call() for _ in range(3)] == [FREE, FREE, UNKNOWN]
    shared.answer()
    assert shared.call() == FREE


def test_without_the_counter_each_of_more_processes_than_a_burst_admits_one_call():
    rate = Rate(Quota(10), BEGAN)

    assert rate.look_alone(BEGAN, 1_000) == FREE
    rate.take_alone(BEGAN, 1_000)
    assert rate.look_alone(BEGAN, 1_000) > 0
