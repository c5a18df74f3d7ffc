"""Defaults that break their own rules: a finding, and neither shown nor sent."""

import json

import pytest

from schema_service.domain.examination import Verdict
from services.schema.tests.documents import answer, api, codes, only


def parameter(schema, location="header", **components):
    name = "q" if location != "header" else "X-Q"
    each = {"name": name, "in": location, "required": location == "path", "schema": schema}
    path = "/a/{q}" if location == "path" else "/a"
    operation = {"operationId": "a", "parameters": [each], "responses": {"200": {}}}
    return api({path: {"get": operation}}, components={"schemas": components})


def default_findings(document):
    return [each for each in answer(document).findings if each.code == "schema.default_refused"]


BREAKING = {
    "maximum": {"type": "integer", "maximum": 3, "default": 9},
    "pattern": {"type": "string", "pattern": "^v", "default": "2024-01-01"},
    "enum": {"type": "string", "enum": ["a", "b"], "default": "c"},
    "length": {"type": "string", "minLength": 3, "default": "a"},
    "type": {"type": "integer", "default": "abc"},
    "items": {"type": "array", "items": {"type": "string", "maxLength": 1}, "default": ["ab"]},
    "exclusive": {"type": "number", "exclusiveMinimum": 0, "default": 0},
    "reference": {"$ref": "#/components/schemas/Colour", "default": "purple"},
    "part": {"allOf": [{"$ref": "#/components/schemas/Colour"}], "default": "purple"},
    "alternative": {"anyOf": [{"type": "integer"}, {"const": "x"}], "default": "y"},
}
COLOUR = {"type": "string", "enum": ["red", "green"]}


@pytest.mark.parametrize("location", ["header", "query", "path"])
@pytest.mark.parametrize("schema", BREAKING.values(), ids=BREAKING)
def test_a_default_that_breaks_its_own_rule_has_a_finding_and_is_not_used(schema, location):
    document = parameter(schema, location, Colour=COLOUR)
    operation = only(document)
    assert operation.defaults == {}
    assert '"default"' not in json.dumps(operation.arguments)
    [finding] = default_findings(document)
    assert finding.pointer.endswith("/parameters/0/schema/default")
    assert finding.hint
    [detected] = answer(document).operations
    assert detected.verdict is Verdict.READY_WITH_WARNINGS


@pytest.mark.parametrize(
    ("schema", "default"),
    [
        ({"type": "integer", "maximum": 3, "default": 3}, 3),
        ({"type": "string", "pattern": "^v", "default": "v1"}, "v1"),
        ({"$ref": "#/components/schemas/Colour", "default": "red"}, "red"),
        ({"type": "string", "format": "date", "default": "soon"}, "soon"),
        ({"type": "integer", "default": "20"}, 20),
    ],
)
def test_a_default_that_keeps_its_rules_is_shown_and_sent(schema, default):
    document = parameter(schema, Colour=COLOUR)
    operation = only(document)
    assert list(operation.defaults.values()) == [default]
    assert default_findings(document) == []


def test_null_that_is_no_value_means_no_default_and_is_not_shown():
    document = parameter({"type": "string", "default": None}, "query")
    assert "default" not in json.dumps(only(document).arguments)
    assert default_findings(document) == []


def test_null_that_is_a_value_stays_the_default():
    for schema in ({"type": ["string", "null"]}, {"type": "string", "nullable": True}):
        operation = only(parameter({**schema, "default": None}, "query"))
        assert operation.arguments["properties"]["q"]["default"] is None


@pytest.mark.parametrize(
    ("location", "default"),
    [("header", "ä\n"), ("header", "\x00"), ("path", ""), ("path", ".."), ("path", "a\nb")],
)
@pytest.mark.parametrize("referred", [True, False])
def test_a_default_that_no_request_can_hold_is_not_used(location, default, referred):
    schema = {"type": "string", "default": default}
    given = {"$ref": "#/components/schemas/Text"} if referred else schema
    document = parameter(given, location, Text=schema)
    operation = only(document)
    assert operation.defaults == {}
    assert (
        "default" not in operation.arguments["properties"]["X-Q" if location == "header" else "q"]
    )
    assert len(default_findings(document)) == 1


def test_defaults_deep_in_a_body_are_checked_too():
    inner = {"type": "object", "properties": {"n": {"type": "integer", "default": "x"}}}
    body = {"type": "object", "properties": {"a": inner, "b": {"type": "array", "items": inner}}}
    content = {"application/json": {"schema": body}}
    document = api({"/a": {"post": {"operationId": "a", "requestBody": {"content": content}}}})
    assert "default" not in json.dumps(only(document).arguments)
    assert len(default_findings(document)) == 2


