"""Leases on the real database: one holder, its clock, tokens that only grow."""

import asyncio
from datetime import timedelta

import pytest

from kit.errors import DatabaseUnavailable
from kit.leases import Leases
from kit.testing import eventually

pytestmark = pytest.mark.integration

BRIEF = timedelta(milliseconds=300)


@pytest.fixture
def leases(database):
    return Leases(database)


async def test_of_many_who_want_a_lease_one_gets_it(database):
    replicas = [Leases(database) for _ in range(10)]

    got = await asyncio.gather(*(each.acquire("work") for each in replicas))

    assert len([lease for lease in got if lease]) == 1


async def test_leases_of_other_work_are_free(leases):
    assert await leases.acquire("work")
    assert await leases.acquire("other work")


async def test_a_lease_that_was_given_back_is_free_and_its_token_is_higher(leases):
    first = await leases.acquire("work")
    await leases.release(first)

    second = await leases.acquire("work")

    assert second.token > first.token
    assert second.holder != first.holder


async def test_a_lease_ends_by_itself_and_the_next_token_is_higher(database):
    first = await Leases(database, BRIEF).acquire("work")

    second = await eventually(lambda: Leases(database).acquire("work"))

    assert second.token > first.token


async def test_a_renewed_lease_ends_later_and_keeps_its_token(leases):
    lease = await leases.acquire("work")

    renewed = await leases.renew(lease)

    assert renewed.expires_at > lease.expires_at
    assert renewed.token == lease.token
    assert await leases.acquire("work") is None


async def test_who_lost_a_lease_neither_renews_nor_gives_back_the_next_ones(database, leases):
    lost = await Leases(database, BRIEF).acquire("work")
    await eventually(lambda: leases.acquire("work"))

    assert await leases.renew(lost) is None
    await leases.release(lost)

    assert await leases.acquire("work") is None


async def test_the_end_is_by_the_databases_clock(database, leases):
    lease = await leases.acquire("work")

    now = (await database.command("hello"))["localTime"].replace(tzinfo=lease.expires_at.tzinfo)

    assert timedelta(0) < lease.expires_at - now <= timedelta(seconds=15)


async def test_work_is_done_on_one_of_many_replicas_and_then_free(database):
    replicas, at_work, seen = [Leases(database) for _ in range(5)], asyncio.Event(), []

    async def work(lease):
        seen.append(lease.token)
        await at_work.wait()

    doing = [asyncio.create_task(each.alone("work", work)) for each in replicas]

    async def others_gave_up():
        return sum(each.done() for each in doing) == 4

    await eventually(others_gave_up)
    at_work.set()

    assert sorted(await asyncio.gather(*doing)) == [False] * 4 + [True]
    assert len(seen) == 1
    assert await replicas[0].acquire("work")


async def test_long_work_keeps_its_lease(database):
    leases, done = Leases(database, BRIEF), asyncio.Event()

    async def work(_):
        await done.wait()

    doing = asyncio.create_task(leases.alone("work", work))
    await asyncio.sleep(3 * BRIEF.total_seconds())

    assert await leases.acquire("work") is None
    done.set()
    assert await doing


async def test_work_whose_lease_was_taken_is_cancelled(database):
    leases, cancelled = Leases(database, BRIEF), asyncio.Event()

    async def work(_):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    doing = asyncio.create_task(leases.alone("work", work))

    async def taken():
        stolen = {"$set": {"holder": "another", "token": 99}}
        held = {"_id": "work", "holder": {"$ne": None}}
        return (await database["leases"].update_one(held, stolen)).matched_count

    await eventually(taken)

    assert await doing is False
    assert cancelled.is_set()


class NotRenewed(Leases):
    """The database answered once, and then no more."""

    async def renew(self, lease):
        raise DatabaseUnavailable


async def test_work_whose_lease_ran_out_while_the_database_was_away_is_cancelled(database):
    cancelled = asyncio.Event()

    async def work(_):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    assert await NotRenewed(database, BRIEF).alone("work", work) is False

    assert cancelled.is_set()


async def test_work_that_fails_says_so_and_gives_its_lease_back(leases):
    async def work(_):
        raise LookupError

    with pytest.raises(LookupError):
        await leases.alone("work", work)

    assert await leases.acquire("work")
