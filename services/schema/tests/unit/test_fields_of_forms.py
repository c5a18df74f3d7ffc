"""Fields of forms are described and sent as parameters are; no field takes the place of another."""

import json

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
TEXT = {"type": "string"}
ITEM = {"type": "object", "properties": {"price": TEXT}}


def examined(document):
    return examine(read_document(json.dumps(document).encode()))


def swagger(*parameters, **more):
    operation = {"operationId": "a", "parameters": [*parameters], "consumes": [FORM], **more}
    operation["responses"] = {"200": {"description": "d"}}
    document = {"swagger": "2.0", "info": {"title": "t", "version": "1"}, "host": "api.foo.dev"}
    return document | {"schemes": ["https"], "paths": {"/a": {"post": operation}}}


def with_body(media_type, media, version="3.1.0"):
    operation = {"operationId": "a", "responses": {"200": {"description": "d"}}}
    operation["requestBody"] = {"required": True, "content": {media_type: media}}
    document = {"openapi": version, "info": {"title": "t", "version": "1"}}
    document["servers"] = [{"url": "https://api.foo.dev"}]
    return document | {"paths": {"/a": {"post": operation}}}


def field(name, **more):
    return {"name": name, "in": "formData", "type": "integer", **more}


def defaults_of(document):
    return examined(document).operations[0].operation.defaults


@pytest.mark.parametrize("consumes", [FORM, MULTIPART])
def test_the_default_of_a_required_form_parameter_is_sent(consumes):
    fields = [field("n", default=3, required=True), field("m", default=4), field("o")]
    assert defaults_of(swagger(*fields, consumes=[consumes])) == {"n": 3}


@pytest.mark.parametrize("default", [None, "three", [3]])
def test_a_default_that_the_field_cannot_have_is_not_sent(default):
    assert defaults_of(swagger(field("n", default=default, required=True))) == {}


def test_the_switch_holds_for_form_parameters_too():
    asked = swagger(field("n", default=3, required=True), **{"x-openactions-send-defaults": False})
    assert defaults_of(asked) == {}


def test_the_body_of_json_keeps_its_defaults_to_itself():
    schema = {"type": "object", "required": ["n"], "properties": {"n": {**TEXT, "default": "x"}}}
    assert defaults_of(with_body("application/json", {"schema": schema})) == {}


def said_of_styles(document):
    found = examined(document).findings
    return {each.pointer.rpartition("/")[2]: each for each in found if "style_und" in each.code}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_field_whose_style_is_not_defined_is_a_warning_at_its_encoding(version):
    nested = {"type": "object", "properties": {"in": ITEM}}
    items = {"type": "array", "items": ITEM}
    fields = {"items": items, "nested": nested, "flat": ITEM, "plain": nested, "listed": items}
    deep = {"style": "deepObject", "explode": True}
    encoding: dict[str, dict] = {"items": deep, "nested": deep, "flat": deep}
    encoding["listed"] = {"style": "pipeDelimited"}
    schema = {"type": "object", "properties": fields}
    said = said_of_styles(with_body(FORM, {"schema": schema, "encoding": encoding}, version))
    assert said.keys() == {"items", "nested", "listed"}
    assert said["items"].pointer.endswith("/application~1x-www-form-urlencoded/encoding/items")
    assert said["items"].message.startswith(
        "Field items may be a list of objects, and OpenAPI does not say"
    )
    assert "contentType: application/json" in said["items"].hint


def test_moving_fields_below_properties_overwrites_none():
    schema = {"type": "object", "name": {"type": "integer"}, "age": {"type": "integer"}}
    schema["properties"] = {"name": TEXT}
    text = json.dumps(with_body("application/json", {"schema": schema}))
    found = examine(read_document(text.encode())).findings
    assert [each.pointer.rpartition("/")[2] for each in found if "beside" in each.code] == [
        "name",
        "age",
    ]
    new = repair_all(text, [each.repair for each in found if each.repair]).text
    body = json.loads(new)["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"]["properties"] == {"name": TEXT, "age": {"type": "integer"}}
    assert body["schema"]["name"] == {"type": "integer"}
