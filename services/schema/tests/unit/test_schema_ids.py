"""References by the URI of a schema or of the document itself lead into the document."""

import json

import pytest

from schema_service.domain.bundling.part import outside
from schema_service.domain.examination import Verdict, examine
from schema_service.domain.reading.read_document import read_document
from services.schema.tests.documents import codes, post
from services.schema.tests.unit.test_schema_bundling import bundle_of, part

URL = "https://docs.example.com/v1/openapi.yaml"
SIZE = {"$id": "https://ids.example/size", "enum": ["s", "l"]}


def document(reference, **schemas):
    body = {"type": "object", "properties": {"a": {"$ref": reference}}}
    made = post(body, description="d")
    made["paths"]["/pets"]["post"] |= {"summary": "s", "responses": {"204": {"description": "d"}}}
    return {**made, "components": {"schemas": schemas}}


def examined(made, **options):
    return examine(read_document(json.dumps(made)), **options)


def definition_of(found):
    [detected] = found.operations
    assert detected.operation is not None, found.findings
    reference = detected.operation.arguments["properties"]["a"]["$ref"]
    return detected.operation.arguments["$defs"][reference.removeprefix("#/$defs/")]


@pytest.mark.parametrize(
    ("identifier", "reference"),
    [
        ("https://ids.example/size", "https://ids.example/size"),
        ("https://ids.example/size", "https://ids.example/size#"),
        ("urn:example:size", "urn:example:size"),
        ("size", "size"),
        ("/size", "https://docs.example.com/size"),
        ("schemas/size.json", "https://docs.example.com/v1/schemas/size.json"),
    ],
)
def test_z9_1_a_reference_to_the_id_of_a_schema_leads_to_it(identifier, reference):
    found = examined(document(reference, Size={**SIZE, "$id": identifier}), source_url=URL)
    assert definition_of(found)["enum"] == ["s", "l"]
    assert not codes(found)


@pytest.mark.parametrize(
    ("reference", "wanted"),
    [
        ("#", "object"),
        ("#/$defs/Name", "string"),
        ("#name", "string"),
        ("https://ids.example/pet#/$defs/Name", "string"),
        ("pet#name", "string"),
        ("toy", "integer"),
        ("./toy", "integer"),
    ],
)
def test_z9_1_references_within_a_schema_are_resolved_against_its_id(reference, wanted):
    """Two schemas have the same anchor; each means its own."""
    pet = {
        "$id": "https://ids.example/pet",
        "type": "object",
        "properties": {"it": {"$ref": reference}},
        "$defs": {"Name": {"type": "string", "$anchor": "name"}},
    }
    toy = {"$id": "https://ids.example/toy", "type": "integer", "$anchor": "name"}
    made = document("#/components/schemas/Pet", Toy=toy, Pet=pet, Toys={"$anchor": "name"})
    found = examined(made)
    [detected] = found.operations
    definitions = detected.operation.arguments["$defs"]
    led_to = definitions["Pet"]["properties"]["it"]["$ref"].removeprefix("#/$defs/")
    assert definitions[led_to]["type"] == wanted


def test_z9_1_a_reference_from_the_documents_root_is_kept_within_a_schema_that_has_an_id():
    pet = {"$id": "https://ids.example/pet", "type": "object"}
    pet["properties"] = {"size": {"$ref": "#/components/schemas/Size"}}
    found = examined(document("#/components/schemas/Pet", Pet=pet, Size={"enum": ["s"]}))
    assert definition_of(found)["properties"]["size"] == {"$ref": "#/$defs/Size"}


@pytest.mark.parametrize(
    "reference",
    ["https://docs.example.com/api#/components/schemas/Size", "/api#/components/schemas/Size"],
)
def test_z9_1_the_documents_own_uri_may_be_relative_to_where_it_came_from(reference):
    made = {**document(reference, Size={"enum": ["s"]}), "openapi": "3.2.0", "$self": "/api"}
    assert definition_of(examined(made, source_url=URL)) == {"enum": ["s"]}


def test_z9_1_what_has_the_id_of_no_schema_points_out_of_the_document():
    pet = {"$id": "https://ids.example/pet", "properties": {"b": {"$ref": "gone"}}}
    found = examined(document("#/components/schemas/Pet", Pet=pet))
    [error] = [each for each in found.findings if each.severity == "error"]
    assert error.code == "schema.reference_remote"
    assert error.message.startswith("gone points out of this document")
    assert [each.verdict for each in found.operations] == [Verdict.BLOCKED]


def test_z9_1_in_openapi_3_0_an_id_is_no_base():
    made = {**document(SIZE["$id"], Size=SIZE), "openapi": "3.0.3"}
    assert "schema.reference_remote" in codes(examined(made))


def test_z9_1_an_id_in_an_example_is_a_value():
    made = document(SIZE["$id"], Size={"enum": ["s"], "examples": [SIZE], "example": SIZE})
    assert "schema.reference_remote" in codes(examined(made))


def test_z9_1_a_bundle_asks_nobody_for_what_has_an_id_in_the_document():
    own = "https://docs.example.com/v1/size.json"
    root = json.dumps(document(own, Size={**SIZE, "$id": own}))
    assert outside(part(URL, root), URL).urls == ()
    assert outside(part(URL, json.dumps(document(own))), URL).urls == (own,)


def test_z9_1_a_part_of_a_bundle_keeps_its_own_ids():
    toys = {"Toy": {"$ref": "toy.json"}, "Size": {**SIZE, "$id": "toy.json"}}
    text = bundle_of(json.dumps(document("all.json#/Toy")), {"all.json": json.dumps(toys)})
    assert definition_of(examined(json.loads(text), source_url=URL))["enum"] == ["s", "l"]
