"""What the use cases promise, with fakes at their ports."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from contracts.facts import SchemaStored, SchemaVerified
from kit.mongo import Taken
from schema_service.domain.capped_findings import capped
from schema_service.domain.chosen_finding import ChosenFinding
from schema_service.domain.errors import (
    DocumentUnreadable,
    ExaminationTooLong,
    NoSourceUrl,
    SchemaNotFound,
)
from schema_service.usecases.compare_schemas import CompareSchemas
from schema_service.usecases.fetch_document import FetchDocument
from schema_service.usecases.refetch_schema import RefetchSchema
from schema_service.usecases.repair_document import RepairDocument
from schema_service.usecases.store_schema import NewDocument, StoreSchema
from schema_service.usecases.verify_schema import VerifySchema
from services.schema.tests.fakes import (
    MemorySchemas,
    SameProcessBundler,
    SameProcessExaminer,
    ScriptedDocuments,
    all_allowed,
)

TEXT = b"""\
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: "https://api.example.com"}]
paths: {/a: {get: {operationId: a, responses: {"200": {description: x}}}}}
"""


@dataclass
class ScriptedVerifier:
    finds: list = field(default_factory=list)
    too_long: bool = False

    async def verify(self, workspace_id, raw, findings):
        if self.too_long:
            raise ExaminationTooLong(5.0, 2**29)
        return capped([*findings, *self.finds])


@pytest.fixture
def schemas():
    return MemorySchemas()


@pytest.fixture
def store(schemas):
    ids = (f"sch_{number:03}" for number in range(100))
    now = datetime(2026, 11, 22, tzinfo=UTC)
    return StoreSchema(
        SameProcessExaminer(), schemas, all_allowed(), lambda: next(ids), lambda: now
    )


async def test_the_same_text_is_stored_and_published_once(store, schemas):
    first = await store("ws_1", NewDocument(TEXT, "application/yaml"))
    again = await store("ws_1", NewDocument(TEXT, "application/json"))

    assert again == first
    assert len(schemas.facts.of(SchemaStored)) == 1


async def test_nothing_is_stored_of_what_cannot_be_read(store, schemas):
    with pytest.raises(DocumentUnreadable) as refused:
        await store("ws_1", NewDocument(b"[1, 2", "application/json"))

    assert refused.value.findings[0]["line"] == 1
    assert await schemas.page("ws_1", 10, None) == []


async def test_b11_a_text_that_cannot_be_read_is_repaired_and_then_stored(store):
    repair = RepairDocument(SameProcessExaminer(), all_allowed())

    repaired = await repair("ws_1", TEXT + b"x-a: b: c\n", None)

    assert repaired.applied == ("Put the text in quotes",)
    assert repaired.examined.readable
    text = json.loads(repaired.text_json).encode()
    assert (await store("ws_1", NewDocument(text, "application/yaml"))).valid


async def test_of_a_text_that_is_not_stored_the_repairs_of_chosen_findings_are_made():
    examiner = SameProcessExaminer()
    repair = RepairDocument(examiner, all_allowed())
    unnamed = b'get: {responses: {"200": {description: x}}}'
    text = TEXT[: TEXT.index(b"paths")] + b"paths:\n"
    text += b"".join(b"  /%s: {%s}\n" % (name, unnamed) for name in (b"b", b"c"))
    missing, pointer = "schema.operation_id_missing", "/paths/~1b/get/operationId"

    one = await repair("ws_1", text, None, chosen=(ChosenFinding(missing, pointer),))
    every = await repair("ws_1", text, None, chosen=(ChosenFinding(missing),))
    none = await repair("ws_1", text, None, chosen=())

    added = [json.loads(each.text_json).count("operationId") for each in (none, one, every)]
    assert added == [0, 1, 2]
    assert json.loads(none.text_json).encode() == text


async def test_a_next_version_needs_a_previous_one_that_the_caller_can_see(store):
    theirs = await store("ws_2", NewDocument(TEXT, "application/yaml"))

    with pytest.raises(SchemaNotFound):
        await store("ws_1", NewDocument(TEXT, "application/yaml", previous_id=theirs.id))


async def test_b18_a_text_that_comes_back_is_a_version_of_its_own_and_answered_as_such(store):
    older, newer = (NewDocument(text, "application/yaml") for text in (TEXT, TEXT + b"#"))
    first = await store("ws_1", older)
    second = await store("ws_1", replace(newer, previous_id=first.id))

    third = await store("ws_1", replace(older, previous_id=second.id))

    assert len({first.id, second.id, third.id}) == 3
    assert (third.line_id, third.previous_id) == (first.id, second.id)
    assert await store("ws_1", replace(older, previous_id=second.id)) == third, "asked again"
    assert await store("ws_1", replace(older, previous_id=third.id)) == third, "its own text"
    assert await store("ws_1", older) == first


async def test_b18_a_text_of_another_line_joins_the_line_that_it_is_stored_in(store):
    ours = await store("ws_1", NewDocument(TEXT, "application/yaml"))
    other = await store("ws_1", NewDocument(TEXT + b"#", "application/yaml"))

    joined = await store("ws_1", NewDocument(TEXT + b"#", "application/yaml", previous_id=ours.id))

    assert joined.id != other.id
    assert (joined.line_id, joined.previous_id) == (ours.id, ours.id)


async def test_b18_what_the_store_refuses_is_not_answered_as_stored(store, schemas):
    """A release before this one, beside it, makes its index anew: a text once a workspace."""
    first = await store("ws_1", NewDocument(TEXT, "application/yaml"))
    await store("ws_1", NewDocument(TEXT + b"#", "application/yaml"))

    async def once_a_workspace(schema, *_):
        raise Taken("This already exists.")

    schemas.add = once_a_workspace
    with pytest.raises(Taken):
        await store("ws_1", NewDocument(TEXT + b"#", "application/yaml", previous_id=first.id))


async def test_only_what_came_from_a_url_is_fetched_again(store, schemas):
    pasted = await store("ws_1", NewDocument(TEXT, "application/yaml"))
    fetch = FetchDocument(ScriptedDocuments({}), SameProcessBundler())
    refetch = RefetchSchema(
        schemas, fetch, store, CompareSchemas(schemas, SameProcessExaminer()), all_allowed()
    )

    with pytest.raises(NoSourceUrl):
        await refetch("ws_1", pasted.id)


async def test_a_verification_happens_once_and_its_fact_follows_from_its_cause(store, schemas):
    stored = await store("ws_1", NewDocument(TEXT, "application/yaml"))
    [cause] = schemas.facts.of(SchemaStored)
    warning = {"severity": "warning", "code": "schema.x", "message": "m", "pointer": ""}
    verify = VerifySchema(schemas, ScriptedVerifier([warning]))

    await verify(cause)
    await verify(cause)

    after = await schemas.find("ws_1", stored.id)
    assert (after.verified, after.valid, after.findings.items()[-1]) == (True, True, warning)
    [fact] = schemas.facts.of(SchemaVerified)
    assert (fact.complete, fact.valid) == (True, True)
    assert fact.id == SchemaVerified.because(cause, **fact.model_dump()).id


async def test_a_verification_that_takes_too_long_is_a_note_and_blocks_nothing(store, schemas):
    stored = await store("ws_1", NewDocument(TEXT, "application/yaml"))
    [cause] = schemas.facts.of(SchemaStored)

    await VerifySchema(schemas, ScriptedVerifier(too_long=True))(cause)

    after = await schemas.find("ws_1", stored.id)
    assert (after.verified, after.valid) == (True, True)
    assert "schema.not_verified" in [found["code"] for found in after.findings.items()]
    assert [fact.complete for fact in schemas.facts.of(SchemaVerified)] == [False]
