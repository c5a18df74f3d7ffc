"""A form is made of an object: its tool asks for nothing else, whatever the document says."""

import json

import jsonschema_rs
import pytest

from schema_service.domain.examination import Verdict, examine
from schema_service.domain.reading.read_document import read_document

FIELDS = {"type": "object", "properties": {"n": {"type": "string"}}}
OTHER = {"type": "object", "properties": {"m": {"type": "string"}}}
SCHEMAS = {
    "none": None,
    "empty": {},
    "true": True,
    "described": {"description": "d"},
    "of several types": {"type": ["object", "string", "array", "integer"]},
    "fields of nothing": {**FIELDS, "type": "null"},
    "or null": {"type": ["object", "null"], "minProperties": 1},
    "alternatives": {"anyOf": [FIELDS, {"type": "array"}, {"type": "string"}]},
    "alternatives without types": {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
    "reference": {"$ref": "#/components/schemas/Any"},
    "reference to several types": {"$ref": "#/components/schemas/Several"},
    "refers to itself": {"$ref": "#/components/schemas/Round"},
}
COMPONENTS = {
    "Any": {"description": "d"},
    "Objects": {"type": "object"},
    "Several": {"type": ["object", "array", "string"]},
    "Round": {"anyOf": [{"$ref": "#/components/schemas/Round"}, FIELDS, {"type": "array"}]},
}


def examined_form(schema, media_type="multipart/form-data", **schemas):
    media = {} if schema is None else {"schema": schema}
    operation = {"operationId": "a", "responses": {"200": {"description": "d"}}}
    operation["requestBody"] = {"required": True, "content": {media_type: media}}
    whole = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}}
    whole |= {"servers": [{"url": "https://api.foo.dev"}], "paths": {"/a": {"post": operation}}}
    whole["components"] = {"schemas": COMPONENTS | schemas}
    return examine(read_document(json.dumps(whole).encode()))


def body_argument(media_type, schema, **schemas):
    (found,) = examined_form(schema, media_type, **schemas).operations
    arguments = found.operation.arguments
    return {**arguments["properties"]["body"], "$defs": arguments.get("$defs", {})}


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize(
    ("media_type", "taken", "refused"),
    [
        ("multipart/form-data", [{"a": "1"}], ["a=1", ["a"], 1, None]),
        ("application/x-www-form-urlencoded", [{"a": "1"}], [["a"], 1, None]),
    ],
)
def test_a_form_takes_an_object_alone(name, media_type, taken, refused):
    schema = body_argument(media_type, SCHEMAS[name])
    assert [each for each in taken if not jsonschema_rs.is_valid(schema, each)] == []
    assert [each for each in refused if jsonschema_rs.is_valid(schema, each)] == []


def test_an_encoded_form_may_be_a_text_that_is_written_already():
    schema = body_argument("application/x-www-form-urlencoded", None)
    assert jsonschema_rs.is_valid(schema, "a=1")


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_a_schema_of_objects_alone_stays_as_it_is(keyword):
    schema = body_argument("multipart/form-data", {keyword: [FIELDS, OTHER]})
    assert "type" not in schema


OBJECTS_ALONE = {
    "a part of an allOf": {"allOf": [{"type": "object"}, {"minProperties": 1}]},
    "a reference with more beside it": {
        "$ref": "#/components/schemas/Objects",
        "minProperties": 1,
    },
}


@pytest.mark.parametrize("schema", OBJECTS_ALONE.values(), ids=OBJECTS_ALONE)
def test_a_schema_that_is_an_objects_by_another_one_stays_as_it_is(schema):
    made = body_argument("multipart/form-data", schema)
    assert "type" not in made
    assert jsonschema_rs.is_valid(made, {"a": "1"})
    assert not jsonschema_rs.is_valid(made, {})


@pytest.mark.parametrize(
    ("schema", "media_type", "kind"),
    [
        ({"type": ["object", "null"], "minProperties": 1}, "multipart/form-data", "object"),
        (
            {"type": ["object", "null", "string"], "minProperties": 1},
            "application/x-www-form-urlencoded",
            ["object", "string"],
        ),
        ({}, "multipart/form-data", "object"),
    ],
)
def test_a_form_says_which_types_it_takes(schema, media_type, kind):
    assert body_argument(media_type, schema)["type"] == kind


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"additionalProperties": {"format": "binary", "type": "string"}}, "all other members"),
        ({"properties": {"f": {"format": "binary", "type": "string"}}}, "f"),
    ],
)
def test_a_form_of_one_argument_says_which_members_are_files(schema, said):
    schema = {"type": "object", "minProperties": 1, **schema}
    described = body_argument("multipart/form-data", schema)["description"]
    assert described == f"Give the bytes of {said} in base64."


def test_a_form_whose_default_does_not_fit_is_ready_with_warnings():
    schema = {"type": ["object", "null"], "minProperties": 1, "default": {"n": 5}}
    schema["properties"] = {"n": {"type": "string"}}
    [detected] = examined_form(schema).operations
    assert "default" not in detected.operation.arguments["properties"]["body"]
    assert detected.verdict is Verdict.READY_WITH_WARNINGS


def test_a_form_of_alternatives_by_one_member_stays_as_it_is():
    named = {each: {"properties": {"kind": {"type": "string"}}} for each in ("Cat", "Dog")}
    union = {"oneOf": [{"$ref": f"#/components/schemas/{each}"} for each in named]}
    union["discriminator"] = {"propertyName": "kind"}
    made = body_argument("multipart/form-data", union, **named)
    assert [*made][:1] == ["oneOf"]
    assert "type" not in made
