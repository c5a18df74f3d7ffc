"""Reading the audit trail, and settling what a dead replica left open."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from ulid import ULID

from contracts.facts import Outcome
from contracts.ids import new_id
from contracts.principal import Role
from execution_service.domain.errors import InvocationNotFound
from execution_service.domain.invocation import EVERY_RECORD, WantedRecords, interrupted
from execution_service.domain.stored_call import Refusal, State
from execution_service.entrypoints.capacity import WAITS
from execution_service.entrypoints.views import CallCountsView
from execution_service.usecases.count_invocations import CountInvocations
from execution_service.usecases.list_invocations import ListInvocations
from execution_service.usecases.read_invocation import ReadInvocation
from execution_service.usecases.settle_orphans import SettleOrphans
from kit.shares import FairShares
from kit.testing import FrozenClock, RecordedFacts
from services.execution.tests.facts import NOON, finished, started
from services.execution.tests.fakes import MemoryRecords, principal
from services.execution.tests.stored import MemoryStoredCalls, MemoryWakeUps, stored_call

OURS = principal("mem_1", workspace_id="ws_ours")
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


@pytest.fixture
def waits():
    return FairShares("test", WAITS, capacity=4)


@pytest.fixture
def read(records, waits):
    return partial(reading_of(records, waits), OURS)


def reading_of(records, waits, calls=None, **settings):
    calls = calls or MemoryStoredCalls()
    return ReadInvocation(records, calls, MemoryWakeUps(), waits, **settings)


async def answered_at_once(reading):
    """The answer, which must need no more than the looks that are there."""
    task = asyncio.ensure_future(reading)
    for _ in range(5):
        await asyncio.sleep(0)
    assert task.done()
    return task


async def test_a_call_that_is_on_record_is_read(records, read):
    await records.record([finished(OLD)])

    assert (await read(OLD)).record.outcome is Outcome.SUCCEEDED


@pytest.mark.parametrize(
    "id_", [OLD, "inv_", "", "gpt_1", "inv_é", "inv_" + "é" * 26, "inv_" + "Z" * 26, "inv_\x00"]
)
@pytest.mark.parametrize("wait_seconds", [None, 10])
async def test_b14_what_is_old_or_none_of_ours_is_unknown_at_once(read, id_, wait_seconds):
    reading = await answered_at_once(read(id_, wait_seconds))

    assert isinstance(reading.exception(), InvocationNotFound)
    assert reading.exception().retry_after_seconds is None


async def test_b14_a_fresh_unknown_call_is_answered_at_once_with_when_to_ask_again(read):
    reading = await answered_at_once(read(new_id("inv")))

    assert isinstance(reading.exception(), InvocationNotFound)
    assert reading.exception().retry_after_seconds == 1


async def test_b14_an_id_of_the_future_is_none_of_ours(read):
    tomorrow = ULID.from_datetime(datetime.now(UTC) + timedelta(days=1))

    reading = await answered_at_once(read(f"inv_{tomorrow}", 10))

    assert reading.exception().retry_after_seconds is None


async def test_b14_a_fresh_call_is_waited_for_where_that_is_preferred(records, read, waits):
    fresh = new_id("inv")
    reading = asyncio.ensure_future(read(fresh, 10))
    await asyncio.sleep(0)
    assert (reading.done(), waits.in_use) == (False, 1)

    await records.record([finished(fresh)])

    assert (await reading).record.id == fresh
    assert waits.in_use == 0


async def test_b14_a_wait_looks_again_after_growing_pauses(read, records):
    with pytest.raises(InvocationNotFound):
        await read(new_id("inv"), 0.9)

    assert records.looks == 1 + 4  # at once, then after 0.1, 0.3, 0.7 and 0.9 s


async def test_b14_nobody_waits_longer_than_the_most_whatever_is_preferred(records, waits):
    read = reading_of(records, waits, max_wait_seconds=0.3)

    with pytest.raises(InvocationNotFound):
        await asyncio.wait_for(read(OURS, new_id("inv"), 999_999_999), 10)

    assert records.looks == 1 + 2  # at once, then after 0.1 and 0.3 s
    assert reading_of(records, waits).max_wait_seconds == 10  # as the documentation says


async def test_b14_who_has_its_share_of_waits_is_answered_at_once(read, waits):
    waiting = [asyncio.ensure_future(read(new_id("inv"), 10)) for _ in range(2)]
    await asyncio.sleep(0)

    refused = await answered_at_once(read(new_id("inv"), 10))

    assert isinstance(refused.exception(), InvocationNotFound)
    assert refused.exception().retry_after_seconds == 1
    assert waits.has_room("ws_theirs")
    for each in waiting:
        each.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert waits.in_use == 0


async def test_a_foreign_call_is_as_unknown_as_any(records, read):
    await records.record([finished(OLD, workspace_id="ws_theirs")])

    with pytest.raises(InvocationNotFound):
        await read(OLD)


async def test_b14_a_call_under_way_is_shown_as_such_at_once(records, read):
    await records.record([started(OLD)])

    assert (await answered_at_once(read(OLD))).result().record.outcome is None


async def test_a_call_under_way_is_waited_for_where_that_is_preferred(records, read):
    await records.record([started(OLD)])
    reading = asyncio.ensure_future(read(OLD, 10))
    await asyncio.sleep(0)

    await records.record([finished(OLD)])

    assert (await reading).record.outcome is Outcome.SUCCEEDED


async def test_a_call_that_nobody_finished_is_declared_unknown(records, ledger, settle):
    await records.record([started("inv_1", gpt_workspace_id="ws_theirs")])

    assert await settle() == 1

    [settled] = ledger.published.values()
    assert (settled.outcome, settled.code) == (Outcome.UNKNOWN, "execution.interrupted")
    assert (settled.invocation_id, settled.workspace_id) == ("inv_1", "ws_ours")
    assert settled.gpt_workspace_id == "ws_theirs"
    assert settled.arguments_hash == "hash"


async def test_several_replicas_declare_it_once(records, ledger, settle):
    await records.record([started("inv_1")])

    await asyncio.gather(settle(), settle(), settle())

    assert len(ledger.published) == 1


async def test_what_is_finished_or_still_young_is_left_alone(records, ledger, settle):
    await records.record([started("inv_1"), finished("inv_1"), started("inv_2", minutes=9)])

    assert await settle() == 0
    assert ledger.published == {}


@pytest.mark.parametrize(
    ("member_id", "role", "sees"),
    [
        ("mem_1", "user", True),
        ("mem_2", "user", False),
        ("mem_2", "builder", False),
        ("mem_2", "admin", True),
        ("mem_2", "owner", True),
    ],
)
async def test_b2_members_see_their_own_calls_and_admins_the_workspaces(
    records, waits, member_id, role, sees
):
    await records.record([finished(OLD)])
    who = principal(member_id, role, "ws_ours")

    listed = await ListInvocations(records)(who, 10, None, EVERY_RECORD)

    assert [record.id for record in listed] == ([OLD] if sees else [])
    read = reading_of(records, waits)
    if sees:
        assert (await read(who, OLD)).record.id == OLD
    else:
        with pytest.raises(InvocationNotFound):
            await read(who, OLD)


@pytest.mark.parametrize(("member_id", "sees"), [("mem_1", True), ("mem_2", False)])
async def test_b2_what_came_of_a_stored_call_is_for_its_caller_alone(
    records, waits, member_id, sees
):
    calls = MemoryStoredCalls()
    ours = partial(stored_call, OLD, workspace_id="ws_ours")
    read = partial(reading_of(records, waits, calls), principal(member_id, "admin", "ws_ours"))

    calls.kept[OLD] = ours(state=State.SENDING).ended(interrupted(OLD, "listPets"))
    assert ((await read(OLD)).result is not None) is sees

    calls.kept[OLD] = ours().refused(Refusal("argument.type", "'5' is no number.", ""))
    found = await read(OLD)
    assert (found.refusal is not None) is sees
    assert found.record.code == "argument.type"


async def test_t9_whoever_sees_their_own_calls_only_finds_no_others_by_a_filter(records):
    await records.record([finished("inv_1"), finished("inv_2", member_id="mem_2")])
    listed = ListInvocations(records)
    admin = principal("mem_admin", Role.ADMIN, "ws_ours")

    async def found(who, **wanted):
        return [each.id for each in await listed(who, 10, None, WantedRecords(**wanted))]

    assert await found(OURS) == ["inv_1"]
    assert await found(OURS, member_id="mem_2") == []
    assert await found(OURS, member_id="mem_1") == ["inv_1"]
    assert await found(admin, member_id="mem_2") == ["inv_2"]


NOW = datetime(2026, 11, 28, tzinfo=UTC)


def calls_of(count, **fields):
    """Asked for in the minutes before `NOW`."""
    return [
        finished(f"inv_{ULID.from_datetime(NOW - timedelta(seconds=n + 1))}", **fields)
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("member_id", "role", "seen"),
    [("mem_1", "user", 2), ("mem_2", "builder", 1), ("mem_3", "user", 0), ("mem_3", "admin", 3)],
)
async def test_issue_11_members_count_their_own_calls_and_admins_the_workspaces(
    records, member_id, role, seen
):
    await records.record([*calls_of(2), *calls_of(1, member_id="mem_2")])
    await records.record(calls_of(5, gpt_id="gpt_theirs", workspace_id="ws_theirs"))
    count = CountInvocations(records, lambda: NOW)

    counts = await count(
        principal(member_id, role, "ws_ours"), ["gpt_theirs", "gpt_1", "gpt_unknown", "gpt_1"]
    )

    assert counts.since == NOW - timedelta(days=7)
    assert [*counts.found.items()] == [("gpt_theirs", 0), ("gpt_1", seen), ("gpt_unknown", 0)]


@pytest.mark.parametrize(
    ("made", "calls", "more"), [(999, 999, False), (1_000, 1_000, False), (1_002, 1_000, True)]
)
async def test_issue_11_more_than_a_thousand_calls_are_not_counted(records, made, calls, more):
    await records.record(calls_of(made))

    counts = await CountInvocations(records, lambda: NOW)(OURS, ["gpt_1"])

    [item] = CallCountsView.of(counts).items
    assert (item.gpt_id, item.calls, item.more) == ("gpt_1", calls, more)
