"""Indexes over releases: made, adopted, replaced, and left where they are not ours."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from kit.codec import Codec
from kit.documents import SweptBy
from kit.indexes import Index, migrate
from kit.outbox import Outbox
from kit.retention import Expires
from shared.kit.tests.kit_fakes import Publisher
from shared.kit.tests.kit_things import Thing, things_of

pytestmark = pytest.mark.integration

YEAR, MONTH = timedelta(days=365), timedelta(days=30)


@pytest.fixture
def collection(database):
    return database["things"]


async def named(collection):
    return {index["name"]: dict(index) async for index in collection.list_indexes()}


def by(*members, **options):
    return Index("listed", tuple((member, 1) for member in members), **options)


async def test_an_index_is_made_once_under_a_name_of_ours(collection):
    for _ in range(2):
        await migrate(collection, [by("a")])

    assert sorted(await named(collection)) == ["_id_", by("a").name]
    assert by("a").name.startswith("oa_listed_")


async def test_a13_a_changed_definition_replaces_the_index_of_the_last_release(collection):
    await migrate(collection, [by("a")])

    await migrate(collection, [by("a", "b")])

    assert sorted(await named(collection)) == ["_id_", by("a", "b").name]


@pytest.mark.parametrize("options", [{"unique": True}, {"sparse": True}, {"partial": {"b": 1}}])
async def test_b3_another_definition_over_the_same_keys_replaces_it_too(collection, options):
    await migrate(collection, [by("a")])

    await migrate(collection, [by("a", **options)])

    assert sorted(await named(collection)) == ["_id_", by("a", **options).name]


async def test_b6_an_index_that_expires_documents_never_passes_for_one_that_does_not(collection):
    await collection.create_index([("a", 1)], name="oa_listed_00000000", expireAfterSeconds=60)

    await migrate(collection, [by("a")])

    assert sorted(await named(collection)) == ["_id_", by("a").name]


async def test_b6_what_is_kept_for_ever_from_now_on_no_longer_expires(collection):
    await migrate(collection, [Index("expires_at", (("at", 1),), expire_after=YEAR)])

    await migrate(collection, [by("a")])

    assert sorted(await named(collection)) == ["_id_", by("a").name]


async def test_what_an_operator_made_is_left(collection):
    await collection.create_index([("c", 1)], name="ours_not_yours")
    await collection.create_index([("d", 1)])

    await migrate(collection, [by("a")])

    assert {"ours_not_yours", "d_1"} <= (await named(collection)).keys()


async def test_an_index_of_a_newer_release_is_left_for_its_return(collection):
    newer = Index("of_a_newer_release", (("e", 1),))
    await migrate(collection, [by("a"), newer])

    await migrate(collection, [by("a")])

    assert newer.name in await named(collection)


async def test_an_index_that_the_driver_named_is_taken_as_it_is(collection):
    await collection.create_index([("a", 1)])

    await migrate(collection, [by("a")])

    assert sorted(await named(collection)) == ["_id_", "a_1"]


async def test_one_that_the_driver_named_goes_where_a_release_says_that_it_is_replaced(collection):
    await collection.create_index([("a", 1)])

    await migrate(collection, [by("a", "b")], frozenset({"a_1"}))

    assert sorted(await named(collection)) == ["_id_", by("a", "b").name]


async def test_many_replicas_may_migrate_at_once(collection):
    await migrate(collection, [by("a")])

    await asyncio.gather(*(migrate(collection, [by("a", "b")]) for _ in range(5)))

    assert sorted(await named(collection)) == ["_id_", by("a", "b").name]


async def test_b6_another_retention_changes_the_index_that_is_there(collection):
    await migrate(collection, [Index("expires", (("at", 1),), expire_after=YEAR)])

    await migrate(collection, [Index("expires", (("at", 1),), expire_after=MONTH)])

    [expires] = [index for name, index in (await named(collection)).items() if name != "_id_"]
    assert expires["expireAfterSeconds"] == MONTH.total_seconds()


async def test_b6_an_index_that_expired_nothing_begins_to(collection):
    await collection.create_index([("at", 1)])

    await migrate(collection, [Index("expires", (("at", 1),), expire_after=MONTH)])

    assert (await named(collection))["at_1"]["expireAfterSeconds"] == MONTH.total_seconds()


async def test_a_collection_has_an_index_for_each_way_in(database):
    things = things_of(
        database,
        Outbox("policy", Publisher()),
        codec=Codec(Thing),
        kept=Expires("at", MONTH),
        listed_by=("kind",),
        swept_by=(SweptBy("at", {"kind": "open"}),),
    )

    await things.ensure_indexes()

    made = await named(database["things"])
    assert {name.rpartition("_")[0] for name in made} >= {
        *("oa_newest", "oa_outbox", "oa_unique_name", "oa_listed_by_kind"),
        *("oa_swept_by_at", "oa_expires_at"),
    }
    [listed] = [index for name, index in made.items() if "listed_by" in name]
    assert list(listed["key"]) == ["workspace_id", "removed", "state.kind", "_id"]


class Explained:
    """The driver's collection; keeps what the database would do for the last query."""

    def __init__(self, raw):
        self._raw, self.plan = raw, None

    def __getattr__(self, name):
        return getattr(self._raw, name)

    def find(self, *wanted):
        self.cursor = self._raw.find(*wanted)
        return self.cursor

    async def count_documents(self, wanted, **options):
        self.cursor = self._raw.find(wanted)
        return await self._raw.count_documents(wanted, **options)

    async def explain(self):
        plan = (await self.cursor.clone().explain())["queryPlanner"]["winningPlan"]
        while "inputStage" in plan:
            plan = plan["inputStage"]
        return plan


