"""What a call takes: flat arguments, their schema, and where each value goes."""

import pytest

from contracts.headers import RESERVED
from services.schema.tests.documents import answer, api, codes, get, only, post


def test_an_argument_gets_its_location_where_the_name_is_taken():
    parameters = [
        {"name": "id", "in": "query", "schema": {"type": "string"}},
        {"name": "id", "in": "header", "schema": {"type": "string"}},
    ]
    document = post({"properties": {"id": {"type": "integer"}}})
    document["paths"]["/pets"]["post"]["parameters"] = parameters
    operation = only(document)
    assert list(operation.arguments["properties"]) == ["id", "id_header", "id_body"]
    assert [(p.argument, p.name) for p in operation.parameters] == [
        ("id", "id"),
        ("id_header", "id"),
    ]
    assert operation.body.members == {"id_body": "id"}


@pytest.mark.parametrize(
    "name", ["Accept", "host", "X-Forwarded-For", "OpenAI-Foo", *sorted(RESERVED)]
)
def test_b24_h65_reserved_headers_are_no_arguments(name):
    parameter = {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
    document = get(parameters=[parameter])
    assert only(document).parameters == ()
    assert codes(answer(document)) == ["schema.parameter_reserved"]


@pytest.mark.parametrize("name", ["X Version", "X:Version", "Größe", "X-Version\n"])
def test_b24_what_no_header_is_named_blocks_an_operation_only_where_it_is_required(name):
    parameter = {"name": name, "in": "header", "schema": {"type": "string"}}
    optional = get(parameters=[parameter])

    assert only(optional).parameters == ()
    assert codes(answer(optional)) == ["schema.header_name_left_out"]
    required = answer(get(parameters=[{**parameter, "required": True}]))
    assert codes(required) == ["schema.header_name_invalid"]
    assert not required.valid


def test_other_headers_and_cookies_are_arguments():
    parameters = [
        {"name": "X-Version", "in": "header", "schema": {"type": "string"}},
        {"name": "theme", "in": "cookie", "schema": {"type": "string"}},
    ]
    operation = only(get(parameters=parameters))
    assert [(p.location, p.style, p.explode) for p in operation.parameters] == [
        ("header", "simple", False),
        ("cookie", "form", True),
    ]


def test_version_3_2_has_parameters_that_are_the_whole_query():
    content = {"application/json": {"schema": {"type": "object"}}}
    parameter = {"name": "q", "in": "querystring", "required": True, "content": content}
    document = get(parameters=[parameter]) | {"openapi": "3.2.0"}
    [sent] = only(document).parameters
    assert (sent.location, sent.content_type) == ("querystring", "application/json")
    assert codes(answer(document)) == []


def test_an_undeclared_path_parameter_is_taken_for_a_text():
    document = api({"/pets/{id}": {"get": {"operationId": "getPet"}}})
    assert only(document).arguments["required"] == ["id"]
    assert codes(answer(document)) == ["schema.path_parameter_undeclared"]


def test_a_required_single_value_becomes_a_constant():
    parameters = [
        {"name": "v", "in": "query", "required": True, "schema": {"const": 2}},
        {"name": "status", "in": "query", "schema": {"enum": ["a"], "default": "a"}},
        {"name": "expand", "in": "query", "schema": {"enum": ["all"]}},
    ]
    operation = only(get(parameters=parameters))
    assert operation.constants == {"v": 2, "status": "a"}
    assert "required" not in operation.arguments


def test_a_body_that_is_no_object_is_one_argument():
    operation = only(post({"type": "array", "items": {"type": "string"}}, required=True))
    assert operation.body.members is None
    assert operation.arguments["required"] == ["body"]


def test_members_of_an_optional_body_depend_on_each_other():
    schema = {"properties": {"a": {}, "b": {}}, "required": ["a"]}
    operation = only(post(schema, required=False))
    assert "required" not in operation.arguments
    assert operation.arguments["dependentRequired"] == {"b": ["a"]}


def test_read_only_members_are_left_out():
    schema = {
        "properties": {"id": {"readOnly": True, "type": "string"}, "name": {"type": "string"}},
        "required": ["id", "name"],
    }
    operation = only(post(schema))
    assert list(operation.arguments["properties"]) == ["name"]
    assert operation.arguments["required"] == ["name"]


def test_members_that_nothing_declares_are_allowed_only_where_the_schema_says_so():
    schema = {"properties": {"a": {}}, "additionalProperties": {"type": "string"}}
    operation = only(post(schema))
    assert operation.body.extra_members
    assert operation.arguments["additionalProperties"] == {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        (
            {"type": "string", "nullable": True, "enum": ["a"]},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"minimum": 1, "exclusiveMinimum": False}, {"minimum": 1}),
        (
            {"allOf": [{"minimum": 1}, {}], "nullable": True},
            {"anyOf": [{"allOf": [{"minimum": 1}, {}]}, {"type": "null"}]},
        ),
        ({"allOf": [{"minimum": 1}], "title": "x"}, {"minimum": 1, "title": "x"}),
        ({"allOf": [{"minimum": 1}], "maximum": 2}, {"allOf": [{"minimum": 1}], "maximum": 2}),
        ({"type": "string", "x-y": 1}, {"type": "string"}),
        ({"type": "string", "example": "a"}, {"type": "string", "examples": ["a"]}),
        ({"type": "int"}, {"type": "integer"}),
        ({"type": "String"}, {"type": "string"}),
        ({"type": "whatever"}, {}),
        ({"type": "string", "pattern": "(?=x)"}, {"type": "string"}),
        ({"minLength": "2", "enum": []}, {}),
        ({"items": [{"type": "string"}]}, {"prefixItems": [{"type": "string"}]}),
        ({"type": "file"}, {"type": "string", "format": "binary"}),
    ],
)
def test_older_schemas_become_json_schema_2020_12(schema, expected):
    parameter = {"name": "x", "in": "query", "schema": schema}
    assert only(get(parameters=[parameter])).arguments["properties"]["x"] == expected
