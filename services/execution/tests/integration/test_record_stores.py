"""One suite for the audit trail: what holds in memory holds in MongoDB."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from contracts.facts import CoercedArgument, Outcome
from contracts.ids import least_id
from contracts.principal import Via
from execution_service.adapters.mongo_records import MongoRecords
from execution_service.domain.arguments.change import Coercion
from execution_service.domain.invocation import CountedCalls, WantedRecords
from kit.documents import SETTLED
from kit.outbox import Outbox
from kit.testing import RecordedFacts
from services.execution.tests.facts import NOON, finished, started
from services.execution.tests.fakes import MemoryRecords

LONG_AFTER = NOON + timedelta(hours=1)


@pytest.fixture
def memory():
    return MemoryRecords()


@pytest.fixture
async def mongodb(database):
    return await made(database)


@pytest.fixture
async def mongodb_by_time(database):
    return await made(database, pages_by_time=True)


async def made(database, **settings):
    outbox = Outbox("execution", RecordedFacts())
    records = MongoRecords(database, outbox, timedelta(days=365), **settings)
    for collection in records.collections:
        await collection.ensure_indexes()
    return records


@pytest.fixture(
    params=[
        "memory",
        pytest.param("mongodb", marks=pytest.mark.integration),
        pytest.param("mongodb_by_time", marks=pytest.mark.integration),
    ]
)
def records(request):
    return request.getfixturevalue(request.param)


async def test_a_finished_call_is_found_as_it_was_published_in_its_own_workspace_only(records):
    coerced = (CoercedArgument(pointer="/id", change="text_to_integer"),)
    await records.record([finished("inv_1", duration_ms=1.5, masked=3, coerced=coerced)])

    record = await records.find("ws_ours", "inv_1")

    assert (record.outcome, record.code, record.status) == (Outcome.SUCCEEDED, "ok", 200)
    assert (record.duration_ms, record.response_bytes, record.masked) == (1.5, 2, 3)
    assert record.coerced == (Coercion("/id", "text_to_integer"),)
    assert record.at == NOON + timedelta(minutes=1)
    assert await records.find("ws_theirs", "inv_1") is None
    assert await records.page("ws_theirs", 10, None) == []


async def test_a_record_says_how_its_member_came(records):
    by_session = {"via": Via.SESSION}
    await records.record([started("inv_1", **by_session), started("inv_2", **by_session)])
    await records.record([finished("inv_1", **by_session), finished("inv_3")])

    found = {each.id: each.via for each in await records.page("ws_ours", 10, None)}

    assert found == {"inv_1": Via.SESSION, "inv_2": Via.SESSION, "inv_3": Via.TOKEN}


async def test_a_call_that_only_started_has_no_outcome_yet(records):
    await records.record([started("inv_1")])

    record = await records.find("ws_ours", "inv_1")

    assert (record.outcome, record.code, record.status) == (None, "started", None)


FACTS = (
    started("inv_1"),
    finished("inv_1", Outcome.UNKNOWN, code="execution.interrupted", status=None),
    finished("inv_1"),
)


@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
@pytest.mark.parametrize("together", [True, False], ids=["one batch", "one by one"])
async def test_f18_the_known_outcome_wins_in_whatever_order_facts_come(records, order, together):
    facts = [FACTS[n] for n in order]
    for batch in [facts] if together else [[fact] for fact in facts]:
        await records.record(batch)

    record = await records.find("ws_ours", "inv_1")

    assert (record.outcome, record.code) == (Outcome.SUCCEEDED, "ok")


async def test_a_batch_that_comes_again_changes_nothing(records):
    batch = [started("inv_1"), finished("inv_1"), started("inv_2")]
    for _ in range(3):
        await records.record(batch)

    found = await records.page("ws_ours", 10, None)

    assert [(each.id, each.outcome) for each in found] == [
        ("inv_2", None),
        ("inv_1", Outcome.SUCCEEDED),
    ]


async def test_a_known_outcome_is_never_replaced(records):
    await records.record([finished("inv_1")])
    await records.record([finished("inv_1", Outcome.FAILED, code="egress.timed_out")])

    assert (await records.find("ws_ours", "inv_1")).outcome is Outcome.SUCCEEDED


async def test_pages_are_newest_first(records):
    await records.record([finished(f"inv_{n}") for n in range(5)])

    first = await records.page("ws_ours", 2, None)
    rest = await records.page("ws_ours", 10, first[1].id)

    assert [each.id for each in first] == ["inv_4", "inv_3", "inv_2"]
    assert [each.id for each in rest] == ["inv_2", "inv_1", "inv_0"]


async def test_pages_of_one_member_hold_their_calls_only_and_all_of_them(records):
    ids = [least_id("inv", NOON - timedelta(hours=n)) for n in range(6)]
    made_by = dict(zip(ids, ["mem_1", "mem_2"] * 3, strict=True))
    facts = [finished(id_).model_copy(update={"member_id": made_by[id_]}) for id_ in ids]
    await records.record([*facts, finished("inv_theirs", workspace_id="ws_theirs")])

    first = await records.page("ws_ours", 1, None, WantedRecords(member_id="mem_1"))
    rest = await records.page("ws_ours", 10, first[0].id, WantedRecords(member_id="mem_1"))

    assert [each.id for each in (first[0], *rest)] == ids[::2]
    assert await records.page("ws_ours", 10, None, WantedRecords(member_id="mem_3")) == []


async def test_pages_are_complete_however_far_apart_calls_were_made(records):
    ages = [timedelta(0), timedelta(minutes=5), timedelta(hours=1), timedelta(days=300)]
    ids = [least_id("inv", NOON - age) for age in ages]
    await records.record([finished(id_) for id_ in ids])

    pages = [await records.page("ws_ours", 1, None)]
    while len(pages[-1]) > 1:
        pages.append(await records.page("ws_ours", 1, pages[-1][0].id))

    assert [page[0].id for page in pages] == ids


@pytest.mark.parametrize("theirs", ["ws_theirs", None])
async def test_a_record_names_the_workspace_of_the_gpt(records, theirs):
    """Facts of earlier releases do not: then it is the caller's own."""
    await records.record([finished("inv_1", gpt_workspace_id=theirs)])

    record = await records.find("ws_ours", "inv_1")

    assert (record.workspace_id, record.gpt_workspace_id) == ("ws_ours", theirs or "ws_ours")


