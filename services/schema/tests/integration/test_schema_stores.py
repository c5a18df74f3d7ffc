"""What every schema store promises, asked of the fake and of MongoDB."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from contracts.facts import SchemaStored, SchemaVerified
from kit.mongo import Taken
from kit.outbox import Outbox
from kit.testing import RecordedFacts
from schema_service.adapters.mongo_schemas import MongoSchemas
from schema_service.domain.examination import Verdict
from schema_service.domain.examined import OperationSummary
from schema_service.domain.json_list import JsonList
from schema_service.domain.packing import packs
from schema_service.domain.stored_schema import Removal, StoredSchema
from schema_service.ports import Forms
from services.schema.tests.fakes import MemorySchemas

pytestmark = pytest.mark.integration

OPERATION = OperationSummary(
    "getThing", "getThing", "GET", "/things/{id}", "A thing", False, Verdict.READY, "/paths", "o"
)
FINDING = {"severity": "warning", "code": "schema.x", "message": "Grüße", "pointer": "", "line": 1}


def schema(number, **changes):
    id_ = f"sch_{number:04}"
    plain = StoredSchema(
        id=id_,
        workspace_id="ws_ours",
        digest=f"digest {number}",
        title="Things",
        version="1",
        dialect="3.1",
        source_url=None,
        media_type="application/yaml",
        size=14,
        valid=True,
        findings=JsonList.of([FINDING]),
        more_findings=0,
        operations=JsonList.of([OPERATION]),
        created_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
        line_id=id_,
    )
    return replace(plain, **changes)


def stored(of):
    return SchemaStored(workspace_id=of.workspace_id, schema_id=of.id, valid=True, operations=1)


@pytest.fixture(params=["memory", "mongodb"])
async def store(request, database):
    if request.param == "memory":
        return MemorySchemas()
    facts = RecordedFacts()
    schemas = MongoSchemas(database, Outbox("schema", facts))
    schemas.facts = facts
    for collection in schemas.collections:
        await collection.ensure_indexes()
    return schemas


async def test_what_is_added_is_read_back_and_published(store):
    ours = schema(1)

    compiled = [*packs({"getThing": b'{"name": "getThing"}'})]
    await store.add(ours, b"openapi: 3.1.0", compiled, stored(ours))

    assert await store.find("ws_ours", ours.id) == ours
    assert await store.find_same("ws_ours", "digest 1", None) == ours
    assert await store.text("ws_ours", ours.id) == b"openapi: 3.1.0"
    found = await store.forms("ws_ours", ours.id, ["getThing", "unknown"])
    assert found == Forms(1, {"getThing": b'{"name": "getThing"}'})
    assert [fact.schema_id for fact in store.facts.of(SchemaStored)] == [ours.id]


async def test_another_workspace_sees_nothing(store):
    ours = schema(1)
    await store.add(ours, b"text", [*packs({"getThing": b"{}"})], stored(ours))

    assert await store.find("ws_theirs", ours.id) is None
    assert await store.find_same("ws_theirs", ours.digest, None) is None
    assert await store.forms("ws_theirs", ours.id, ["getThing"]) == Forms()
    assert await store.page("ws_theirs", 10, None) == []
    assert await store.line("ws_theirs", ours.line_id, 10) == []


async def test_the_same_text_begins_one_line_a_workspace(store):
    ours, again = schema(1), schema(2, digest="digest 1")
    await store.add(ours, b"text", [], stored(ours))

    with pytest.raises(Taken):
        await store.add(again, b"text", [], stored(again))
    theirs = schema(3, digest="digest 1", workspace_id="ws_theirs")
    await store.add(theirs, b"text", [], stored(theirs))
    assert await store.find("ws_theirs", theirs.id) == theirs


async def test_b18_a_text_follows_one_version_once_and_is_found_by_what_it_follows(store):
    first, other = schema(1), schema(2)
    second = schema(3, digest="digest 2", line_id=first.id, previous_id=first.id)
    third = schema(4, digest="digest 1", line_id=first.id, previous_id=second.id)
    for each in (first, other, second, third):
        await store.add(each, b"text", [], stored(each))
    again = schema(5, digest="digest 1", line_id=first.id, previous_id=second.id)
    with pytest.raises(Taken):
        await store.add(again, b"text", [], stored(again))

    assert await store.find_same("ws_ours", "digest 1", second.id) == third
    assert await store.find_same("ws_ours", "digest 1", None) == first
    assert await store.find_same("ws_ours", "digest 2", first.id) == second
    assert await store.find_same("ws_ours", "digest 2", third.id) is None
    assert await store.find_same("ws_ours", "digest 9", None) is None


async def test_without_what_it_follows_a_text_is_found_in_any_line(store):
    first = schema(1)
    second = schema(2, line_id=first.id, previous_id=first.id)
    for each in (first, second):
        await store.add(each, b"text", [], stored(each))

    assert await store.find_same("ws_ours", second.digest, None) == second


@pytest.mark.integration
async def test_b18_the_index_of_an_earlier_release_gives_way(database):
    old = [("workspace_id", 1), ("state.digest", 1)]
    await database["schemas"].create_index(old, unique=True, name="workspace_id_1_state.digest_1")
    schemas = MongoSchemas(database, Outbox("schema", RecordedFacts()))
    for _ in range(2):
        for collection in schemas.collections:
            await collection.ensure_indexes()

    first = schema(1)
    again = schema(2, digest=first.digest, line_id=first.id, previous_id="sch_0009")
    for each in (first, again):
        await schemas.add(each, b"text", [], stored(each))
    assert "workspace_id_1_state.digest_1" not in await database["schemas"].index_information()


async def test_lists_are_newest_first_and_show_that_there_is_more(store):
    for number in range(1, 4):
        each = schema(number)
        await store.add(each, b"text", [], stored(each))

    first = await store.page("ws_ours", 2, None)
    rest = await store.page("ws_ours", 2, first[1].id)

    assert [found.id for found in first] == ["sch_0003", "sch_0002", "sch_0001"]
    assert [found.id for found in rest] == ["sch_0001"]


async def test_versions_of_a_document_form_a_line(store):
    first, other = schema(1), schema(2)
    second = schema(3, line_id=first.id, previous_id=first.id)
    for each in (first, other, second):
        await store.add(each, b"text", [], stored(each))

    assert [each.id for each in await store.line("ws_ours", first.id, 10)] == [second.id, first.id]


async def test_large_texts_and_many_operations_come_back_whole(store):
    ours = schema(1)
    raw = Random(7).randbytes(3_000_000)  # no compression makes it small
    compiled = {f"operation{n}": b'{"n": "' + b"x" * 3_000 + b'"}' for n in range(700)}

    await store.add(ours, raw, [*packs(compiled)], stored(ours))

    assert await store.text("ws_ours", ours.id) == raw
    names = ["operation0", "operation350", "operation699"]
    assert (await store.forms("ws_ours", ours.id, names)).texts == {n: compiled[n] for n in names}


@pytest.mark.parametrize("size", [1_000, 3_000_000])
async def test_a_verification_changes_the_findings_and_nothing_else(store, size):
    ours = schema(1)
    raw = Random(7).randbytes(size)
    await store.add(ours, raw, [*packs({"getThing": b"{}"})], stored(ours))
    verified = replace(
        ours, verified=True, valid=False, findings=JsonList.of([FINDING] * 2), more_deep=3
    )
    fact = SchemaVerified(workspace_id="ws_ours", schema_id=ours.id, valid=False, complete=True)

    await store.replace_findings(ours, verified, fact)

    assert await store.find("ws_ours", ours.id) == verified
    assert await store.text("ws_ours", ours.id) == raw
    assert (await store.forms("ws_ours", ours.id, ["getThing"])).texts == {"getThing": b"{}"}
    assert store.facts.of(SchemaVerified) == [fact]


REMOVAL = Removal("rmv_1", datetime(2026, 11, 23, tzinfo=UTC))


@pytest.mark.parametrize("size", [1, 3_000_000], ids=["whole", "in pieces"])
async def test_t9_a_schema_is_removed_with_all_that_belongs_to_it(store, size):
    ours, raw = schema(1), Random(1).randbytes(size)
    await store.add(ours, raw, [*packs({"getThing": b"{}"})], stored(ours))

    assert not await store.remove("ws_ours", ours.id, "rmv_1")
    await store.mark_removal("ws_ours", ours.id, REMOVAL)
    assert (await store.find("ws_ours", ours.id)).removal == REMOVAL
    assert not await store.remove("ws_ours", ours.id, "rmv_2")
    assert await store.remove("ws_ours", ours.id, "rmv_1")

    assert await store.find("ws_ours", ours.id) is None
    assert await store.find_same("ws_ours", "digest 1", None) is None
    assert (await store.forms("ws_ours", ours.id, ["getThing"])).texts == {}
    assert await store.removed_lately("ws_ours", ours.id)
    assert not await store.removed_lately("ws_theirs", ours.id)
    if isinstance(store, MongoSchemas):
        # Its mark stays: the sweep of unfinished work looks for pieces once more.
        assert await store.remove_unfinished(datetime.now(UTC) + timedelta(hours=2), 10, 1) == 1
        left = [c.database[c.name].count_documents({"removed": None}) for c in store.collections]
        assert [await each for each in left] == [0, 0, 0]
    again = schema(2, digest="digest 1")
    await store.add(again, raw, [], stored(again))


async def test_t11_a_removal_that_was_ended_removes_nothing_and_a_later_one_takes_its_place(store):
    ours = schema(1)
    await store.add(ours, b"openapi: 3.1.0", [], stored(ours))

    await store.mark_removal("ws_ours", ours.id, REMOVAL)
    await store.end_removal("ws_ours", ours.id, "rmv_other")
    assert (await store.find("ws_ours", ours.id)).removal == REMOVAL
    await store.end_removal("ws_ours", ours.id, "rmv_1")
    assert await store.find("ws_ours", ours.id) == ours
    assert not await store.remove("ws_ours", ours.id, "rmv_1")

    await store.mark_removal("ws_ours", ours.id, REMOVAL)
    await store.mark_removal("ws_ours", ours.id, replace(REMOVAL, token="rmv_2"))
    assert not await store.remove("ws_ours", ours.id, "rmv_1")
    assert await store.remove("ws_ours", ours.id, "rmv_2")


async def test_t11_a_verification_keeps_the_mark_of_a_removal(store):
    ours = schema(1)
    await store.add(ours, b"openapi: 3.1.0", [], stored(ours))
    await store.mark_removal("ws_ours", ours.id, REMOVAL)

    verified = replace(ours, verified=True)
    fact = SchemaVerified(workspace_id="ws_ours", schema_id=ours.id, valid=True, complete=True)
    assert await store.replace_findings(await store.find("ws_ours", ours.id), verified, fact)

    if isinstance(store, MongoSchemas):  # the fake keeps what it is given
        assert (await store.find("ws_ours", ours.id)).removal == REMOVAL
        assert await store.remove("ws_ours", ours.id, "rmv_1")


async def test_t9_what_was_removed_is_neither_verified_nor_removed_again(store):
    ours = schema(1)
    await store.add(ours, b"openapi: 3.1.0", [], stored(ours))
    await store.mark_removal("ws_ours", ours.id, REMOVAL)
    assert await store.remove("ws_ours", ours.id, "rmv_1")
    fact = SchemaVerified(workspace_id="ws_ours", schema_id=ours.id, valid=True, complete=True)

    assert await store.replace_findings(ours, replace(ours, verified=True), fact)
    assert not await store.remove("ws_ours", ours.id, "rmv_1")
    await store.end_removal("ws_ours", ours.id, "rmv_1")

    assert await store.find("ws_ours", ours.id) is None
    assert store.facts.of(SchemaVerified) == []


async def test_t9_a_list_is_searched_by_title_in_either_case_and_nothing_is_an_operator(store):
    for number, title in enumerate(("Pet Store", "Wetter (Zürich)", "a.b")):
        each = schema(number, title=title)
        await store.add(each, b"openapi: 3.1.0", [], stored(each))

    async def found(text):
        return [each.title for each in await store.page("ws_ours", 10, None, text)]

    assert await found("pet") == ["Pet Store"]
    assert await found("zürich)") == ["Wetter (Zürich)"]
    assert (await found("."), await found("x.b"), await found("")) == (
        ["a.b"],
        [],
        ["a.b", "Wetter (Zürich)", "Pet Store"],
    )
