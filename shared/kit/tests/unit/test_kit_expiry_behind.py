"""How `Expiry` catches up: after a long stop, and where documents are kept for a shorter time."""

import asyncio
from datetime import timedelta

from structlog.testing import capture_logs

from kit.errors import DatabaseUnavailable
from kit.expiry import AIM, SINCE, Expiry
from kit.testing import eventually
from shared.kit.tests.unit.test_kit_expiry_rounds import AFTER, Progress, at
from shared.kit.tests.unit.test_kit_expiry_rounds import Collection as Young

MONTHS = timedelta(days=60)
NOW = SINCE + 2 * MONTHS
EXPIRED = NOW - AFTER


class Collection(Young):
    """Of a platform that is four months old; documents are kept for as long as a test says."""

    after = AFTER

    async def now(self):
        return NOW

    @property
    def expiring(self):
        return {"settled": self.after}


async def run_until(reached, expiry, seconds=8):
    """Less than the pauses of the steady state would take."""
    running = asyncio.create_task(expiry.delete_for_ever())

    async def is_reached():
        return reached()

    await eventually(is_reached, within_seconds=seconds)
    running.cancel()


async def test_b6_after_empty_months_what_expired_goes_without_the_pauses_of_the_steady_state():
    last = Collection([EXPIRED - timedelta(seconds=1)])

    await run_until(lambda: last.dates == [], Expiry(at(EXPIRED - MONTHS), [last]))

    assert len(last.reads) < 3_000


async def test_b6_what_is_kept_for_a_shorter_time_than_before_goes_at_the_next_start():
    """The first start keeps all that there may be, and its progress lies before that."""
    progress, first = Progress(), Collection()
    first.after = 3 * MONTHS
    await Expiry(progress, [first]).delete(first)
    assert progress.get("things.settled")["until"] == SINCE
    later = Collection([EXPIRED - timedelta(seconds=1)])

    await run_until(lambda: later.dates == [], Expiry(progress, [later]))


async def test_b6_where_a_quiet_time_ends_no_more_is_read_than_elsewhere():
    """Quiet for three days, so spans are as long as they get; then 20 documents a second."""
    busy = EXPIRED - timedelta(hours=3)
    collection = Collection(busy + timedelta(milliseconds=50 * each) for each in range(200_000))

    begin = at(busy - timedelta(days=3))
    await run_until(lambda: collection.dates == [], Expiry(begin, [collection]))

    assert max(collection.reads) <= 3 * AIM


async def test_b6_a_catch_up_is_told_once_and_its_end_too():
    collection = Collection()
    expiry = Expiry(at(EXPIRED - MONTHS), [collection])

    with capture_logs() as logged:
        await run_until(lambda: len(logged) == 2, expiry)

    events = [each["event"] for each in logged]
    assert events == ["expiry_catching_up", "expiry_caught_up"]
    assert {each["dates"] for each in logged} == {"things.settled"}


class Away(Collection):
    """Gives way after so many reads."""

    async def delete_between(self, *span):
        if len(self.reads) >= 700:
            raise DatabaseUnavailable
        return await super().delete_between(*span)


async def test_b6_a_database_that_is_away_is_not_asked_in_a_hurry():
    with capture_logs() as logged:
        running = asyncio.create_task(Expiry(at(EXPIRED - MONTHS), [Away()]).delete_for_ever())
        await asyncio.sleep(1)
        running.cancel()

    events = [each["event"] for each in logged]
    assert events == ["expiry_catching_up", "expiry_postponed"]
