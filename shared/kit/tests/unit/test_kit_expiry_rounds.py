"""How far a round of `Expiry` goes, and how much it reads at once."""

import asyncio
from bisect import bisect_left
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from kit.errors import DatabaseRefused, DatabaseUnavailable
from kit.expiry import AIM, LONGEST, SHORTEST, SINCE, SPANS_A_ROUND, Expiry, next_span

NOW = datetime(2026, 12, 1, tzinfo=UTC)
AFTER = timedelta(days=1)


class Collection:
    """Documents by their dates; `reads` says how many each span had."""

    name = "things"

    def __init__(self, dates=(), refusal=None):
        self.dates = sorted(dates)
        self.refusal = refusal
        self.reads = []
        self.spans = []

    @property
    def across_workspaces(self):
        return self

    async def now(self):
        if self.refusal:
            raise self.refusal
        return NOW

    @property
    def expiring(self):
        return {"settled": AFTER}

    async def delete_between(self, _, since, until):
        first, end = bisect_left(self.dates, since), bisect_left(self.dates, until)
        del self.dates[first:end]
        self.reads.append(end - first)
        self.spans.append((since, until))
        return end - first


class Progress(dict):
    """The database, with its one collection."""

    def __getitem__(self, _):
        return self

    async def find_one(self, wanted):
        return self.get(wanted["_id"])

    async def replace_one(self, wanted, document, *, upsert):
        assert upsert
        self[wanted["_id"]] = document


def at(until):
    return Progress({"things.settled": {"until": until}})


async def rounds(expiry, collection, count):
    for _ in range(count):
        await expiry.delete(collection)


async def test_b6_what_expired_goes_and_what_did_not_stays():
    kept = NOW - AFTER
    collection = Collection([kept - timedelta(seconds=1), kept, NOW])

    await rounds(Expiry(at(kept - timedelta(hours=1)), [collection]), collection, 1)

    assert collection.dates == [kept, NOW]


async def test_b6_a_backlog_is_read_in_small_spans_without_a_gap():
    """Twenty a second for an hour. The first span grew while there was nothing."""
    begin = NOW - AFTER - timedelta(hours=1)
    collection = Collection(begin + timedelta(milliseconds=50 * each) for each in range(72_000))

    await rounds(Expiry(at(begin), [collection]), collection, 3)

    assert collection.dates == []
    busy = [found for found in collection.reads if found]
    assert max(busy[2:]) <= 2 * AIM
    assert all(later[0] == before[1] for before, later in pairwise(collection.spans[:200]))


async def test_b6_a_long_backlog_leaves_others_their_turn():
    collection = Collection()

    await rounds(Expiry(at(SINCE), [collection]), collection, 1)

    assert SPANS_A_ROUND <= len(collection.reads) <= 2 * SPANS_A_ROUND


async def test_b6_the_first_time_ever_all_that_was_before_is_looked_at_in_few_spans():
    old = Collection([SINCE, SINCE + timedelta(days=3)])

    await rounds(Expiry(Progress(), [old]), old, 1)

    assert old.dates == []
    assert len(old.reads) < 40


async def test_b6_how_far_it_came_is_kept_across_a_restart():
    progress, collection = Progress(), Collection()
    await rounds(Expiry(progress, [collection]), collection, 1)

    again = Collection()
    await rounds(Expiry(progress, [again]), again, 1)

    assert progress.get("things.settled")["until"] == NOW - AFTER
    assert len(again.reads) < SPANS_A_ROUND
    assert again.spans[0][0] > NOW - AFTER - timedelta(hours=1)


@pytest.mark.parametrize(
    ("found", "grows"), [(0, 2.0), (AIM // 10, 2.0), (AIM, 1.0), (AIM * 4, 0.25)]
)
def test_b6_a_span_follows_what_the_last_one_had(found, grows):
    span = timedelta(seconds=10)

    assert next_span(span, found) == span * grows


def test_b6_a_span_has_a_least_and_a_greatest_length():
    assert next_span(LONGEST, 0) == LONGEST
    assert next_span(SHORTEST, AIM * 100) == SHORTEST


@pytest.mark.parametrize("refusal", [DatabaseUnavailable(), DatabaseRefused("BadValue", 2)])
async def test_b6_one_collection_that_is_refused_stops_no_other(refusal):
    refused, other = Collection(refusal=refusal), Collection()

    with suppress(TimeoutError):
        async with asyncio.timeout(1):
            await Expiry(at(NOW - AFTER), [refused, other]).delete_for_ever()

    assert other.reads
