"""A form is made of an object: its tool asks for nothing else, whatever the document says."""

import json

import jsonschema_rs
import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document

FIELDS = {"type": "object", "properties": {"n": {"type": "string"}}}
OTHER = {"type": "object", "properties": {"m": {"type": "string"}}}
SCHEMAS = {
    "none": None,
    "empty": {},
    "true": True,
    "described": {"description": "d"},
    "of several types": {"type": ["object", "string", "array", "integer"]},
    "or null": {"type": ["object", "null"], "minProperties": 1},
    "alternatives": {"anyOf": [FIELDS, {"type": "array"}, {"type": "string"}]},
    "alternatives without types": {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
    "reference": {"$ref": "#/components/schemas/Any"},
    "reference to several types": {"$ref": "#/components/schemas/Several"},
    "refers to itself": {"$ref": "#/components/schemas/Round"},
}
COMPONENTS = {
    "Any": {"description": "d"},
    "Several": {"type": ["object", "array", "string"]},
    "Round": {"anyOf": [{"$ref": "#/components/schemas/Round"}, FIELDS, {"type": "array"}]},
}


def body_argument(media_type, schema):
    media = {} if schema is None else {"schema": schema}
    operation = {"operationId": "a", "responses": {"200": {"description": "d"}}}
    operation["requestBody"] = {"required": True, "content": {media_type: media}}
    whole = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}}
    whole |= {"servers": [{"url": "https://api.foo.dev"}], "paths": {"/a": {"post": operation}}}
    whole["components"] = {"schemas": COMPONENTS}
    (found,) = examine(read_document(json.dumps(whole).encode())).operations
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
