"""Swagger 2.0 documents become the same operations as their OpenAPI 3 sisters."""

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.reading import Reading, Syntax


def answer(operation=None, *, method="post", source_url=None, **members):
    node = {"operationId": "a", "summary": "s", "responses": {"200": {"description": "d"}}}
    document = {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "host": "a.example",
        "paths": {"/a": {method: {**node, **(operation or {})}}},
        **members,
    }
    document = {key: value for key, value in document.items() if value is not None}
    return examine(Reading(b"{}", Syntax.JSON, document), source_url=source_url)


def only(operation=None, **members):
    [detected] = answer(operation, **members).operations
    assert detected.operation is not None
    return detected.operation


def field(name, location="formData", **more):
    return {"name": name, "in": location, "type": "string", **more}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, "https://a.example"),
        ({"basePath": "/v1/"}, "https://a.example/v1"),
        ({"basePath": "v1"}, "https://a.example/v1"),
        ({"schemes": ["http", "https"]}, "https://a.example"),
        ({"host": None, "source_url": "https://b.example/x.json"}, "https://b.example"),
    ],
)
def test_the_server_is_made_of_schemes_host_and_base_path(members, expected):
    assert only(**members).server == expected


def test_a_document_with_http_only_is_told_so_where_it_says_it():
    [server] = answer(schemes=["http"]).servers
    assert (server.origin, server.pointer) == ("http://a.example:80", "/schemes")
    assert server.edits[0].value == ["https"]


def test_a_document_without_a_host_is_asked_for_one():
    [finding] = [f for f in answer(host=None).findings if f.severity == "error"]
    assert (finding.code, finding.pointer) == ("schema.server_missing", "/host")


@pytest.mark.parametrize(
    ("format_", "location", "expected"),
    [
        (None, "query", ("form", False)),
        ("csv", "query", ("form", False)),
        ("ssv", "query", ("spaceDelimited", False)),
        ("pipes", "query", ("pipeDelimited", False)),
        ("multi", "query", ("form", True)),
        ("csv", "header", ("simple", False)),
    ],
)
def test_collection_formats_become_styles(format_, location, expected):
    parameter = field("x", location, type="array", items={"type": "string"})
    if format_:
        parameter["collectionFormat"] = format_
    [sent] = only({"parameters": [parameter]}, method="get").parameters
    assert (sent.style, sent.explode) == expected


def test_a_parameter_is_its_own_schema():
    parameter = field("x", "query", enum=["a", "b"], default="a", description="d")
    operation = only({"parameters": [parameter]}, method="get")
    assert operation.arguments["properties"]["x"] == {
        "type": "string",
        "enum": ["a", "b"],
        "default": "a",
        "description": "d",
    }


def test_a_body_parameter_becomes_the_body():
    schema = {"$ref": "#/definitions/Pet"}
    definitions = {"Pet": {"type": "object", "properties": {"name": {"type": "string"}}}}
    body = {"name": "pet", "in": "body", "required": True, "schema": schema}
    operation = only({"parameters": [body]}, definitions=definitions)
    assert operation.body.media_type == "application/json"
    assert operation.body.required
    assert operation.body.members == {"name": "name"}


def test_form_fields_become_a_form():
    fields = [field("a", required=True), field("b", type="integer")]
    operation = only({"parameters": fields})
    assert operation.body.media_type == "application/x-www-form-urlencoded"
    assert operation.body.members == {"a": "a", "b": "b"}
    assert operation.arguments["required"] == ["a"]


def test_a_file_makes_the_form_multipart():
    operation = only({"parameters": [field("a", type="file")], "consumes": ["application/json"]})
    assert operation.body.media_type == "multipart/form-data"
    assert operation.body.encoding["a"].kind == "file"


def test_lists_in_a_form_keep_their_format():
    parameter = field("a", type="array", items={"type": "string"}, collectionFormat="multi")
    assert only({"parameters": [parameter]}).body.encoding["a"].explode is True


def test_forms_that_share_their_first_field_stay_apart():
    shared = {"Shared": field("a")}
    reference = {"$ref": "#/parameters/Shared"}
    paths = {
        "/b": {"post": {"operationId": "b", "parameters": [reference, field("b")]}},
        "/c": {"post": {"operationId": "c", "parameters": [reference, field("c")]}},
    }
    operations = answer(paths=paths, parameters=shared).operations
    assert [list(d.operation.body.members) for d in operations] == [["a", "b"], ["a", "c"]]


def test_media_types_come_from_the_operation_or_else_from_the_document():
    operation = only({"produces": ["text/csv"]}, produces=["application/json"])
    assert operation.response_media_types == ("text/csv",)
    assert only(produces=["application/json"]).response_media_types == ("application/json",)


def test_security_definitions_are_the_schemes():
    schemes = {"key": {"type": "apiKey", "in": "query", "name": "token"}}
    examination = answer(
        {"security": [{"key": []}], "parameters": [field("token", "query")]},
        method="get",
        securityDefinitions=schemes,
    )
    assert examination.security_schemes == schemes
    [detected] = examination.operations
    assert detected.operation.security == ("key",)
    assert detected.operation.parameters == ()


def test_nullable_by_extension_is_nullable():
    definitions = {"A": {"properties": {"b": {"type": "string", "x-nullable": True}}}}
    body = {"name": "x", "in": "body", "schema": {"$ref": "#/definitions/A"}}
    operation = only({"parameters": [body]}, definitions=definitions)
    assert operation.arguments["properties"]["b"] == {"type": ["string", "null"]}
