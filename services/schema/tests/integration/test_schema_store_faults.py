"""The store when two write at once, and when a writer dies on the way."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from contracts.facts import SchemaStored
from kit.outbox import Outbox
from kit.testing import FrozenClock, RecordedFacts
from schema_service.adapters.mongo_schemas import PIECE_BYTES, MongoSchemas
from schema_service.domain.examined import Examined
from schema_service.domain.json_list import JsonList
from schema_service.domain.packing import packs
from schema_service.domain.stored_schema import StoredSchema
from schema_service.usecases.remove_unfinished import GRACE, RemoveUnfinished
from schema_service.usecases.store_schema import NewDocument, StoreSchema
from services.schema.tests.fakes import all_allowed

pytestmark = pytest.mark.integration

TWO_HOURS = timedelta(hours=2)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEXT = Random(7).randbytes(2 * PIECE_BYTES)  # no compression makes it small
COMPILED = (*packs({"getThing": b'{"name": "getThing"}'}),)


class Died(Exception):
    """Stands for a process that ends there and then."""


class DyingOutbox(Outbox):
    """Dies when the last write, the only one with facts, is about to be made."""

    def packed(self, facts):
        if facts:
            raise Died
        return super().packed(facts)


class AnsweringExaminer:
    async def examine(self, workspace_id, raw, source_url, *, compiled):
        return Examined(True, True, "T", "1", "3.1", JsonList(), 0, compiled=COMPILED)


@pytest.fixture
def facts():
    return RecordedFacts()


@pytest.fixture
async def store(database, facts):
    return await replica(database, Outbox("schema", facts))


async def replica(database, outbox):
    schemas = MongoSchemas(database, outbox)
    for collection in schemas.collections:
        await collection.ensure_indexes()
    return schemas


def schema(id_, **changes):
    plain = StoredSchema(
        id=id_,
        workspace_id="ws_1",
        digest="d",
        title="T",
        version="1",
        dialect="3.1",
        source_url=None,
        media_type="application/yaml",
        size=len(TEXT),
        valid=True,
        findings=JsonList(),
        more_findings=0,
        operations=JsonList(),
        created_at=NOW,
        line_id=id_,
    )
    return replace(plain, **changes)


def fact(of):
    return SchemaStored(workspace_id=of.workspace_id, schema_id=of.id, valid=True, operations=1)


async def owners_of_pieces(database):
    return {piece["state"]["schema_id"] async for piece in database["pieces"].find({})}


async def half_stored(database, facts, of):
    dying = await replica(database, DyingOutbox("schema", facts))
    with pytest.raises(Died):
        await dying.add(of, TEXT, COMPILED, fact(of))
    assert await owners_of_pieces(database) >= {of.id}


async def test_of_two_replicas_that_store_one_text_at_once_one_does(store, database, facts):
    other = await replica(database, Outbox("schema", facts))
    ids = (f"sch_{number:03}" for number in range(100))
    cases = [
        StoreSchema(AnsweringExaminer(), each, all_allowed(), lambda: next(ids), lambda: NOW)
        for each in (store, other) * 4
    ]
    document = NewDocument(TEXT, "application/yaml")

    stored = await asyncio.gather(*(case("ws_1", document) for case in cases))

    [only] = {each.id for each in stored}
    assert await owners_of_pieces(database) == {only}
    assert await store.text("ws_1", only) == TEXT
    assert [each.schema_id for each in facts.of(SchemaStored)] == [only]
    assert await database["unfinished"].count_documents({}) == 0


async def test_a_writer_that_dies_leaves_no_half_schema_and_the_text_can_be_stored(
    store, database, facts
):
    broken, whole = schema("sch_1"), schema("sch_2")
    await half_stored(database, facts, broken)

    assert await store.find("ws_1", broken.id) is None
    assert await store.find_same("ws_1", broken.digest, None) is None
    assert await store.page("ws_1", 10, None) == []
    await store.add(whole, TEXT, COMPILED, fact(whole))
    assert await store.text("ws_1", whole.id) == TEXT


async def test_what_a_dead_writer_left_is_removed_and_nothing_else(store, database, facts):
    broken, whole = schema("sch_1"), schema("sch_2")
    await half_stored(database, facts, broken)
    await store.add(whole, TEXT, COMPILED, fact(whole))
    clock = FrozenClock(NOW)
    remove_unfinished = RemoveUnfinished(store, clock)

    await remove_unfinished(1)
    assert await owners_of_pieces(database) == {broken.id, whole.id}, "it may be at work still"
    clock.advance(GRACE + timedelta(seconds=1))
    await remove_unfinished(1)

    assert await owners_of_pieces(database) == {whole.id}
    assert await store.text("ws_1", whole.id) == TEXT
    assert await database["unfinished"].count_documents({}) == 0


async def test_a_writer_that_died_after_its_last_write_loses_nothing(store, database):
    whole = schema("sch_1")
    await store.add(whole, TEXT, COMPILED, fact(whole))
    mark = {"_id": whole.id, "workspace_id": "ws_1", "revision": 1, "state": {"since": NOW}}
    await database["unfinished"].insert_one(mark)

    assert await store.remove_unfinished(NOW + TWO_HOURS, 10, 1) == 1

    assert await store.text("ws_1", whole.id) == TEXT
    assert await database["unfinished"].count_documents({}) == 0


async def test_a_sweep_is_bounded(store, database, facts):
    for number in range(3):
        await half_stored(database, facts, schema(f"sch_{number}"))

    assert await store.remove_unfinished(NOW + TWO_HOURS, 2, 1) == 2
    assert await store.remove_unfinished(NOW + TWO_HOURS, 2, 1) == 1
    assert await owners_of_pieces(database) == set()


async def test_a_replica_whose_lease_ran_out_leaves_what_a_later_one_is_at(store, database, facts):
    await half_stored(database, facts, schema("sch_1"))
    await database["unfinished"].update_one({"_id": "sch_1"}, {"$set": {"fence": 7}})

    await store.remove_unfinished(NOW + TWO_HOURS, 10, 6)

    assert await owners_of_pieces(database) == {"sch_1"}
    assert await database["unfinished"].count_documents({}) == 1
    await store.remove_unfinished(NOW + TWO_HOURS, 10, 8)
    assert await owners_of_pieces(database) == set()
