"""Documents that are stored with a date that had expired already."""

from contextlib import suppress
from datetime import timedelta

import pytest

from kit.errors import DatabaseUnavailable
from kit.expiry import AIM, EARLIEST, LONGEST, SINCE, Expiry
from shared.kit.tests.unit.test_kit_expiry_rounds import AFTER, NOW, Collection, Progress

LATE = NOW - AFTER - timedelta(days=3)


@pytest.fixture
def things():
    return Collection()


@pytest.fixture
async def expiry(things):
    """It has gone through everything once."""
    expiry = Expiry(Progress(), [things])
    await expiry.delete(things)
    return expiry


def an_hour_later(expiry):
    expiry._late_at = dict.fromkeys(expiry._late_at, 0.0)


@pytest.mark.parametrize("date", [LATE, SINCE - timedelta(days=400), EARLIEST])
async def test_b6_what_is_stored_late_goes_within_an_hour(things, expiry, date):
    things.dates = [date]
    await expiry.delete(things)
    before = len(things.dates)
    an_hour_later(expiry)

    await expiry.delete(things)

    assert (before, things.dates) == (1, [])


async def test_b6_looking_for_late_ones_takes_few_queries_and_is_not_done_each_round(
    things, expiry
):
    an_hour_later(expiry)
    things.spans.clear()
    await expiry.delete(things)
    looking = len(things.spans)
    things.spans.clear()
    await expiry.delete(things)

    assert looking < 40
    assert len(things.spans) <= 2


async def test_b6_many_late_ones_are_read_in_small_spans(things, expiry):
    things.dates = [LATE - timedelta(minutes=48) * n for n in reversed(range(3_000))]
    an_hour_later(expiry)

    await expiry.delete(things)

    assert things.dates == []
    assert max(things.reads) <= 2 * AIM
    assert things.reads.count(0) < 100


async def test_b6_a_span_of_late_ones_that_is_not_answered_is_shorter_the_next_time(things, expiry):
    things.dates, failed = [LATE], []
    answer = things.delete_between

    async def answered_if_short(member, since, until):
        if since <= LATE < until and until - since > LONGEST:
            failed.append(until - since)
            raise DatabaseUnavailable
        return await answer(member, since, until)

    things.delete_between = answered_if_short
    an_hour_later(expiry)
    while things.dates:
        with suppress(DatabaseUnavailable):
            await expiry.delete(things)
    things.delete_between = answer
    things.spans.clear()
    an_hour_later(expiry)
    await expiry.delete(things)

    assert failed == sorted(failed, reverse=True)
    assert len(failed) < 5
    assert len(things.spans) < 40  # what was not answered once is asked for as ever


async def test_b6_what_has_not_expired_stays_however_often_it_is_looked_at(things, expiry):
    things.dates = [NOW - AFTER + timedelta(seconds=1)]
    an_hour_later(expiry)

    await expiry.delete(things)

    assert len(things.dates) == 1
