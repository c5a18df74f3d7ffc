"""Compiled operations as answers: inline, handed over, and in slices for the previous release."""

from datetime import UTC, datetime

import pytest

from contracts.requests import ReadOperations as AskedOperations
from kit.blobs import BlobStoreUnavailable
from kit.handover import Handover
from kit.sealing import SealBroken
from kit.testing import MemoryBlobs
from schema_service.domain.errors import SchemaNotFound
from schema_service.usecases.read_operations import ReadOperations
from schema_service.usecases.store_schema import NewDocument, StoreSchema
from services.schema.tests.fakes import MemorySchemas, SameProcessExaminer, all_allowed
from services.schema.tests.unit.test_schema_usecases import TEXT

PURPOSE = AskedOperations.subject
LONG = TEXT.replace(b"operationId: a", b"operationId: a, description: " + b"x" * 80_000)


@pytest.fixture
def schemas():
    return MemorySchemas()


@pytest.fixture
def store(schemas):
    return StoreSchema(
        SameProcessExaminer(), schemas, all_allowed(), lambda: "sch_1", lambda: datetime.now(UTC)
    )


@pytest.fixture
def blobs():
    return MemoryBlobs()


@pytest.fixture
def read(schemas, blobs):
    return ReadOperations(schemas, Handover(blobs))


@pytest.fixture
def asker(blobs):
    """The replica that asks."""
    return Handover(blobs)


async def asked_for(store, text, *names, recipient=""):
    stored = await store("ws_1", NewDocument(text, "application/yaml"))
    return AskedOperations(
        workspace_id="ws_1", schema_id=stored.id, names=names, recipient=recipient
    )


async def whole(schemas, asked):
    forms = await schemas.forms("ws_1", asked.schema_id, asked.names)
    return b"[" + b",".join(forms.texts.values()) + b"]"


async def test_what_a_message_holds_is_in_the_answer_and_touches_no_store(
    store, schemas, read, asker, blobs
):
    asked = await asked_for(store, TEXT, "a", recipient=asker.public_key)
    blobs.away = True

    answer = await read(asked)

    assert answer.text.encode() == await whole(schemas, asked)
    assert (answer.next_offset, answer.handed_over) == (None, None)


async def test_what_is_longer_is_handed_over_to_the_replica_that_asked(
    store, schemas, read, asker, blobs
):
    asked = await asked_for(store, LONG, "a", recipient=asker.public_key)

    answer = await read(asked)

    assert (answer.text, answer.next_offset) == ("", None)
    with pytest.raises(SealBroken):
        await Handover(blobs).take("ws_1", PURPOSE, answer.handed_over)
    content = await asker.take("ws_1", PURPOSE, answer.handed_over)
    assert content == await whole(schemas, asked)
    assert blobs.kept == {}


async def test_where_the_store_is_away_the_asker_is_given_the_reason(store, read, asker, blobs):
    asked = await asked_for(store, LONG, "a", recipient=asker.public_key)
    blobs.away = True

    with pytest.raises(BlobStoreUnavailable):
        await read(asked)


async def test_an_asker_of_the_previous_release_gets_slices_that_join_to_the_whole(
    store, schemas, read, blobs
):
    asked = await asked_for(store, LONG, "a")

    slices, offset = [], 0
    while offset is not None:
        answer = await read(asked.model_copy(update={"offset": offset}))
        slices.append(answer.text)
        offset = answer.next_offset

    assert len(slices) > 1
    assert "".join(slices).encode() == await whole(schemas, asked)
    assert blobs.kept == {}


async def test_an_operation_that_is_not_there_is_not_found(store, read):
    with pytest.raises(SchemaNotFound):
        await read(await asked_for(store, TEXT, "a", "b"))
