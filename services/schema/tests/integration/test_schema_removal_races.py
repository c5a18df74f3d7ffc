"""A schema in MongoDB that is changed, or removed, between a reading and what follows from it."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from contracts.facts import SchemaStored
from kit.outbox import Outbox
from kit.testing import RecordedFacts
from schema_service.adapters.mongo_schemas import MAX_READINGS, PIECE_BYTES, MongoSchemas
from schema_service.domain.errors import RemovalOvertaken, SchemaNotFound
from schema_service.domain.packing import packs
from schema_service.domain.stored_schema import Removal
from services.schema.tests.integration.test_schema_store_faults import schema

pytestmark = pytest.mark.integration

SCHEMA = schema("sch_1")
IN_PIECES = Random(7).randbytes(2 * PIECE_BYTES)
REMOVAL = Removal("rmv_1", datetime(2026, 11, 23, tzinfo=UTC))


class ChangedMeanwhileBy:
    """A collection whose document somebody else changes after each of the next `times` readings."""

    def __init__(self, collection, times):
        self.collection, self.times = collection, times

    def within(self, *workspace):
        return _Documents(self, self.collection.within(*workspace))


class _Documents:
    def __init__(self, meddler, documents):
        self._meddler, self._documents = meddler, documents

    def __getattr__(self, name):
        return getattr(self._documents, name)

    async def find(self, id_):
        stored = await self._documents.find(id_)
        if stored is not None and self._meddler.times:
            self._meddler.times -= 1
            other = replace(stored.state, failures=stored.state.failures + 1)
            await self._documents.change(stored, other)
        return stored


class RemovedBeforeReading:
    """Pieces that are gone once somebody begins to read them."""

    def __init__(self, pieces, remove):
        self._pieces, self._remove = pieces, remove

    def within(self, *workspace):
        return self

    async def each(self, **wanted):
        await self._remove()
        async for piece in self._pieces.within("ws_1").each(**wanted):
            yield piece


@pytest.fixture
async def store(database):
    schemas = MongoSchemas(database, Outbox("schema", RecordedFacts()))
    for collection in schemas.collections:
        await collection.ensure_indexes()
    fact = SchemaStored(workspace_id="ws_1", schema_id="sch_1", valid=True, operations=1)
    await schemas.add(SCHEMA, IN_PIECES, [*packs({"getThing": b"{}"})], fact)
    return schemas


def meddle(store, times):
    store._schemas = ChangedMeanwhileBy(store._schemas, times)


async def test_t11_a_mark_is_set_although_the_document_changes_meanwhile(store):
    meddle(store, MAX_READINGS - 1)

    await store.mark_removal("ws_1", "sch_1", REMOVAL)

    assert (await store.find("ws_1", "sch_1")).removal == REMOVAL


async def test_t11_a_document_that_keeps_changing_is_not_marked_and_that_is_refused(store):
    meddle(store, MAX_READINGS)

    with pytest.raises(RemovalOvertaken):
        await store.mark_removal("ws_1", "sch_1", REMOVAL)
    assert (await store.find("ws_1", "sch_1")).removal is None


async def test_t11_a_mark_is_taken_away_although_the_document_changes_meanwhile(store):
    await store.mark_removal("ws_1", "sch_1", REMOVAL)
    meddle(store, MAX_READINGS - 1)

    await store.end_removal("ws_1", "sch_1", "rmv_1")

    assert (await store.find("ws_1", "sch_1")).removal is None


async def test_t11_a_schema_is_removed_although_it_is_verified_meanwhile(store):
    await store.mark_removal("ws_1", "sch_1", REMOVAL)
    meddle(store, MAX_READINGS - 1)

    assert await store.remove("ws_1", "sch_1", "rmv_1")
    assert await store.find("ws_1", "sch_1") is None


async def test_t11_a_schema_that_keeps_changing_is_not_removed_and_stays_whole(store):
    await store.mark_removal("ws_1", "sch_1", REMOVAL)
    meddle(store, MAX_READINGS)

    assert not await store.remove("ws_1", "sch_1", "rmv_1")
    assert await store.text("ws_1", "sch_1") == IN_PIECES


async def test_t9_a_text_that_is_removed_while_its_pieces_are_read_is_not_found(store):
    async def remove():
        store._pieces = pieces
        await store.mark_removal("ws_1", "sch_1", REMOVAL)
        assert await store.remove("ws_1", "sch_1", "rmv_1")

    pieces = store._pieces
    store._pieces = RemovedBeforeReading(pieces, remove)

    with pytest.raises(SchemaNotFound):
        await store.text("ws_1", "sch_1")


async def test_t9_what_a_removal_that_died_left_is_found_by_the_sweep(store, database):
    """It dies after the schema is gone, before its pieces are."""

    class Died(Exception):
        pass

    class Dying:
        def within(self, *workspace):
            return self

        async def delete_by(self, **wanted):
            raise Died

    pieces, store._pieces = store._pieces, Dying()
    await store.mark_removal("ws_1", "sch_1", REMOVAL)
    with pytest.raises(Died):
        await store.remove("ws_1", "sch_1", "rmv_1")
    store._pieces = pieces

    assert await store.find("ws_1", "sch_1") is None
    assert await database["pieces"].count_documents({"removed": None}) > 0
    assert await store.remove_unfinished(datetime(2100, 1, 1, tzinfo=UTC), 10, 1) == 1
    assert await database["pieces"].count_documents({"removed": None}) == 0
