"""Sections of components one level too deep, some of whose names are keywords of objects there."""

import json

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document


def parameter(name):
    return {"name": name, "in": "query", "description": "d", "schema": {"type": "string"}}


def errors_at(components):
    operation = {"operationId": "a", "summary": "s", "responses": {"200": {"description": "d"}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://api.acme.io"}],
        "paths": {"/a": {"get": operation}},
        "components": components,
    }
    found = examine(read_document(json.dumps(document))).findings
    return [each.pointer for each in found if each.code == "schema.member_misplaced"]


ANSWER = {"description": "d"}
PARAMETERS = {"limit": parameter("limit")}
STRAYS = [
    ("schemas", "parameters", {**PARAMETERS, "format": parameter("format")}),
    ("schemas", "parameters", {**PARAMETERS, "items": parameter("items")}),
    ("schemas", "parameters", {**PARAMETERS, "properties": parameter("properties")}),
    ("schemas", "parameters", {"required": parameter("required"), "default": parameter("x")}),
    ("schemas", "responses", {"NotFound": ANSWER, "default": ANSWER}),
    ("schemas", "responses", {"NotFound": ANSWER, "title": ANSWER}),
    ("responses", "parameters", {"content": parameter("content"), **PARAMETERS}),
    ("responses", "parameters", {"headers": parameter("headers"), **PARAMETERS}),
]
OWN = [
    ("schemas", "responses", {"default": ANSWER}),
    ("schemas", "responses", {"items": ANSWER, "other": ANSWER}),
    ("schemas", "responses", {"properties": {"description": {"type": "string"}}}),
    ("schemas", "parameters", {"properties": {"name": {"type": "string"}, "in": {}}}),
    ("schemas", "parameters", {"type": "object"}),
]


@pytest.mark.parametrize(("section", "name", "value"), STRAYS)
def test_y9_9_a_keyword_counts_only_where_its_value_may_be_that_of_it(section, name, value):
    assert errors_at({section: {name: value}}) == [f"/components/{section}/{name}"]


@pytest.mark.parametrize(("section", "name", "value"), OWN)
def test_y9_9_an_object_of_that_name_stays_one(section, name, value):
    assert errors_at({section: {name: value}}) == []
