"""D2, D16, D17: what leads nowhere is found however deep it is, said once, truly, with what was
meant.
"""

import json

import pytest

from schema_service.domain.examination import Verdict, examine
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.repair import repair
from services.schema.tests.documents import answer, api, codes, get, only, post

OUTER = {"$ref": "#/components/schemas/Outer"}


def with_schemas(document, **schemas):
    return {**document, "components": {"schemas": schemas}}


def of_text(document):
    """With all that is found in a text: `answer` begins with what was read of it."""
    found = examine(read_document(json.dumps(document)))
    return [each for each in found.findings if "operation_undescribed" not in each.code]


def verdict(document):
    return answer(document).operations[0].verdict


DEEP = {
    "in a member": {"type": "object", "properties": {"a": {"$ref": "REF"}}},
    "in a member of a component": {"properties": {"a": {"$ref": "#/components/schemas/Inner"}}},
    "in a list": {"properties": {"a": {"type": "array", "items": {"$ref": "REF"}}}},
    "in alternatives": {"oneOf": [{"type": "object"}, {"$ref": "REF"}]},
    "as a whole": {"$ref": "REF"},
    "beside a description": {"$ref": "REF", "description": "d"},
    "in other members": {"properties": {"a": {}}, "additionalProperties": {"$ref": "REF"}},
}


@pytest.mark.parametrize("reference", ["#/components/schemas/Nowhere", "other.yaml#/Pet"])
@pytest.mark.parametrize("outer", DEEP.values(), ids=DEEP)
@pytest.mark.parametrize("place", ["body", "form", "parameter"])
def test_d2_a_broken_reference_in_a_component_blocks_the_operation(place, outer, reference):
    node = json.loads(json.dumps(outer).replace("REF", reference))
    inner = {"properties": {"b": {"$ref": reference}}}
    form = "application/x-www-form-urlencoded"
    document = {
        "body": post(OUTER, required=True),
        "form": post(OUTER, form, required=True),
        "parameter": get(parameters=[{"name": "p", "in": "query", "schema": OUTER}]),
    }[place]
    document["paths"]["/fine"] = {"get": {"operationId": "fine"}}
    found = answer(with_schemas(document, Outer=node, Inner=inner))
    verdicts = [each.verdict for each in found.operations]
    assert verdicts == [Verdict.BLOCKED, Verdict.READY]
    errors = [each for each in found.findings if each.severity == "error"]
    expected = "reference_remote" if "yaml" in reference else "reference_dangling"
    assert [each.code for each in errors] == [f"schema.{expected}"]
    assert not found.valid


def test_d2_a_broken_reference_beyond_what_there_is_room_for_blocks_too():
    long = {"description": "x" * 300_000, "properties": {"a": {"$ref": "#/components/schemas/I"}}}
    broken = {"properties": {"a": {"$ref": "#/nowhere"}}}
    outer = {"properties": {"a": {"$ref": "#/components/schemas/Long"}}}
    assert verdict(with_schemas(post(OUTER), Outer=outer, Long=long, I=broken)) == Verdict.BLOCKED


def test_d2_what_is_read_only_is_not_needed():
    outer = {"properties": {"a": {}, "b": {"readOnly": True, "allOf": [{"$ref": "#/nowhere"}]}}}
    assert verdict(with_schemas(post(OUTER), Outer=outer)) is not Verdict.BLOCKED


@pytest.mark.parametrize("outer", [{"properties": {"a": {"type": "whatever"}}}, {"type": "hash!"}])
def test_d16_a_warning_about_a_component_is_one_about_each_operation_that_reaches_it(outer):
    document = post(OUTER)
    document["paths"]["/more"] = {
        "get": {
            "operationId": "more",
            "parameters": [{"name": "p", "in": "query", "schema": OUTER}],
        },
        "delete": {"operationId": "fine"},
    }
    found = answer(with_schemas(document, Outer=outer))
    verdicts = {each.operation_id: each.verdict for each in found.operations}
    assert verdicts == {
        "addPet": Verdict.READY_WITH_WARNINGS,
        "more": Verdict.READY_WITH_WARNINGS,
        "fine": Verdict.READY,
    }


def test_d16_a_warning_that_is_one_too_many_to_be_told_still_counts():
    schemas = {f"S{i}": {"type": "whatever"} for i in range(600)}
    paths = {
        f"/{name}": {
            "get": {
                "operationId": name,
                "parameters": [
                    {
                        "name": "p",
                        "in": "query",
                        "schema": {"$ref": f"#/components/schemas/{name}"},
                    }
                ],
            }
        }
        for name in schemas
    }
    found = answer(with_schemas(api(paths), **schemas))
    assert {each.verdict for each in found.operations} == {Verdict.READY_WITH_WARNINGS}


