"""Reading the audit trail, and settling what a dead replica left open."""

import asyncio
from datetime import timedelta

import pytest

from contracts.facts import Outcome
from contracts.ids import new_id
from execution_service.domain.errors import InvocationNotFound
from execution_service.usecases.read_invocation import ReadInvocation
from execution_service.usecases.settle_orphans import SettleOrphans
from kit.testing import FrozenClock, RecordedFacts
from services.execution.tests.facts import NOON, finished, started
from services.execution.tests.fakes import MemoryRecords

OLD = "inv_01ARZ3NDEKTSV4RRFFQ69G5FAV"


class Ledger(RecordedFacts):
    after = after_change = after_interruption = RecordedFacts.publish


@pytest.fixture
def records():
    return MemoryRecords()


@pytest.fixture
def ledger():
    return Ledger()


@pytest.fixture
def settle(records, ledger):
    clock = FrozenClock(NOON + timedelta(minutes=10))
    return SettleOrphans(records, ledger, clock, orphaned_after=timedelta(minutes=2))


async def test_a_call_that_is_on_record_is_read(records):
    await records.record([finished(OLD)])

    assert (await ReadInvocation(records)("ws_ours", OLD)).outcome is Outcome.SUCCEEDED


@pytest.mark.parametrize(
    "id_", [OLD, "inv_", "", "gpt_1", "inv_é", "inv_" + "é" * 26, "inv_" + "Z" * 26, "inv_\x00"]
)
async def test_what_is_old_or_none_of_ours_is_not_waited_for(records, id_):
    reading = asyncio.ensure_future(ReadInvocation(records)("ws_ours", id_))
    await asyncio.wait([reading], timeout=1)

    assert isinstance(reading.exception(), InvocationNotFound)


async def test_a_foreign_call_is_as_unknown_as_any(records):
    await records.record([finished(OLD, workspace_id="ws_theirs")])

    with pytest.raises(InvocationNotFound):
        await ReadInvocation(records)("ws_ours", OLD)


async def test_a_call_of_this_moment_is_waited_for(records):
    fresh = new_id("inv")
    reading = asyncio.ensure_future(ReadInvocation(records)("ws_ours", fresh))
    await asyncio.sleep(0)
    assert not reading.done()

    await records.record([finished(fresh)])

    assert (await reading).id == fresh


async def test_a_call_under_way_is_shown_as_such_in_the_end(records):
    await records.record([started(OLD)])

    assert (await ReadInvocation(records)("ws_ours", OLD)).outcome is None


async def test_a_call_that_nobody_finished_is_declared_unknown(records, ledger, settle):
    await records.record([started("inv_1")])

    assert await settle() == 1

    [settled] = ledger.published.values()
    assert (settled.outcome, settled.code) == (Outcome.UNKNOWN, "execution.interrupted")
    assert (settled.invocation_id, settled.workspace_id) == ("inv_1", "ws_ours")
    assert settled.arguments_hash == "hash"


async def test_several_replicas_declare_it_once(records, ledger, settle):
    await records.record([started("inv_1")])

    await asyncio.gather(settle(), settle(), settle())

    assert len(ledger.published) == 1


async def test_what_is_finished_or_still_young_is_left_alone(records, ledger, settle):
    await records.record([started("inv_1"), finished("inv_1"), started("inv_2", minutes=9)])

    assert await settle() == 0
    assert ledger.published == {}