async def test_orphans_are_what_started_before_and_never_finished_in_any_workspace(records):
    await records.record(
        [
            started("inv_1"),
            started("inv_2", workspace_id="ws_theirs"),
            started("inv_3"),
            finished("inv_3"),
            started("inv_4", minutes=30),
        ]
    )

    orphans = await records.orphans(NOON + timedelta(minutes=5), 10)

    assert sorted(each.id for each in orphans) == ["inv_1", "inv_2"]
    assert len(await records.orphans(LONG_AFTER, 1)) == 1


@pytest.mark.integration
async def test_an_unreadable_record_is_not_in_the_way_of_other_orphans(database):
    records = await made(database)
    await records.record([started("inv_1", minutes=0), started("inv_2", minutes=1)])
    await database["invocations"].update_one({"_id": "inv_1"}, {"$unset": {"state.gpt_id": ""}})

    assert [each.id for each in await records.orphans(LONG_AFTER, 1)] == ["inv_2"]


class Watched:
    """A collection, and the filters by which documents were found in it."""

    def __init__(self, collection):
        self._collection = collection
        self.filters = []

    def __getattr__(self, name):
        return getattr(self._collection, name)

    def find(self, wanted, *more):
        self.filters.append(wanted)
        return self._collection.find(wanted, *more)

    async def count_documents(self, wanted, **options):
        self.filters.append(wanted)
        return await self._collection.count_documents(wanted, **options)

    def matched(self, ids):
        """How many of these ids the filters let in together, whatever their limits."""
        spans = [wanted["_id"] for wanted in self.filters]
        return sum(
            span.get("$gte", "") <= id_ < span.get("$lt", "~") for span in spans for id_ in ids
        )


@pytest.mark.integration
@pytest.mark.timeout(120)
async def test_a13_a_page_by_time_reads_few_records_that_it_does_not_show(database):
    """After two minutes without calls, of ten with a call every five seconds."""
    watched = Watched(database.invocations)
    records = await made({"invocations": watched}, pages_by_time=True)
    now = datetime.now(UTC)
    ids = [least_id("inv", now - timedelta(minutes=2, seconds=5 * n)) for n in range(120)]
    await records.record([finished(id_) for id_ in ids])

    page = await records.page("ws_ours", 20, None)

    assert [each.id for each in page] == ids[:21]
    assert 21 <= watched.matched(ids) < 60


@pytest.mark.integration
async def test_a13_a_database_with_useful_indexes_reads_a_page_at_once(database):
    watched = Watched(database.invocations)
    records = await made({"invocations": watched})

    await records.page("ws_ours", 20, None)

    assert len(watched.filters) == 1


@pytest.mark.integration
async def test_a13_a_page_by_time_of_no_records_takes_few_queries(database):
    watched = Watched(database.invocations)
    records = await made({"invocations": watched}, pages_by_time=True)

    assert await records.page("ws_ours", 20, None) == []
    assert len(watched.filters) <= 26


@pytest.mark.integration
@pytest.mark.parametrize("expiring", [True, False])
async def test_an_index_of_tombstones_which_records_never_have_is_dropped(database, expiring):
    records = await made(database)
    trail = database["invocations"]
    earlier = SETTLED if expiring else SETTLED.dated
    await trail.create_indexes([earlier.model()])

    for collection in records.collections:
        await collection.ensure_indexes(expiring=expiring)

    assert [key async for key in trail.list_indexes() if "settled" in key["key"]] == []