@pytest.mark.parametrize("length", [1, 2, 3])
@pytest.mark.parametrize("needed", [True, False])
def test_d17_a_cycle_is_called_a_cycle_and_nothing_else(length, needed):
    names = [f"S{i}" for i in range(length)]
    ring = {
        name: {"$ref": f"#/components/schemas/{names[(i + 1) % length]}"}
        for i, name in enumerate(names)
    }
    schema = {"$ref": "#/components/schemas/S0"} if needed else {"properties": {"a": {}}}
    document = with_schemas(post(schema), **ring)
    found = [each for each in of_text(document) if "reference" in each.code]
    assert all("leads back to itself" in each.message for each in found)
    expected = "reference_cycle" if needed else "reference_broken_elsewhere"
    assert {each.code for each in found} == {f"schema.{expected}"}
    assert len(found) == (1 if needed else length)


def test_d17_what_an_operation_needs_through_another_reference_is_not_called_unneeded():
    document = with_schemas(post(OUTER), Outer={"$ref": "#/components/schemas/Nowhere"})
    found = [each.code for each in of_text(document) if "reference" in each.code]
    assert found == ["schema.reference_dangling"]


@pytest.mark.parametrize("written", ["", "#", 5, None, True, ["#/a"], {"a": 1}])
def test_d17_a_reference_that_is_none_gets_a_finding(written):
    found = answer(post({"$ref": written}))
    if written is None:
        return  # as good as absent
    assert found.operations[0].verdict == Verdict.BLOCKED
    expected = "to_document" if isinstance(written, str) else "not_text"
    assert codes(found) == [f"schema.reference_{expected}"]


@pytest.mark.parametrize("written", ["", 5])
@pytest.mark.parametrize("place", ["requestBody", "parameters", "pathItem"])
def test_d17_a_reference_that_is_none_is_found_in_every_place(place, written):
    node = {"$ref": written}
    document = get()
    if place == "pathItem":
        document["paths"]["/other"] = node
    else:
        operation = document["paths"]["/pets"]["get"]
        operation[place] = [node] if place == "parameters" else node
    assert any(code.startswith("schema.reference_") for code in codes(answer(document)))


SLIPS = [
    "#components/schemas/Pet",
    "components/schemas/Pet",
    "/components/schemas/Pet",
    "./components/schemas/Pet",
    "#/definitions/Pet",
    "#/schemas/Pet",
    "schemas/Pet",
    "#/components/schema/Pet",
    "#/component/schemas/Pet",
    "#/components/definitions/Pet",
    "#\\components\\schemas\\Pet",
    "#/components/schemas/pet",
    "#/Components/Schemas/PET",
    "Pet",
    "#Pet",
    "#/components/schemas/Pet/",
]


@pytest.mark.parametrize("written", SLIPS)
def test_d17_a_slip_is_repaired_where_what_was_meant_exists(written):
    document = with_schemas(post({"$ref": written}), Pet={"type": "object", "properties": {}})
    text = json.dumps(document)
    [finding] = [f for f in examine(read_document(text)).findings if f.severity == "error"]
    assert finding.code == "schema.reference_misspelt"
    assert "#/components/schemas/Pet" in finding.message
    again = examine(read_document(repair(text, [finding.repair]).text))
    assert again.valid
    assert again.operations[0].operation is not None


def test_d17_a_slip_on_the_way_is_repaired_where_it_is():
    document = with_schemas(
        post(OUTER), Outer={"$ref": "#/definitions/Pet"}, Pet={"type": "object", "properties": {}}
    )
    [finding] = answer(document).findings
    assert finding.repair.edits[0].pointer == "/components/schemas/Outer/$ref"


@pytest.mark.parametrize("written", ["#/components/schemas/Pet", "#/parameters/Pet"])
def test_d17_swagger_has_definitions(written):
    document = {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "host": "api.example.com",
        "paths": {
            "/a": {
                "post": {
                    "operationId": "a",
                    "parameters": [{"name": "b", "in": "body", "schema": {"$ref": written}}],
                }
            }
        },
        "definitions": {"Pet": {"type": "object"}},
    }
    [finding] = [each for each in answer(document).findings if "reference" in each.code]
    repaired = finding.repair and finding.repair.edits[0].value
    assert repaired == ("#/definitions/Pet" if "schemas" in written else None)


@pytest.mark.parametrize(
    "written", ["#/definitions/Cat", "Cat", "other.yaml#/components/schemas/Pet", "http://h/Pet"]
)
def test_nothing_is_guessed_where_nothing_is_like_it(written):
    document = with_schemas(post({"$ref": written}), Pet={"type": "object"})
    found = answer(document)
    assert codes(found)[0] in ("schema.reference_dangling", "schema.reference_remote")
    assert found.findings[0].repair is None


def test_a_slip_of_a_parameter_is_repaired():
    document = get(parameters=[{"$ref": "#/parameters/Limit"}])
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
    document["components"] = {"parameters": {"Limit": limit}}
    [finding] = answer(document).findings
    assert finding.repair.edits[0].value == "#/components/parameters/Limit"
    document["paths"]["/pets"]["get"]["parameters"] = [{"$ref": finding.repair.edits[0].value}]
    assert [each.name for each in only(document).parameters] == ["limit"]
