"""Several replicas, and calls that nobody finished: one replica at a time settles them."""

import asyncio
from datetime import timedelta

import pytest

from execution_service.adapters.mongo_records import MongoRecords
from execution_service.usecases.settle_orphans import SettleOrphans
from kit.leases import Leases
from kit.outbox import Outbox
from kit.testing import FrozenClock, RecordedFacts, eventually
from services.execution.tests.facts import NOON, started

pytestmark = pytest.mark.integration


class SlowLedger:
    """Says when somebody settles, and lets nobody finish before it is told to."""

    def __init__(self):
        self.settled, self.at_it, self.may_go_on = [], asyncio.Event(), asyncio.Event()

    async def after_interruption(self, finished):
        self.at_it.set()
        await self.may_go_on.wait()
        self.settled.append(finished.invocation_id)


async def test_of_two_replicas_one_settles_what_a_third_left(database):
    records = MongoRecords(database, Outbox("execution", RecordedFacts()), timedelta(days=365))
    await records.record([started("inv_1"), started("inv_2")])
    ledger, clock = SlowLedger(), FrozenClock(NOON + timedelta(hours=1))
    settle = SettleOrphans(records, ledger, clock, timedelta(minutes=2))
    replicas = [Leases(database), Leases(database)]

    first = asyncio.create_task(replicas[0].alone("settle_orphans", lambda _: settle()))
    await ledger.at_it.wait()
    second = await replicas[1].alone("settle_orphans", lambda _: settle())
    ledger.may_go_on.set()

    assert not second
    assert await first
    assert sorted(ledger.settled) == ["inv_1", "inv_2"]


@pytest.mark.usefixtures("platform")
async def test_the_service_settles_under_a_lease(database):
    async def held():
        return await database["leases"].find_one({"_id": "settle_orphans"})

    assert (await eventually(held))["token"] >= 0