def test_schemas_that_need_each_other_for_their_defaults_come_to_an_end():
    ring = {
        f"S{i}": {
            "type": "object",
            "properties": {"n": {"$ref": f"#/components/schemas/S{(i + 1) % 50}", "default": 1}},
        }
        for i in range(50)
    }
    document = parameter({"$ref": "#/components/schemas/S0"}, "query", **ring)
    assert "schema.default_refused" in codes(answer(document))


SHORT = {"type": "string", "maxLength": 2}
OWNER = {"type": "object", "properties": {"name": {"type": "string"}}}
WRONG = {"kind": "cat", "owner": 5}


def pet(kind, **members):
    properties = {"kind": {"type": "string", "const": kind}, "owner": to_schema("Owner")}
    return {"type": "object", "required": ["kind"], "properties": properties, **members}


def to_schema(name):
    return {"$ref": f"#/components/schemas/{name}"}


def choices(order, cat):
    """Operations /a and /b, in this order, whose bodies have a cat among other pets."""
    others = {"a": "Dog", "b": "Bird"}
    paths = {}
    for name in order:
        union = {
            "oneOf": [to_schema("Cat"), to_schema(others[name])],
            "discriminator": {"propertyName": "kind"},
        }
        body = {"type": "object", "properties": {"pet": union}}
        content = {"application/json": {"schema": body}}
        operation = {"operationId": name, "requestBody": {"content": content}, "responses": {}}
        paths[f"/{name}"] = {"post": operation}
    schemas = {"Cat": cat, "Dog": pet("dog"), "Bird": pet("bird"), "Owner": OWNER, "Short": SHORT}
    return api(paths, components={"schemas": schemas})


@pytest.mark.parametrize("order", ["ab", "ba"])
@pytest.mark.parametrize(
    "cat",
    [
        pet("cat", default=WRONG),
        {"allOf": [pet("cat", default=WRONG)]},
        {"description": "d", "allOf": [{"allOf": [pet("cat", default=WRONG)]}]},
        {**pet("cat"), "properties": {"kind": {"allOf": [to_schema("Short")], "default": "Cat"}}},
        {**pet("cat"), "properties": {"kind": {"type": "string", "default": "dog"}}},
    ],
)
def test_o9b4_no_branch_keeps_a_default_that_is_refused(order, cat):
    detected = answer(choices(order, cat)).operations
    for each in detected:
        [branch, _] = each.operation.arguments["properties"]["pet"]["oneOf"]
        assert '"default"' not in json.dumps(branch)
    digests = {each.operation_id: each.operation.digest for each in detected}
    turned = answer(choices(order[::-1], cat)).operations
    assert {each.operation_id: each.operation.digest for each in turned} == digests


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_o9b4_a_default_that_fits_stays_in_every_branch(order):
    cat = pet("cat", default={"kind": "cat", "owner": {"name": "Ann"}})
    for each in answer(choices(order, cat)).operations:
        assert each.operation.arguments["properties"]["pet"]["oneOf"][0]["default"]


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_o9b4_what_a_refused_default_says_against_an_operation_is_said_of_each(order):
    examined = answer(choices(order, pet("cat", default=WRONG)))
    assert {each.verdict for each in examined.operations} == {Verdict.READY_WITH_WARNINGS}
    assert codes(examined).count("schema.default_refused") == 1


@pytest.mark.parametrize(("default", "stays"), [({"name": 5}, False), ({"name": "Ann"}, True)])
def test_o9b4_members_of_subtypes_are_merged_without_refused_defaults(default, stays):
    parent = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string", "default": "pet"}},
        "discriminator": {"propertyName": "kind", "mapping": {"cat": "Cat", "dog": "Dog"}},
    }
    owner = {"allOf": [to_schema("Owner")], "minProperties": 1, "default": default}
    child = {"allOf": [to_schema("Pet")], "properties": {"owner": owner}}
    schemas = {"Pet": parent, "Cat": child, "Dog": {"allOf": [to_schema("Pet")]}, "Owner": OWNER}
    content = {"application/json": {"schema": to_schema("Pet")}}
    operation = {"operationId": "a", "responses": {}}
    operation["requestBody"] = {"required": True, "content": content}
    properties = only(api({"/a": {"post": operation}}, components={"schemas": schemas})).arguments[
        "properties"
    ]
    assert ("default" in properties["owner"]) == stays
    assert properties["kind"]["enum"] == ["cat", "dog"]
    assert "default" not in properties["kind"]
