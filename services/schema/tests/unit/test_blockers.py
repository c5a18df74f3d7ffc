"""What is said to block an operation (decision 39)."""

import json

from schema_service.domain.examined import examine_text
from services.schema.tests.rule_documents import OK, document, server


def broken(name):
    return {"type": "object", "properties": {"x": {"$ref": f"#/components/schemas/{name}"}}}


def blocked_by(text):
    [operation] = examine_text(text.encode(), source_url=None).operations.items()
    return operation["blocked_by"]


def test_d_what_is_unsafe_comes_before_what_else_blocks():
    text = json.loads(server("https://acme.dev:port"))
    text["paths"] = {"/a/../b": text["paths"]["/a"]}
    parameter = {"name": "X A", "in": "header", "required": True, "schema": {"type": "string"}}
    text["paths"]["/a/../b"]["get"]["parameters"] = [parameter]

    assert blocked_by(json.dumps(text))["code"] == "schema.header_name_invalid"


def needing(component):
    node = {"type": "object", "properties": {"z": {"$ref": f"#/components/schemas/{component}"}}}
    content = {"application/json": {"schema": node}}
    return {"post": {"requestBody": {"required": True, "content": content}, "responses": OK}}


def test_d_the_reason_is_that_of_the_component_which_the_operation_needs():
    whole = json.loads(document(components={"schemas": {"A": broken("NoA"), "B": broken("NoB")}}))
    whole["paths"] = {"/a": needing("A"), "/b": needing("B")}

    operations = examine_text(json.dumps(whole).encode(), source_url=None).operations.items()

    reasons = [each["blocked_by"] for each in operations]
    assert {each["code"] for each in reasons} == {"schema.reference_dangling"}
    assert ["NoA" in each["message"] for each in reasons] == [True, False]
    assert ["NoB" in each["message"] for each in reasons] == [False, True]


def test_d_what_is_ready_is_blocked_by_nothing():
    assert blocked_by(document()) is None
