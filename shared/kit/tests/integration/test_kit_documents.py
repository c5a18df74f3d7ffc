"""Documents on a real database: scope, revisions, and facts that commit with the state."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from contracts.ids import new_id
from kit.documents import ChangedMeanwhile
from kit.errors import NothingHere, NotInForce
from kit.mongo import Taken, Unstorable
from kit.outbox import SWEEP_BATCH, Outbox
from kit.retention import TOMBSTONE_LIFE
from shared.kit.tests.kit_fakes import Publisher, domains_changed, schema_stored
from shared.kit.tests.kit_things import OURS, THEIRS, Thing, things_of

pytestmark = pytest.mark.integration

AT_ONCE = timedelta(0)


@pytest.fixture
def publisher():
    return Publisher()


@pytest.fixture
async def things(database, publisher):
    things = things_of(database, Outbox("policy", publisher))
    await things.ensure_indexes()
    return things


@pytest.fixture
def ours(things):
    return things.within(OURS)


async def test_what_was_added_is_found_in_its_own_workspace_only(things, ours):
    added = await ours.add("thing_1", Thing("a"))

    assert await ours.read("thing_1") == added
    assert await things.within(THEIRS).find("thing_1") is None
    assert await things.within(THEIRS).page(10, None) == []
    assert await things.within(THEIRS).find_by(name="a") is None
    assert [found async for found in things.within(THEIRS).each()] == []


async def test_foreign_and_absent_are_refused_in_the_same_words(things, ours):
    await ours.add("thing_1", Thing("a"))
    refusals = []
    for id_ in ("thing_1", "thing_9"):
        with pytest.raises(NothingHere) as refused:
            await things.within(THEIRS).read(id_)
        refusals.append(str(refused.value))

    assert len(set(refusals)) == 1


async def test_nobody_changes_or_removes_what_is_foreign(things, ours):
    seen = await ours.add("thing_1", Thing("a"))

    with pytest.raises(ChangedMeanwhile):
        await things.within(THEIRS).change(seen, Thing("stolen"))
    with pytest.raises(ChangedMeanwhile):
        await things.within(THEIRS).remove(seen)

    assert await ours.read("thing_1") == seen


async def test_what_was_swapped_meanwhile_is_not_removed_where_it_was_to_be_as_seen(ours):
    seen = await ours.add("thing_1", Thing("a"))
    await ours.swap("thing_1", {"name": "a"}, {"name": "b"})

    with pytest.raises(ChangedMeanwhile):
        await ours.remove(seen, where={"name": "a"})
    assert (await ours.read("thing_1")).state == Thing("b")
    await ours.remove(seen, where={"name": "b"})

    assert await ours.find("thing_1") is None


async def test_what_was_swapped_meanwhile_is_not_changed_where_it_was_to_be_as_seen(ours):
    seen = await ours.add("thing_1", Thing("a"))
    await ours.swap("thing_1", {"name": "a"}, {"name": "b"})

    with pytest.raises(ChangedMeanwhile):
        await ours.change(seen, Thing("c"), where={"name": "a"})
    assert (await ours.read("thing_1")).state == Thing("b")

    assert (await ours.change(seen, Thing("c"), where={"name": "b"})).state == Thing("c")


async def test_of_two_changes_to_one_reading_the_second_is_refused(ours, publisher):
    seen = await ours.add("thing_1", Thing("a"))
    await ours.change(seen, Thing("b"), domains_changed(1))

    with pytest.raises(ChangedMeanwhile):
        await ours.change(seen, Thing("c"), domains_changed(2))

    assert (await ours.read("thing_1")).state == Thing("b")
    assert [fact.revision for fact in publisher.published] == [1]


async def test_f27_of_many_who_race_exactly_one_wins(ours):
    seen = await ours.add("thing_1", Thing("a"))

    changes = [ours.change(seen, Thing(f"n{n}")) for n in range(100)]
    results = await asyncio.gather(*changes, return_exceptions=True)

    assert sum(isinstance(result, ChangedMeanwhile) for result in results) == 99
    assert (await ours.read("thing_1")).revision == 2


async def test_f27_of_many_who_take_one_name_exactly_one_gets_it(ours):
    adding = [ours.add(new_id("thing"), Thing("wanted")) for _ in range(100)]

    results = await asyncio.gather(*adding, return_exceptions=True)

    assert sum(isinstance(result, Taken) for result in results) == 99


async def test_a_name_is_taken_within_its_workspace_only(things, ours):
    await ours.add("thing_1", Thing("a"))

    await things.within(THEIRS).add("thing_2", Thing("a"))

    assert (await things.within(THEIRS).find_by(name="a")).id == "thing_2"


async def test_what_is_removed_is_gone_for_readers_at_once_and_publishes_its_fact(ours, publisher):
    seen = await ours.add("thing_1", Thing("a"))

    await ours.remove(seen, domains_changed(7))

    assert await ours.find("thing_1") is None
    assert await ours.find_by(name="a") is None
    assert [fact.revision for fact in publisher.published] == [7]


async def left_behind(things):
    return [document async for document in things.left_behind(AT_ONCE)]


async def test_what_is_removed_leaves_a_tombstone_that_expires_once_its_facts_are_out(
    things, ours, publisher, database
):
    publisher.away = True
    seen = await ours.add("thing_1", Thing("a"))
    with pytest.raises(NotInForce):
        await ours.remove(seen, domains_changed())
    kept = await database["things"].find_one({"_id": "thing_1"})
    assert (kept["state"], "settled" in kept) == ({}, False)
    publisher.away = False

    await things.outbox.sweep(things, AT_ONCE)

    kept = await database["things"].find_one({"_id": "thing_1"})
    left = {"_id", "workspace_id", "revision", "v", "state", "writes", "removed", "settled"}
    assert {*kept} == left
    made = await database["things"].index_information()
    [expiry] = [index for name, index in made.items() if name.startswith("oa_settled_")]
    assert expiry["expireAfterSeconds"] == TOMBSTONE_LIFE.total_seconds()


async def test_what_is_removed_without_a_fact_expires_from_then_on(things, ours, database):
    await ours.remove(await ours.add("thing_1", Thing("a")))

    assert "settled" in await database["things"].find_one({"_id": "thing_1"})


async def test_of_many_who_take_out_their_facts_at_once_the_last_closes_what_is_removed(
    things, ours, publisher, database
):
    publisher.away = True
    facts = [schema_stored(number) for number in range(6)]
    for round_ in range(5):
        seen = await ours.add(f"thing_{round_}", Thing("a"))
        for fact in facts[:-1]:
            seen = await ours.change(seen, Thing("a"), fact)
        await ours.remove(seen, facts[-1])

        each = (things.forget_facts(f"thing_{round_}", [fact.id]) for fact in facts)
        await asyncio.gather(*each)

        kept = await database["things"].find_one({"_id": f"thing_{round_}"})
        assert ("outbox" in kept, "outbox_since" in kept, "settled" in kept) == (False, False, True)


async def test_removed_things_that_wait_for_their_facts_do_not_hold_names(ours, publisher):
    publisher.away = True
    for number in (1, 2):
        seen = await ours.add(f"thing_{number}", Thing("a"))
        await ours.remove(seen, schema_stored(number))

    assert (await ours.add("thing_3", Thing("a"))).state == Thing("a")


async def test_b5_who_repeats_a_removal_succeeds_once_it_is_in_force(things, ours, publisher):
    seen = await ours.add("thing_1", Thing("a"))
    publisher.away = True
    with pytest.raises(NotInForce) as refused:
        await ours.remove(seen, domains_changed())
    with pytest.raises(NotInForce) as again:
        await ours.removed_lately("thing_1")
    assert (refused.value.revision, again.value.revision) == (None, None)
    publisher.away = False

    assert await ours.removed_lately("thing_1")

    await things.outbox.settle()
    assert await ours.removed_lately("thing_1")
    assert len(publisher.published) == 1
    assert not await ours.removed_lately("thing_9")
    assert not await things.within(THEIRS).removed_lately("thing_1")


async def test_b5_a_change_in_force_late_says_its_revision(things, ours, publisher):
    seen = await ours.add("thing_1", Thing("a"))
    publisher.away = True
    with pytest.raises(NotInForce) as refused:
        await ours.change(seen, Thing("b"), domains_changed())
    assert refused.value.revision == 2
    with pytest.raises(NotInForce):
        await ours.ensure_in_force("thing_1")
    publisher.away = False

    await ours.ensure_in_force("thing_1")

    assert len(publisher.published) == 1
    assert (await ours.read("thing_1")).revision == 2


async def test_whatever_is_pending_in_a_workspace_goes_out_also_of_what_was_removed(
    things, ours, publisher
):
    seen, kept = await ours.add("thing_1", Thing("a")), await ours.add("thing_2", Thing("b"))
    foreign = await things.within(THEIRS).add("thing_3", Thing("c"))
    publisher.away = True
    for late in (
        ours.remove(seen, domains_changed()),
        ours.change(kept, Thing("d"), domains_changed()),
        things.within(THEIRS).remove(foreign, domains_changed()),
        ours.ensure_all_in_force(),
    ):
        with pytest.raises(NotInForce):
            await late
    publisher.away = False

    await ours.ensure_all_in_force()

    assert len(publisher.published) == 2
    await things.within(THEIRS).ensure_all_in_force()
    assert len(publisher.published) == 3


async def test_an_id_is_not_used_again_unless_its_collection_says_so(things, ours, database):
    await ours.remove(await ours.add("thing_1", Thing("a")))
    reused = things_of(database, things.outbox, name="reused", reuses_ids=True)
    within = reused.within(OURS)
    await within.remove(await within.add("thing_1", Thing("a")))

    with pytest.raises(Taken):
        await ours.add("thing_1", Thing("b"))
    with pytest.raises(Taken):
        await reused.within(THEIRS).add("thing_1", Thing("b"))
    again = await within.add("thing_1", Thing("b"))

    assert again.revision == 3
    assert await within.read("thing_1") == again
    with pytest.raises(Taken):
        await within.add("thing_1", Thing("c"))


async def test_what_is_buried_cannot_be_added(ours):
    for _ in range(2):
        await ours.mark_removed("thing_1")

    with pytest.raises(Taken):
        await ours.add("thing_1", Thing("a"))
    assert await ours.find("thing_1") is None
    await ours.add("thing_2", Thing("a"))
    with pytest.raises(Taken):
        await ours.mark_removed("thing_2")


async def test_values_that_look_like_operators_are_kept_as_they_are(ours):
    odd = {"name": "$name", "list": ["$a", {"$set": "$$NOW"}], "$literal": {"a.b": 1}}

    added = await ours.add("thing_1", Thing(odd))

    assert (await ours.read("thing_1")).state == Thing(odd)
    await ours.change(added, Thing("$$REMOVE"))
    assert (await ours.read("thing_1")).state == Thing("$$REMOVE")


async def test_f25_a_crash_between_write_and_publish_publishes_the_fact_later_once(
    things, ours, publisher
):
    publisher.away = True  # as if the process died right after the write
    fact = schema_stored()
    await ours.add("thing_1", Thing("a"), fact)
    publisher.away = False

    swept = [await things.outbox.sweep(things, AT_ONCE) for _ in range(2)]

    assert swept == [1, 0]
    assert publisher.ids == [fact.id]


async def test_a_fact_that_joined_meanwhile_is_not_cleared_with_the_others(things, ours, publisher):
    publisher.away = True
    first, second = schema_stored(1), schema_stored(2)
    seen = await ours.add("thing_1", Thing("a"), first)
    await ours.change(seen, Thing("b"), second)

    await things.forget_facts("thing_1", [first.id])

    [left] = await left_behind(things)
    assert [fact["id"] for fact in left["outbox"]] == [second.id]


async def test_b4_a_sweep_reads_every_outbox_and_no_state_the_oldest_first(things, ours, publisher):
    publisher.away = True
    for number in reversed(range(SWEEP_BATCH + 20)):
        await ours.add(f"thing_{number:03}", Thing(str(number)), schema_stored(number))

    left = await left_behind(things)

    assert [document["_id"] for document in left] == [
        f"thing_{number:03}" for number in reversed(range(SWEEP_BATCH + 20))
    ]
    assert {*left[0]} == {"_id", "outbox", "outbox_since"}


async def test_b19_a_document_that_changes_all_the_time_is_swept_by_its_oldest_fact(
    things, ours, publisher
):
    publisher.away = True
    seen = await ours.add("thing_1", Thing("a"), schema_stored(1))
    [before] = await left_behind(things)
    for revision in (2, 3):
        seen = await ours.change(seen, Thing("a"), schema_stored(revision))

    [left] = await left_behind(things)
    assert left["outbox_since"] == before["outbox_since"]
    assert [one async for one in things.left_behind(timedelta(minutes=1))] == []


async def test_an_outbox_that_an_earlier_release_left_empty_is_closed_by_the_sweep(
    things, ours, database
):
    await ours.add("thing_1", Thing("a"))
    emptied = {"outbox": [], "outbox_since": datetime.now(UTC), "removed": datetime.now(UTC)}
    await database["things"].update_one({"_id": "thing_1"}, {"$set": emptied})

    assert await things.outbox.sweep(things, AT_ONCE) == 0

    assert await left_behind(things) == []
    assert "settled" in await database["things"].find_one({"_id": "thing_1"})


async def test_facts_cleared_twice_are_no_trouble(things, ours):
    fact = domains_changed()
    await ours.add("thing_1", Thing("a"), fact)

    await things.forget_facts("thing_1", [fact.id])

    assert (await ours.read("thing_1")).state == Thing("a")


async def test_pages_are_newest_first_and_never_shift(ours):
    for number in range(5):
        await ours.add(f"thing_{number}", Thing(str(number)))
    first = await ours.page(2, None)
    await ours.add("thing_9", Thing("newer"))

    second = await ours.page(2, first[1].id)

    assert [found.id for found in first] == ["thing_4", "thing_3", "thing_2"]
    assert [found.id for found in second] == ["thing_2", "thing_1", "thing_0"]


@pytest.mark.parametrize(
    "value",
    ["\ud800", 2**70, "a" * 17_000_000],
    ids=["lone surrogate", "beyond 64 bits", "beyond 16 MB"],
)
async def test_what_cannot_be_stored_is_the_senders_fault(ours, value):
    with pytest.raises(Unstorable):
        await ours.add("thing_1", Thing(value))


async def test_across_workspaces_leads_by_a_unique_member_only(things, ours):
    await ours.add("thing_1", Thing("a"))

    assert (await things.across_workspaces.find_by("name", "a")).workspace_id == OURS
    assert await things.across_workspaces.find_by("name", "b") is None
