"""The pool by itself, with connections that are only said to exist."""

import pytest

from egress.wire.pool import Pool


class Line:
    """As much of a connection as a pool looks at."""

    def __init__(self):
        self.reusable, self.aborted, self.idle_since = True, False, 0.0

    def abort(self):
        self.aborted = True

    def grow_older(self, seconds):
        self.idle_since -= seconds


@pytest.fixture
async def pool():
    kept = Pool(max_open=2, max_idle=2, idle_seconds=15)
    yield kept
    kept.close()


def idle(pool, key="a"):
    line = Line()
    assert pool.make_room()
    pool.give_back(key, line)
    return line


async def test_a_fresh_connection_is_taken(pool):
    line = idle(pool)

    assert pool.take("a", 15) is line
    assert (pool.open, pool.idle) == (1, 0)


async def test_a_connection_past_its_time_is_closed_however_late_the_sweep_comes(pool):
    line = idle(pool)
    line.grow_older(16)

    assert pool.take("a", 60) is None
    assert line.aborted
    assert pool.open == 0


async def test_a_connection_too_old_for_one_request_is_kept_for_others(pool):
    line = idle(pool)
    line.grow_older(5)

    assert pool.take("a", 4) is None
    assert not line.aborted
    assert pool.take("a", 15) is line


async def test_the_newest_is_taken_and_the_oldest_makes_room(pool):
    oldest, newest = idle(pool), idle(pool)

    assert pool.make_room()
    assert (oldest.aborted, newest.aborted) == (True, False)
    assert pool.take("a", 15) is newest


async def test_a_pool_that_carries_all_it_may_has_no_room(pool):
    assert pool.make_room()
    assert pool.make_room()
    assert not pool.make_room()
    pool.give_up(None)
    assert pool.make_room()


async def test_a_closed_pool_keeps_nothing(pool):
    before = idle(pool)
    assert pool.make_room()
    pool.close()
    after = Line()
    pool.give_back("a", after)

    assert before.aborted
    assert after.aborted
    assert pool.open == 0
