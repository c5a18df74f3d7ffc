"""What a collection offers beyond single documents: other releases' states, batches, fences."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from kit.across_workspaces import Record
from kit.codec import Codec
from kit.documents import ChangedMeanwhile
from kit.errors import DatabaseRefused
from kit.mongo import Taken
from kit.outbox import Outbox
from shared.kit.tests.kit_fakes import Publisher, domains_changed
from shared.kit.tests.kit_things import OURS, THEIRS, Thing, things_of

pytestmark = pytest.mark.integration

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def outbox():
    return Outbox("policy", Publisher())


@pytest.fixture
async def things(database, outbox):
    things = things_of(database, outbox, unique=(), listed_by=("kind", "name"))
    await things.ensure_indexes()
    return things


@pytest.fixture
def ours(things):
    return things.within(OURS)


@dataclass(frozen=True)
class NewerThing:
    title: object
    colour: str = "grey"


def renamed(state):
    return {**state, "title": state["name"]}


async def test_b8_a_document_without_a_version_is_of_the_first(ours, database):
    document = {"_id": "thing_1", "workspace_id": OURS, "revision": 1, "state": {"name": "a"}}
    await database["things"].insert_one(document)

    assert (await ours.read("thing_1")).state == Thing("a")


async def test_b8_releases_take_turns_on_one_document_and_lose_nothing(database, outbox, ours):
    codec = Codec(NewerThing, upcasters=(renamed,))
    newer = things_of(database, outbox, codec=codec, unique=()).within(OURS)
    await ours.add("thing_1", Thing("a"))

    read = await newer.read("thing_1")
    await newer.change(read, NewerThing("a", "red"))
    back = await ours.read("thing_1")
    await ours.change(back, Thing("b"), domains_changed())

    assert back.state == Thing("a")
    assert (await newer.read("thing_1")).state == NewerThing("b", "red")


@dataclass(frozen=True)
class Part:
    name: str


@dataclass(frozen=True)
class NewerPart:
    name: str
    colour: str = "grey"


@dataclass(frozen=True)
class Whole:
    part: Part
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class NewerWhole:
    part: NewerPart
    parts: tuple[NewerPart, ...] = ()


async def test_b8_an_older_releases_edit_keeps_what_a_newer_one_added_within_objects(
    database, outbox
):
    newer = things_of(database, outbox, codec=Codec(NewerWhole), unique=()).within(OURS)
    older = things_of(database, outbox, codec=Codec(Whole), unique=()).within(OURS)
    parts = (NewerPart("b", "blue"), NewerPart("c", "green"))
    await newer.add("thing_1", NewerWhole(NewerPart("a", "red"), parts))
    seen = await older.read("thing_1")

    await older.change(seen, Whole(Part("edited"), (Part("c"), Part("b"))), domains_changed())

    assert (await newer.read("thing_1")).state == NewerWhole(
        NewerPart("edited", "red"), (NewerPart("c", "green"), NewerPart("b", "blue"))
    )
    with pytest.raises(ChangedMeanwhile):
        await older.change(seen, Whole(Part("late")))


@dataclass(frozen=True)
class RenamedWhole:
    piece: Part


def renamed_part(state):
    return {"piece": state["part"]}


async def test_b8_an_edit_of_an_older_versions_objects_begins_with_its_upcaster(database, outbox):
    codec = Codec(RenamedWhole, upcasters=(renamed_part,), dropped=("part",))
    newer = things_of(database, outbox, codec=codec, unique=()).within(OURS)
    older = things_of(database, outbox, codec=Codec(NewerWhole), unique=()).within(OURS)
    await older.add("thing_1", NewerWhole(NewerPart("a", "red")))

    await newer.change(await newer.read("thing_1"), RenamedWhole(Part("b")))

    stored = await database["things"].find_one({"_id": "thing_1"})
    assert (stored["v"], stored["state"]["piece"]) == (2, {"name": "b", "colour": "red"})


async def test_b8_an_edit_of_a_document_without_a_version_begins_with_the_first(database, outbox):
    codec = Codec(RenamedWhole, upcasters=(renamed_part,), dropped=("part",))
    newer = things_of(database, outbox, codec=codec, unique=()).within(OURS)
    part = {"name": "a", "colour": "red"}
    document = {"_id": "thing_1", "workspace_id": OURS, "revision": 1, "state": {"part": part}}
    await database["things"].insert_one(document)

    await newer.change(await newer.read("thing_1"), RenamedWhole(Part("b")))

    stored = await database["things"].find_one({"_id": "thing_1"})
    assert stored["state"]["piece"] == {"name": "b", "colour": "red"}


async def test_a_list_asks_only_for_members_that_have_an_index(ours):
    with pytest.raises(ValueError, match="no index by at"):
        await ours.page(1, None, at=NOON)
    with pytest.raises(ValueError, match="no index by at"):
        await ours.find_by(at=NOON)


async def test_what_belongs_to_others_is_neither_put_touched_swapped_nor_deleted(things, ours):
    await ours.add("thing_1", Thing("a", NOON, "open"))
    theirs = things.within(THEIRS)

    with pytest.raises(Taken):
        await theirs.put("thing_1", Thing("stolen"))
    await theirs.touch("thing_1", "at", NOON + MINUTE, older_by=MINUTE)
    assert not await theirs.swap("thing_1", {"name": "a"}, {"name": "stolen"})
    assert not await theirs.delete("thing_1")
    assert await theirs.delete_by(kind="open") == 0
    record = Record("thing_1", THEIRS, Thing("stolen"), {"name": ["a"]})
    await things.across_workspaces.record([record])

    assert (await ours.read("thing_1")).state == Thing("a", NOON, "open")
    assert (await ours.count(), await theirs.count()) == (1, 0)


async def test_what_was_changed_since_it_was_seen_is_not_deleted(things, ours):
    seen = await ours.add("thing_1", Thing("a"))
    changed = await ours.change(seen, Thing("b"))

    assert not await ours.delete_seen(seen)
    assert not await things.within(THEIRS).delete_seen(changed)
    assert await ours.delete_seen(changed)
    assert not await ours.delete_seen(changed)


async def test_deleting_by_nothing_is_a_mistake(ours):
    with pytest.raises(ValueError, match="Say which"):
        await ours.delete_by()


async def test_what_is_put_twice_is_there_once_as_the_second(ours):
    for name in ("a", "b"):
        await ours.put("thing_1", Thing(name))

    assert [thing.state async for thing in ours.each()] == [Thing("b")]


async def test_a_batch_writes_the_new_and_replaces_what_gives_way(things, ours):
    await ours.add("thing_1", Thing("open"))
    await ours.add("thing_2", Thing("closed"))
    records = [
        Record(f"thing_{number}", OURS, Thing("known"), {"name": ["open"]}) for number in (1, 2, 3)
    ]

    for _ in range(2):
        await things.across_workspaces.record(records)

    assert [thing.state.name async for thing in ours.each()] == ["known", "closed", "known"]


async def test_a_batch_with_a_document_that_is_refused_says_why(database, things):
    rule = {"$jsonSchema": {"properties": {"state": {"properties": {"name": {"enum": ["a"]}}}}}}
    await database.command({"collMod": "things", "validator": rule})
    records = [Record(f"thing_{name}", OURS, Thing(name)) for name in ("a", "b")]

    with pytest.raises(DatabaseRefused) as refused:
        await things.across_workspaces.record(records)

    assert refused.value.code == 121
    assert refused.value.about_the_document


async def test_a_holder_whose_lease_another_has_changes_nothing_any_more(things):
    late, next_one = things.within(OURS, fence=1), things.within(OURS, fence=2)
    seen = await late.add("thing_1", Thing("a"))
    seen = await next_one.change(seen, Thing("b"))

    with pytest.raises(ChangedMeanwhile):
        await late.change(seen, Thing("late"))
    with pytest.raises(ChangedMeanwhile):
        await late.remove(seen)
    assert not await late.delete("thing_1")
    assert not await late.delete_seen(seen)
    assert not await late.swap("thing_1", {"name": "b"}, {"name": "late"})
    assert await late.delete_by(name="b") == 0

    assert (await next_one.read("thing_1")).state == Thing("b")
    assert await next_one.delete("thing_1")


async def test_a_later_holders_swap_refuses_earlier_ones_from_then_on(things):
    late, next_one = things.within(OURS, fence=1), things.within(OURS, fence=2)
    seen = await late.add("thing_1", Thing("a"))

    assert await next_one.swap("thing_1", {"name": "a"}, {"name": "b"})

    with pytest.raises(ChangedMeanwhile):
        await late.change(seen, Thing("late"))
    assert not await late.swap("thing_1", {"name": "b"}, {"name": "late"})


async def test_an_id_that_a_later_holder_removed_is_not_used_again_by_an_earlier_one(
    database, outbox
):
    reused = things_of(database, outbox, reuses_ids=True)
    late, next_one = reused.within(OURS, fence=1), reused.within(OURS, fence=2)
    await next_one.remove(await next_one.add("thing_1", Thing("a")))

    with pytest.raises(Taken):
        await late.add("thing_1", Thing("late"))

    assert (await next_one.add("thing_1", Thing("b"))).revision == 3


@pytest.mark.parametrize("fence", [None, 2])
async def test_what_has_these_members_is_deleted_and_nothing_else(things, ours, fence):
    for number, kind in enumerate(("open", "open", "closed")):
        await things.within(OURS, fence=1).add(f"thing_{number}", Thing("a", kind=kind))

    assert await things.within(OURS, fence=fence).delete_by(kind="open") == 2

    assert [thing.id async for thing in ours.each()] == ["thing_2"]


async def test_a_kind_of_change_that_records_no_fence_is_refused_with_one(things):
    fenced = things.within(OURS, fence=1)

    for change in (
        fenced.put("thing_1", Thing("a")),
        fenced.touch("thing_1", "at", NOON, older_by=MINUTE),
        fenced.mark_removed("thing_1"),
    ):
        with pytest.raises(ValueError, match="checks no fence"):
            await change


async def test_a_batch_that_another_documents_unique_member_refuses_says_so(database, outbox):
    things = things_of(database, outbox, name="unique")
    await things.ensure_indexes()
    await things.within(OURS).add("thing_1", Thing("taken"))
    known = Record("thing_1", OURS, Thing("taken", NOON), {"name": ["taken"]})
    await things.across_workspaces.record([known])
    records = [Record("thing_2", OURS, Thing("taken"), {"name": ["taken"]})]

    with pytest.raises(DatabaseRefused) as refused:
        await things.across_workspaces.record(records)

    assert refused.value.code == 11_000
    assert (await things.within(OURS).read("thing_1")).state == known.state


@dataclass(frozen=True)
class NumberedThing:
    name: object
    made_by: int = 1


async def test_background_work_finds_what_a_lower_number_has_or_none_in_the_order_of_ids(
    database, outbox, ours
):
    codec, swept = Codec(NumberedThing), ("made_by",)
    numbered = things_of(database, outbox, codec=codec, unique=(), swept_below=swept)
    await numbered.ensure_indexes()
    await ours.add("thing_1", Thing("of an earlier release"))
    await numbered.within(THEIRS).add("thing_2", NumberedThing("b", 2))
    await numbered.within(OURS).add("thing_3", NumberedThing("c", 3))
    gone = await numbered.within(OURS).add("thing_4", NumberedThing("d", 1))
    await numbered.within(OURS).remove(gone)
    below = numbered.across_workspaces.below

    assert await below("made_by", 3, after="", limit=9) == [(OURS, "thing_1"), (THEIRS, "thing_2")]
    assert await below("made_by", 3, after="", limit=1) == [(OURS, "thing_1")]
    assert await below("made_by", 3, after="thing_1", limit=9) == [(THEIRS, "thing_2")]
    assert await below("made_by", 2, after="", limit=9) == [(OURS, "thing_1")]
    assert await below("made_by", 1, after="", limit=9) == []
