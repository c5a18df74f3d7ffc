"""What a round of `Expiry` does where a read fails, and where the database's clock was wrong."""

from datetime import timedelta

import pytest

from kit.errors import DatabaseUnavailable
from kit.expiry import AIM, LONGEST, Expiry
from shared.kit.tests.unit.test_kit_expiry_rounds import AFTER, NOW, Collection, Progress, at

HOUR = timedelta(hours=1)
YEAR = timedelta(days=365)


class Moved(Collection):
    """Its database's clock is put forward and back by `by`."""

    by = timedelta(0)

    async def now(self):
        return NOW + self.by


class Overcharged(Collection):
    """Whoever reads more than so many documents at once gets no answer in time."""

    most = 2_000

    async def delete_between(self, member, since, until):
        if sum(since <= date < until for date in self.dates) > self.most:
            raise DatabaseUnavailable
        return await super().delete_between(member, since, until)


async def test_b6_a_span_that_is_not_answered_in_time_is_not_asked_for_again():
    """Quiet for hours, so spans are as long as they get; then busy within one of them."""
    busy = NOW - AFTER - HOUR
    collection = Overcharged(busy + timedelta(milliseconds=10 * each) for each in range(20_000))
    expiry = Expiry(at(busy - 5 * HOUR), [collection])

    with pytest.raises(DatabaseUnavailable):
        await expiry.delete(collection)
    for _ in range(2):
        await expiry.delete(collection)

    assert collection.dates == []


async def test_b6_what_is_looked_at_again_does_not_lengthen_the_next_span():
    """100 a second expire, and each round begins with a minute in which nothing is left."""
    step = timedelta(milliseconds=10)
    begin = NOW - AFTER
    collection = Moved(begin + step * each for each in range(10_000))
    expiry = Expiry(at(begin), [collection])

    for _ in range(8):
        collection.by += timedelta(seconds=10)
        await expiry.delete(collection)

    assert min(collection.dates) == begin + timedelta(seconds=80)
    assert max(collection.reads) <= 2 * AIM


async def test_b6_after_rounds_that_end_at_the_present_a_pause_begins_with_a_span_as_short():
    quiet = Moved()
    expiry = Expiry(at(NOW - AFTER - 5 * HOUR), [quiet])
    await expiry.delete(quiet)
    longest = max(until - since for since, until in quiet.spans)
    quiet.by = timedelta(seconds=10)
    await expiry.delete(quiet)
    quiet.spans.clear()

    quiet.by += HOUR
    await expiry.delete(quiet)

    again, first, *_ = quiet.spans
    assert longest == LONGEST
    assert first[0] == again[1]
    assert first[1] - first[0] <= timedelta(seconds=20)


async def test_b6_how_far_it_came_is_written_every_ten_minutes():
    collection, progress = Moved(), Saves()
    expiry = Expiry(progress, [collection])

    for _ in range(62):
        await expiry.delete(collection)
        collection.by += timedelta(seconds=10)

    assert progress.count == 2


class Saves(Progress):
    count = 0

    async def replace_one(self, *document, **options):
        self.count += 1
        await super().replace_one(*document, **options)


async def test_b6_after_a_clock_that_was_ahead_documents_go_when_they_expire():
    collection, progress = Moved(), Progress()
    expiry = Expiry(progress, [collection])
    collection.by = YEAR
    await expiry.delete(collection)
    collection.by = timedelta(0)
    await expiry.delete(collection)

    collection.dates = [NOW - AFTER + timedelta(minutes=5)]
    collection.by = timedelta(minutes=6)
    await expiry.delete(collection)

    assert collection.dates == []


async def test_b6_after_a_clock_that_was_ahead_a_restart_goes_on_from_the_right_time():
    collection, progress = Moved(), Progress()
    expiry = Expiry(progress, [collection])
    for collection.by in (YEAR, timedelta(0)):
        await expiry.delete(collection)

    collection.dates = [NOW - AFTER + HOUR]
    collection.by = 2 * HOUR
    await Expiry(progress, [collection]).delete(collection)

    assert collection.dates == []