async def test_t9_records_are_listed_by_each_member_alone_and_together(records):
    about = {"host": ("a.example", "b.example"), "operation": ("getPet", "addPet")}
    for number in range(8):
        gpt_id, member_id = f"gpt_{number % 2}", f"mem_{number % 3}"
        outcome = Outcome.FAILED if number in (2, 5) else Outcome.SUCCEEDED
        more = {name: values[number // 4] for name, values in about.items()}
        fact = finished(f"inv_{number + 1}", outcome, gpt_id=gpt_id, member_id=member_id, **more)
        await records.record([fact])

    async def found(limit=10, after=None, **wanted):
        page = await records.page("ws_ours", limit, after, WantedRecords(**wanted))
        return [int(each.id.removeprefix("inv_")) - 1 for each in page]

    assert await found(gpt_id="gpt_1") == [7, 5, 3, 1]
    assert await found(outcome=Outcome.FAILED) == [5, 2]
    assert await found(host="a.example") == [3, 2, 1, 0]
    assert await found(operation="addPet") == [7, 6, 5, 4]
    assert await found(member_id="mem_2", outcome=Outcome.FAILED, gpt_id="gpt_1") == [5]
    assert await found(gpt_id="gpt_1", host="b.example") == [7, 5]
    assert await found(1, "inv_8", gpt_id="gpt_1") == [5, 3]
    assert await found(gpt_id="gpt_9") == []


@pytest.mark.parametrize("age", [timedelta(minutes=5), timedelta(days=40)], ids=["new", "old"])
async def test_t9_records_are_listed_by_when_the_calls_were_asked_for(records, age):
    newest = datetime.now(UTC).replace(microsecond=0) - age
    times = [newest - timedelta(hours=each) for each in range(5)]
    ids = [least_id("inv", at) for at in times]
    for id_ in ids:
        await records.record([finished(id_)])

    async def found(**wanted):
        page = await records.page("ws_ours", 10, None, WantedRecords(**wanted))
        return [ids.index(each.id) for each in page]

    assert await found(since=times[2]) == [0, 1, 2]
    assert await found(before=times[2]) == [3, 4]
    assert await found(since=times[3], before=times[0]) == [1, 2, 3]
    assert await found(since=times[0], before=times[0]) == []
    paged = await records.page("ws_ours", 1, ids[1], WantedRecords(since=times[3]))
    assert [ids.index(each.id) for each in paged] == [2, 3]


def week(gpt_id, member_id=None):
    return CountedCalls(gpt_id, NOON - timedelta(days=7), NOON, member_id)


async def test_issue_11_calls_of_a_gpt_are_counted_from_the_first_moment_up_to_the_last(records):
    ages = [timedelta(0), timedelta(seconds=1), timedelta(hours=2), timedelta(days=7)]
    too_old = timedelta(days=7, milliseconds=1)
    for age in (*ages, too_old):
        id_ = least_id("inv", NOON - age)
        await records.record([finished(id_, member_id="mem_1" if age < ages[2] else "mem_2")])
    await records.record([started(least_id("inv", NOON - timedelta(days=1)), gpt_id="gpt_2")])
    theirs = finished(least_id("inv", NOON - timedelta(days=2)), workspace_id="ws_theirs")
    await records.record([theirs])

    async def counted(*of, workspace_id="ws_ours", most=10):
        return await records.count(workspace_id, week(*of), most)

    assert await counted("gpt_1") == 3
    assert await counted("gpt_1", "mem_1") == 1
    assert await counted("gpt_1", "mem_2") == 2
    assert await counted("gpt_1", "mem_3") == 0
    assert await counted("gpt_2") == 1
    assert await counted("gpt_9") == 0
    assert await counted("gpt_1", workspace_id="ws_theirs") == 1
    assert [await counted("gpt_1", most=most) for most in (1, 2, 3, 4)] == [1, 2, 3, 3]


@pytest.mark.integration
async def test_a13_a_count_by_time_looks_at_few_calls_beyond_those_that_it_counts(database):
    """One call a second for ten minutes; a minute is the first span."""
    watched = Watched(database.invocations)
    records = await made({"invocations": watched}, pages_by_time=True)
    ids = [least_id("inv", NOON - timedelta(seconds=n + 1)) for n in range(600)]
    await records.record([finished(id_) for id_ in ids])

    assert await records.count("ws_ours", week("gpt_1"), 60) == 60
    assert watched.matched(ids) == 60

    assert await records.count("ws_ours", week("gpt_2"), 60) == 0
    assert len(watched.filters) == 1 + 4


@pytest.mark.integration
async def test_a13_a_database_with_useful_indexes_counts_at_once(database):
    watched = Watched(database.invocations)
    records = await made({"invocations": watched})

    await records.count("ws_ours", week("gpt_1", "mem_1"), 60)

    assert len(watched.filters) == 1
