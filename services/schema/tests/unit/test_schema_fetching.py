"""Fetching a document and what it refers to: what is asked for, what is refused, what is said."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from egress import Overloaded, ShareExceeded
from kit.shares import BYTES, FairShares
from kit.shares import ShareExceeded as OverShare
from schema_service.domain.bundling.part import MAX_LEVELS, MAX_PARTS
from schema_service.domain.errors import ImportFailed, ImportTooLarge, TooManyReferences
from schema_service.domain.reading.limits import MAX_BYTES
from schema_service.domain.reading.read_document import read_document
from schema_service.usecases.compare_schemas import CompareSchemas
from schema_service.usecases.fetch_document import FetchDocument
from schema_service.usecases.import_schema import ImportSchema
from schema_service.usecases.refetch_schema import RefetchSchema
from schema_service.usecases.store_schema import StoreSchema
from schema_service.usecases.validate_import import ValidateImport
from services.schema.tests.fakes import (
    MemorySchemas,
    SameProcessBundler,
    SameProcessExaminer,
    ScriptedDocuments,
    all_allowed,
)

SITE = "https://docs.example.com/"
ROOT = SITE + "openapi.yaml"
TOP = (
    'openapi: 3.1.0\ninfo: {title: T, version: "1"}\nservers: [{url: "https://api.example.com"}]\n'
)
THING = '{get: {operationId: thing, summary: A thing, responses: {"200": {description: x}}}}'


def referring_to(*files):
    paths = "".join(f"  /p{n}: {{$ref: '{file}'}}\n" for n, file in enumerate(files))
    return f"{TOP}paths:\n{paths}"


def documents(texts, **more):
    return ScriptedDocuments({SITE + name: (text, "v1") for name, text in texts.items()}, **more)


def fetching(source, budget=None):
    return FetchDocument(source, SameProcessBundler(), budget)


async def bundle(source, budget=None):
    async with fetching(source, budget)("ws_1", ROOT, bundle=True) as delivery:
        return delivery


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


async def test_without_bundle_nothing_but_the_document_is_fetched():
    source = documents({"openapi.yaml": referring_to("a.yaml")})

    async with fetching(source)("ws_1", ROOT) as delivery:
        pass

    assert source.asked == [ROOT]
    assert delivery.document.raw == referring_to("a.yaml").encode()
    assert not delivery.bundled


async def test_each_document_is_fetched_once_even_in_a_cycle():
    texts = {
        "openapi.yaml": referring_to("a.yaml#/x", "b.yaml#/x", "a.yaml#/y"),
        "a.yaml": "x: {$ref: 'b.yaml#/x'}\ny: {$ref: 'openapi.yaml#/paths/~1p1'}",
        "b.yaml": "x: {$ref: 'a.yaml#/y'}",
    }
    source = documents(texts)

    delivery = await bundle(source)

    assert source.asked == [ROOT, SITE + "a.yaml", SITE + "b.yaml"]
    tree = read_document(delivery.document.raw).document
    assert tree["x-bundled"]["a"]["y"] == {"$ref": "#/paths/~1p1"}
    assert delivery.findings == ()


async def test_a_document_that_refers_to_nothing_outside_stays_byte_for_byte():
    text = f"{TOP}paths: {{/a: {THING}}} # as it was"

    delivery = await bundle(documents({"openapi.yaml": text}))

    assert (delivery.document.raw, delivery.bundled) == (text.encode(), True)


async def test_fifty_documents_are_bundled_and_the_fifty_first_is_refused_unasked():
    names = [f"f{n}.yaml" for n in range(MAX_PARTS + 1)]
    texts = dict.fromkeys(names, THING)
    enough = documents({"openapi.yaml": referring_to(*names[:-1]), **texts})
    too_many = documents({"openapi.yaml": referring_to(*names), **texts})

    await bundle(enough)
    with pytest.raises(TooManyReferences) as refused:
        await bundle(too_many)

    assert len(enough.asked) == 1 + MAX_PARTS
    assert len(too_many.asked) == 1 + MAX_PARTS
    assert refused.value.code == "schema.too_many_references"


async def test_a_chain_of_documents_has_an_end():
    chain = {f"f{n}.yaml": f"x: {{$ref: 'f{n + 1}.yaml'}}" for n in range(MAX_LEVELS + 1)}

    with pytest.raises(TooManyReferences):
        await bundle(documents({"openapi.yaml": referring_to("f0.yaml"), **chain}))


async def test_together_they_may_be_as_large_as_one_document_may_be():
    large = f"x: {THING}\n# " + "x" * (MAX_BYTES // 2)
    source = documents(
        {"openapi.yaml": referring_to("a.yaml#/x", "b.yaml#/x"), "a.yaml": large, "b.yaml": large}
    )

    with pytest.raises(ImportTooLarge) as refused:
        await bundle(source)

    assert "b.yaml" in refused.value.sentence


@pytest.mark.parametrize(
    ("texts", "moved", "reason"),
    [
        ({}, {}, "status 404"),
        ({"a.yaml": "{"}, {}, "could not"),
        ({}, {SITE + "a.yaml": "https://elsewhere.example.com/a.yaml"}, "another origin"),
    ],
    ids=["missing", "unreadable", "redirected"],
)
async def test_what_cannot_be_had_is_a_finding_and_the_rest_is_bundled(texts, moved, reason):
    root = referring_to("a.yaml", "b.yaml")
    source = documents({"openapi.yaml": root, "b.yaml": THING, **texts}, moved=moved)
    source.pages["https://elsewhere.example.com/a.yaml"] = (THING, "v1")

    found = await ValidateImport(fetching(source), SameProcessExaminer(), all_allowed())(
        "ws_1", ROOT, bundle=True
    )

    first = found.findings.items()[0]
    assert first["code"] == "schema.bundle_part_missing"
    assert first["message"].startswith(SITE + "a.yaml could not be bundled")
    assert reason.lower() in first["message"].lower()
    assert "schema.reference_remote" in {each["code"] for each in found.findings.items()}
    assert [each["name"] for each in found.operations.items()] == ["thing"]


@pytest.mark.parametrize("refusal", [ShareExceeded("Enough."), Overloaded("Full.")])
async def test_a5_a_part_that_this_replica_has_no_room_for_ends_the_import(refusal):
    """What is stored must not depend on how busy the replica was."""
    source = documents({"openapi.yaml": referring_to("a.yaml"), "a.yaml": THING})
    source.refusals[SITE + "a.yaml"] = refusal

    with pytest.raises(type(refusal)):
        await bundle(source)


class TestA5WhatWasFetchedCountsAsTheWorkspaces:
    @pytest.fixture
    def budget(self):
        return FairShares("test", BYTES, 10_000)

    @pytest.mark.parametrize("bundled", [False, True])
    async def test_a5_until_it_is_examined(self, budget, store, bundled):
        texts = {"openapi.yaml": referring_to("a.yaml"), "a.yaml": THING}
        fetched = sum(map(len, texts.values())) if bundled else len(texts["openapi.yaml"])
        in_use = []

        class Examiner(SameProcessExaminer):
            async def examine(self, *arguments, **options):
                in_use.append(budget.in_use)
                return await super().examine(*arguments, **options)

        fetch = fetching(documents(texts), budget)
        await ValidateImport(fetch, Examiner(), all_allowed())("ws_1", ROOT, bundle=bundled)
        await ImportSchema(fetch, replace(store, examiner=Examiner()))("ws_1", ROOT, bundle=bundled)

        assert in_use == [fetched, fetched]
        assert budget.in_use == 0

    async def test_a5_a_document_beyond_its_share_is_refused(self, budget):
        budget.take("ws_1", 5_000)

        with pytest.raises(OverShare):
            await bundle(documents({"openapi.yaml": referring_to()}), budget)

        assert budget.in_use == 5_000

    async def test_a5_a_part_beyond_its_share_ends_the_import(self, budget):
        large = f"x: {THING}\n# " + "x" * 10_000
        source = documents({"openapi.yaml": referring_to("a.yaml#/x"), "a.yaml": large})

        with pytest.raises(OverShare):
            await bundle(source, budget)

        assert budget.in_use == 0


async def test_relative_references_are_those_of_where_the_document_was_in_the_end():
    texts = {
        "openapi.yaml": referring_to("latest/a.yaml"),
        "v2/a.yaml": "get: {$ref: 'b.yaml'}",
        "v2/b.yaml": "operationId: b",
    }
    source = documents(texts, moved={SITE + "latest/a.yaml": SITE + "v2/a.yaml"})

    await bundle(source)

    assert source.asked[-1] == SITE + "v2/b.yaml"


async def test_what_was_bundled_is_bundled_again_when_it_is_fetched_again(store, schemas):
    source = documents({"openapi.yaml": referring_to("a.yaml"), "a.yaml": THING})
    fetch = fetching(source)
    refetch = RefetchSchema(
        schemas, fetch, store, CompareSchemas(schemas, SameProcessExaminer()), all_allowed()
    )

    first = await ImportSchema(fetch, store)("ws_1", ROOT, bundle=True)
    same = await refetch("ws_1", first.id)
    source.pages[SITE + "a.yaml"] = (THING.replace("operationId: thing", "operationId: new"), "v1")
    second = await refetch("ws_1", first.id)

    assert first.bundled
    assert (same.schema, same.changes.items()) == (first, [])
    assert (second.schema.previous_id, second.schema.bundled) == (first.id, True)
    assert [each.name for each in second.schema.summaries()] == ["new"]
    assert {each["impact"] for each in second.changes.items()} == {"breaking"}


async def test_the_same_text_bundled_and_not_are_two_ways_to_fetch_it_again(store):
    fetch = fetching(documents({"openapi.yaml": f"{TOP}paths: {{/a: {THING}}}"}))

    plain = await ImportSchema(fetch, store)("ws_1", ROOT)
    bundled = await ImportSchema(fetch, store)("ws_1", ROOT, bundle=True)

    assert (plain.bundled, bundled.bundled) == (False, True)


async def test_an_import_of_what_is_not_there_is_refused():
    with pytest.raises(ImportFailed):
        await bundle(documents({}))
