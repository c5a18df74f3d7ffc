"""A finding stands at the member that it is about, also where that has a number for a name."""

import json

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document


@pytest.mark.parametrize("name", ["7", "007", "+1", "0", "00", "-1"])
def test_a_finding_of_the_grammar_stands_at_the_name_as_it_is_written(name):
    answer = {"description": "d", "headers": {name: {"schema": 5}}}
    body = {"content": {"application/json": {"schema": {}, "examples": {name: 5}}}}
    operation = {"operationId": "a", "requestBody": body, "responses": {"200": answer}}
    whole = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}}
    variables = {name: {"default": "a", "enum": 5}}
    whole["servers"] = [{"url": f"https://api.foo.dev/{{{name}}}", "variables": variables}]
    whole["paths"] = {"/a": {"post": operation}}
    findings = examine(read_document(json.dumps(whole))).findings
    wrong = {each.pointer for each in findings if each.code == "schema.value_of_wrong_type"}
    operation = "/paths/~1a/post"
    assert wrong >= {
        f"/servers/0/variables/{name}/enum",
        f"{operation}/responses/200/headers/{name}/schema",
        f"{operation}/requestBody/content/application~1json/examples/{name}",
    }
