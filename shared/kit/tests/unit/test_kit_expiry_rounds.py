"""How far a round of `delete_expired_for_ever` goes."""

import asyncio
from contextlib import suppress

from kit.across_workspaces import MAX_EXPIRED
from kit.errors import DatabaseUnavailable
from kit.expiry import delete_expired_for_ever


class Collection:
    """Deletes so many at a time, then nothing; a number below 0 is a database that is away."""

    name = "things"

    def __init__(self, *deletes):
        self.deletes = list(deletes)
        self.asked = 0

    @property
    def across_workspaces(self):
        return self

    async def delete_expired(self):
        self.asked += 1
        deleted = self.deletes.pop(0) if self.deletes else 0
        if deleted < 0:
            raise DatabaseUnavailable
        return deleted


async def one_round(*collections):
    with suppress(TimeoutError):
        async with asyncio.timeout(0.05):
            await delete_expired_for_ever(collections)


async def test_b6_a_backlog_is_deleted_in_one_round():
    collection = Collection(MAX_EXPIRED, MAX_EXPIRED, MAX_EXPIRED - 1, 5)

    await one_round(collection)

    assert collection.asked == 3


async def test_b6_a_database_that_is_away_ends_no_round():
    away, other = Collection(-1), Collection(1)

    await one_round(away, other)

    assert (away.asked, other.asked) == (1, 1)
