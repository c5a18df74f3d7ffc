"""What is called as a section of components, and is what stands around it all the same."""

import json

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from services.schema.tests.rule_documents import OK

TEXT = {"type": "string"}
SCHEMAS = {
    "responses": {"properties": {"items": {"description": "d"}, "description": TEXT}},
    "parameters": {"properties": {"name": TEXT, "in": TEXT}},
    "requestBodies": {"properties": {"content": TEXT}},
    "securitySchemes": {"properties": {"type": TEXT}},
    "paths": {"properties": {"/a": {"get": TEXT}}, "/a": {"get": TEXT}},
}


def found(version, **members):
    head = {**version, "info": {"title": "T", "version": "1"}}
    return examine(read_document(json.dumps({**head, **members})))


def of_components(components, operation=None):
    return found(
        {"openapi": "3.1.0"},
        servers=[{"url": "https://api.acme.io"}],
        paths={"/a": {"get": {"operationId": "a", "responses": OK, **(operation or {})}}},
        components=components,
    )


def codes(examination):
    return {each.code for each in examination.findings if each.severity == "error"}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_may_be_called_as_a_section(name):
    schema = {"$ref": f"#/components/schemas/{name}"}
    content = {"application/json": {"schema": schema}}
    answer = {"responses": {"200": {"description": "d", "content": content}}}
    examination = of_components({"schemas": {name: SCHEMAS[name]}}, answer)
    assert codes(examination) == set()


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_of_swagger_may_be_called_as_a_section(name):
    paths = {"/a": {"get": {"operationId": "a", "responses": OK}}}
    definitions = {name: SCHEMAS[name]}
    swagger = {"swagger": "2.0", "host": "api.acme.io", "schemes": ["https"]}
    assert codes(found(swagger, paths=paths, definitions=definitions)) == set()


def test_an_answer_may_be_called_parameters():
    headers = {"name": {"schema": TEXT}, "in": {"schema": TEXT}}
    answer = {"description": "d", "headers": headers}
    assert codes(of_components({"responses": {"parameters": answer}})) == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("responses", {"NotFound": {"description": "d"}}),
        ("parameters", {"Limit": {"name": "limit", "in": "query", "schema": TEXT}}),
        ("requestBodies", {"Item": {"content": {"application/json": {}}}}),
        ("securitySchemes", {"key": {"type": "apiKey", "in": "header", "name": "X"}}),
    ],
)
def test_a_section_among_the_schemas_is_an_error_still(name, value):
    assert codes(of_components({"schemas": {name: value}})) == {"schema.member_misplaced"}