@pytest.mark.parametrize(
    ("how", "only_recorded"), [("page", False), ("each", False), ("page", True)]
)
async def test_documents_are_found_by_an_index_whose_every_member_the_filter_names(
    database, how, only_recorded
):
    """The embedded database reads the whole collection where an index has a member in between that
    the filter does not name, and where the filter names one that no index has.
    """
    things = things_of(
        *(database, Outbox("policy", Publisher())),
        unique=(),
        listed_by=("kind",),
        only_recorded=only_recorded,
    )
    await things.ensure_indexes()
    raw = Explained(things._raw)
    object.__setattr__(things, "_raw", raw)
    within = things.within("ws_ours")

    if how == "page":
        await within.page(10, None, kind="a")
    else:
        assert [each async for each in within.each(kind="a")] == []

    plan = await raw.explain()
    assert plan["stage"] == "IXSCAN", plan
    assert plan["indexName"].startswith("oa_listed_by_kind_")


@pytest.mark.parametrize("only_recorded", [False, True])
@pytest.mark.parametrize(
    ("members", "index"),
    [({"kind": "a"}, "oa_listed_by_kind_"), ({"kind": "a", "name": "x"}, "oa_counted_by_kind_")],
)
async def test_documents_are_counted_by_an_index_that_covers_the_whole_filter(
    database, members, index, only_recorded
):
    things = things_of(
        *(database, Outbox("policy", Publisher())),
        listed_by=("kind",),
        counted_by=(("kind", "name"),),
        only_recorded=only_recorded,
    )
    await things.ensure_indexes()
    raw = Explained(things._raw)
    object.__setattr__(things, "_raw", raw)

    assert await things.within("ws_ours").count_between("a", "b", 10, **members) == 0

    plan = await raw.explain()
    assert plan["stage"] == "IXSCAN", plan
    assert plan["indexName"].startswith(index)
    assert list(plan["keyPattern"])[-1] == "_id"


async def test_what_no_index_covers_is_not_counted(database):
    things = things_of(database, Outbox("policy", Publisher()), listed_by=("kind",))

    for members in ({"name": "x"}, {"kind": "a", "name": "x"}, {}):
        with pytest.raises(ValueError, match="no index"):
            await things.within("ws_ours").count_between("a", "b", 10, **members)


async def test_the_index_of_the_release_before_without_what_is_removed_goes(database):
    things = things_of(database, Outbox("policy", Publisher()), unique=(), listed_by=("kind",))
    before = (("workspace_id", 1), ("state.kind", 1), ("_id", -1))
    await migrate(database["things"], [Index("listed_by_kind", before)])

    await things.ensure_indexes()

    kept = [index["key"] for index in (await named(database["things"])).values()]
    assert ["workspace_id", "state.kind", "_id"] not in [list(each) for each in kept]


class Hinted:
    """The driver's collection; says which index the last query named."""

    def __init__(self, raw):
        self._raw = raw
        self.index = None

    def __getattr__(self, name):
        return getattr(self._raw, name)

    def find(self, *wanted):
        return HintedCursor(self, self._raw.find(*wanted))


class HintedCursor:
    def __init__(self, hinted, cursor):
        self._hinted = hinted
        self._cursor = cursor

    def __getattr__(self, name):
        return getattr(self._cursor, name)

    def hint(self, index):
        self._hinted.index = index
        return self._cursor.hint(index)


@pytest.mark.parametrize("made", [True, False])
async def test_b14_a_sweep_names_its_index_where_it_is_made(database, made):
    """The embedded database would take the one that expires by the same date, and read all."""
    fields = {
        "codec": Codec(Thing),
        "kept": Expires("at", MONTH),
        "swept_by": (SweptBy("at", {"kind": "open"}),),
    }
    things = things_of(database, Outbox("policy", Publisher()), **fields)
    if made:
        await things.ensure_indexes()
    hinted = Hinted(database["things"])
    asked = things_of({"things": hinted}, Outbox("policy", Publisher()), **fields)

    found = await asked.across_workspaces.older("at", datetime.now(UTC), 10, kind="open")

    assert found == []
    assert hinted.index == (asked.index_of_sweep("at", {"kind": "open"}).name if made else None)
