"""How far a round of `Expiry` goes, and how much it reads at once."""

import asyncio
from bisect import bisect_left
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest

from kit.across_workspaces import DELETED_AT_ONCE, DELETING_PAUSE_SECONDS
from kit.errors import DatabaseRefused, DatabaseUnavailable
from kit.expiry import AIM, LONGEST, SHORTEST, SINCE, SPANS_A_ROUND, Expiry, next_span
from kit.outbox import Outbox
from shared.kit.tests.kit_fakes import Publisher
from shared.kit.tests.kit_things import things_of

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
        self.rounds = 0
        self.time = NOW

    @property
    def across_workspaces(self):
        return self

    async def now(self):
        self.rounds += 1
        if self.refusal:
            raise self.refusal
        return self.time

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


async def test_b6_how_far_it_came_is_written_every_ten_minutes_and_not_each_round():
    progress, collection = at(NOW - AFTER), Collection()
    expiry, written = Expiry(progress, [collection]), []

    for minutes in (5, 9, 10, 19, 20):
        collection.time = NOW + timedelta(minutes=minutes)
        await expiry.delete(collection)
        written.append(progress.get("things.settled")["until"] - (NOW - AFTER))

    assert written == [timedelta(minutes=minutes) for minutes in (0, 0, 10, 10, 20)]


async def test_b6_between_two_rounds_it_pauses():
    """Ten seconds: within a fraction of one there is one round."""
    collection = Collection()

    with suppress(TimeoutError):
        async with asyncio.timeout(0.2):
            await Expiry(at(NOW - AFTER), [collection]).delete_for_ever()

    assert collection.rounds == 1


class Deleting:
    """The driver's collection; notes when each part of what it found is deleted."""

    def __init__(self, count):
        self._count = count
        self.parts = []

    def find(self, *_):
        return self

    async def __aiter__(self):
        for number in range(self._count):
            yield {"_id": f"thing_{number}"}

    async def delete_many(self, wanted):
        ids = wanted["_id"]["$in"]
        self.parts.append((len(ids), asyncio.get_running_loop().time()))
        return SimpleNamespace(deleted_count=len(ids))


async def test_b6_between_two_parts_of_a_span_others_have_the_database():
    raw = Deleting(2 * DELETED_AT_ONCE + 1)
    things = things_of({"things": raw}, Outbox("policy", Publisher()))

    deleted = await things.across_workspaces.delete_between("settled", SINCE, NOW)

    assert deleted == 2 * DELETED_AT_ONCE + 1
    assert [count for count, _ in raw.parts] == [DELETED_AT_ONCE, DELETED_AT_ONCE, 1]
    times = [at_ for _, at_ in raw.parts]
    assert min(b - a for a, b in pairwise(times)) >= 0.9 * DELETING_PAUSE_SECONDS


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
