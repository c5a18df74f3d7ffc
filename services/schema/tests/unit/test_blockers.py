"""What is said to block an operation (decision 38)."""

import json

from schema_service.domain.examined import examine_text
from services.schema.tests.rule_documents import OK, document, server

BROKEN = {"type": "object", "properties": {"x": {"$ref": "#/components/schemas/Nowhere"}}}


def blocked_by(text):
    [operation] = examine_text(text.encode(), source_url=None).operations.items()
    return operation["blocked_by"]


def test_d_what_is_unsafe_comes_before_what_else_blocks():
    text = json.loads(server("https://acme.dev:port"))
    text["paths"] = {"/a/../b": text["paths"]["/a"]}
    parameter = {"name": "X A", "in": "header", "required": True, "schema": {"type": "string"}}
    text["paths"]["/a/../b"]["get"]["parameters"] = [parameter]

    assert blocked_by(json.dumps(text))["code"] == "schema.header_name_invalid"


def test_d_the_reason_is_that_of_the_component_which_the_operation_needs():
    components = {"schemas": {"A": {"properties": {"y": {"$ref": "#/q"}}}, "B": BROKEN}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/B"}}}
    node = {"requestBody": {"required": True, "content": content}, "responses": OK}

    reason = blocked_by(document(node, method="post", components=components))

    assert reason["code"] == "schema.reference_dangling"
    assert "Nowhere" in reason["message"]


def test_d_what_is_ready_is_blocked_by_nothing():
    assert blocked_by(document()) is None
