"""Documents made to take much work: what is counted is work, not time."""

import json

import pytest

from schema_service.adapters.worker_processes import LARGEST_BYTES, WorkLimits
from schema_service.domain.compiling.json_schema.composed import Composed
from schema_service.domain.compiling.json_schema.discriminator import Discriminators
from schema_service.domain.compiling.json_schema.inlining import MAX_WORK, Inlining
from schema_service.domain.compiling.references import References
from schema_service.domain.examination import Verdict, examine
from schema_service.domain.reading.json_slips import json_slips
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.reading.recognised import foreign_text
from services.schema.tests.rule_documents import unions

MIB = 1024 * 1024


def arguments(text):
    examined = examine(read_document(text))
    [operation] = examined.operations
    assert operation.verdict is not Verdict.BLOCKED
    return examined, operation.operation.arguments


def test_the_same_union_in_many_places_is_one_schema():
    _, schema = arguments(unions(3))
    first, *others = (schema["properties"][f"u{i}"]["oneOf"] for i in range(3))
    assert len(first) == 40
    assert all(each is first for each in others)


def test_what_is_written_out_again_counts_again():
    inlining = Inlining()
    with inlining.making("a", "made"), inlining.of(("a",)):
        for _ in range(MAX_WORK // 3):
            inlining.count_schema()
    assert inlining.known("a") == "made"
    assert not inlining.is_exhausted
    assert inlining.known("a") == "made"
    inlining.count_values(3)
    assert inlining.is_exhausted


def test_beyond_the_budget_unions_stay_references_and_the_document_says_so():
    document = json.loads(unions(100))
    node = document["paths"]["/a"]["post"]
    document["paths"] = {
        f"/{i}": {"post": {**node, "operationId": f"o{i}", "requestBody": _only(document, i)}}
        for i in range(100)
    }
    examined = examine(read_document(json.dumps(document)))
    assert "schema.combined_too_often" in {each.code for each in examined.findings}
    first, *_, last = (
        each.operation.arguments["properties"]["body"] for each in examined.operations
    )
    assert first["oneOf"][0]["properties"]["kind"]["const"] == "k0"
    assert [{*each} for each in last["anyOf"]] == [{"$ref"}] * 40


def test_an_ordinary_document_is_within_the_budget():
    examined, _ = arguments(unions(5))
    assert "schema.combined_too_often" not in {each.code for each in examined.findings}


def test_branches_of_the_same_references_are_told_apart_once():
    document = json.loads(unions(1))
    references = References(document)
    discriminators = Discriminators(references, Composed(references))
    body = document["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"]
    union = body["schema"]["properties"]["u0"]
    one = discriminators.alternatives(union, ("a",), "oneOf")
    assert discriminators.alternatives(json.loads(json.dumps(union)), ("b",), "oneOf") is one


def test_values_of_a_union_are_those_of_its_own_mapping():
    """Two unions of the same references that name them differently are not one."""
    document = json.loads(unions(2))
    for index, value in enumerate(("k0", "other")):
        union = _member(document, f"u{index}")
        union["discriminator"]["mapping"] = {value: "#/components/schemas/S0"}
    for node in document["components"]["schemas"].values():
        node["properties"]["kind"] = {"type": "string"}
    _, schema = arguments(json.dumps(document))
    consts = [
        schema["properties"][name]["oneOf"][0]["properties"]["kind"]["const"]
        for name in ("u0", "u1")
    ]
    assert consts == ["k0", "other"]


def _only(document, index):
    return {"content": {"application/json": {"schema": _member(document, f"u{index}")}}}


def _member(document, name):
    body = document["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"]
    return body["schema"]["properties"][name]


@pytest.mark.parametrize("inner", ["a/" * 400, "a" * 800, '{"a":[' * 400])
def test_text_that_is_hardly_json_is_given_up(inner):
    assert json_slips("{openapi:" + inner) is None


@pytest.mark.parametrize("begins", ['openapi: 3.0.0\na: "', "openapi: 3.0.0\na: [\nb"])
def test_many_blanks_in_a_line_are_gone_through_once(begins):
    """In the square of their number these would take an hour."""
    assert read_document(begins + " " * 1_000_000 + "x").document is None


def test_lines_without_end_are_no_other_format():
    assert foreign_text("proto" + "\n" * 19_000 + "x") is None


def test_limits_follow_the_size_of_a_document():
    limits = WorkLimits(1, 30.0, 1024 * MIB, 5.0, 384 * MIB)
    sizes = (0, LARGEST_BYTES // 2, LARGEST_BYTES, 2 * LARGEST_BYTES)
    assert [limits.seconds_for(size) for size in sizes] == [5.0, 17.5, 30.0, 30.0]
    assert [limits.memory_for(size) // MIB for size in sizes] == [384, 704, 1024, 1024]


def test_limits_without_a_least_are_the_same_for_all():
    limits = WorkLimits(1, 15.0, 512 * MIB)
    assert (limits.seconds_for(0), limits.memory_for(0)) == (15.0, 512 * MIB)
