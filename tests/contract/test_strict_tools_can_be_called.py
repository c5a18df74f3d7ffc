"""B25, property 2: whatever a tool demands, a call takes; nulls of strict tools mean *left out*."""

import json
import random

import jsonschema_rs
import pytest

from contracts.operation import Location
from contracts.tool_forms.definition import Flavour, tool_for
from egress import EgressSettings
from execution_service.domain.admission import Admitted, admit
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.errors import InvalidArguments
from execution_service.domain.outbound_request import build_request
from execution_service.domain.tool_text import ToolText, Wording
from schema_service.domain.examination import examine
from schema_service.domain.examples import EXAMPLES
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.reading.reading import Reading, Syntax

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
NODE = {
    "type": "object",
    "properties": {"v": NUMBER, "next": {"$ref": "#/components/schemas/Node"}},
}
CARD = {"type": "object", "required": ["type"], "properties": {"type": TEXT, "n": TEXT}}
BANK = {"type": "object", "required": ["type"], "properties": {"type": TEXT, "iban": NUMBER}}
PET = {
    "type": "object",
    "required": ["kind"],
    "properties": {"kind": TEXT, "age": NUMBER},
    "discriminator": {"propertyName": "kind", "mapping": {"cat": "Cat", "dog": "Dog"}},
}
CAT = {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"meow": NUMBER}}]}
DOG = {"type": "object", "properties": {"kind": TEXT, "pack": {"type": "array", "items": TEXT}}}
BODIES = {
    "flat": {"type": "object", "required": ["a"], "properties": {"a": TEXT, "b": NUMBER}},
    "nested": {"properties": {"o": {"properties": {"p": NUMBER, "q": TEXT}}, "a": TEXT}},
    "lists": {"properties": {"l": {"type": "array", "items": {"properties": {"p": NUMBER}}}}},
    "recursive": {"$ref": "#/components/schemas/Node"},
    "list of recursive": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
    "enum": {"properties": {"e": {"type": "string", "enum": ["a", 2]}, "c": {"const": "x"}}},
    "nullable": {"properties": {"n": {"type": ["string", "null"]}, "m": {"type": "boolean"}}},
    "alternatives": {
        "properties": {
            "pay": {
                "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("Card", "Bank")],
                "discriminator": {"propertyName": "type", "mapping": {"c": "Card", "b": "Bank"}},
            }
        }
    },
    "subtypes": {"$ref": "#/components/schemas/Pet"},
    "list of subtypes": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
    "one or the other": {"properties": {"x": {"anyOf": [TEXT, {"properties": {"p": NUMBER}}]}}},
}

HAVE_NO_STRICT_FORM = [BODIES["list of subtypes"]]
"""Strict mode has no words for `allOf`."""


def operation_of(schema, **more):
    limit = {"name": "limit", "in": "query", "schema": NUMBER}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    operation = {"operationId": "a", "summary": "A", "parameters": [limit], "requestBody": body}
    schemas = {"Node": NODE, "Card": CARD, "Bank": BANK, "Pet": PET, "Cat": CAT, "Dog": DOG}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {"/a": {"post": {**operation, **more}}},
        "components": {"schemas": schemas},
    }
    [found] = examine(Reading(b"{}", Syntax.JSON, document)).operations
    return found.operation


class Model:
    """Gives arguments that fit a tool's schema, in one of the many ways that do."""

    def __init__(self, schema, seed):
        self.root, self.random = schema, random.Random(seed)

    def value(self, schema, depth=0):
        if "$ref" in schema:
            schema = self.root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                return self.value(self.chosen(schema[keyword], depth), depth)
        if "const" in schema or "enum" in schema:
            return self.random.choice(schema.get("enum", [schema.get("const")]))
        kinds = schema.get("type", "string")
        kind = kinds if isinstance(kinds, str) else self.chosen(kinds, depth)
        return self.of_kind(kind, schema, depth)

    def chosen(self, several, depth):
        nulls = [each for each in several if each in ("null", {"type": "null"})]
        return nulls[0] if nulls and depth > 4 else self.random.choice(several)

    def of_kind(self, kind, schema, depth):
        if kind == "object":
            return {
                name: self.value(each, depth + 1)
                for name, each in schema.get("properties", {}).items()
                if name in schema.get("required", ()) or self.random.random() < 0.5
            }
        if kind == "array":
            length = 0 if depth > 4 else self.random.randint(0, 2)
            return [self.value(schema.get("items", {}), depth + 1) for _ in range(length)]
        return {"string": "x", "integer": 5, "number": 1.5, "boolean": True, "null": None}[kind]


@pytest.mark.parametrize("strict", [True, False], ids=["strict", "plain"])
@pytest.mark.parametrize("schema", BODIES.values(), ids=BODIES)
def test_b25_what_a_tool_demands_a_call_takes(schema, strict):
    operation = operation_of(schema)
    compiled = CompiledOperation.of(operation)
    tool = tool_for("a", operation, Flavour.OPENAI, strict=strict)
    parameters = tool.definition["function"]["parameters"]
    assert tool.strict is (strict and schema not in HAVE_NO_STRICT_FORM)
    for seed in range(30):
        arguments = Model(parameters, seed).value(parameters)
        assert jsonschema_rs.Draft202012Validator(parameters).is_valid(arguments)
        answer = admit(compiled, arguments, tolerant=True)
        assert isinstance(answer, Admitted), (arguments, answer)
        assert build_request(compiled, answer).body is not None


@pytest.mark.parametrize("key", [each.key for each in EXAMPLES])
def test_b25_what_the_tools_of_examples_demand_calls_take(key):
    [text] = [each.text for each in EXAMPLES if each.key == key]
    for found in examine(read_document(text)).operations:
        compiled = CompiledOperation.of(found.operation)
        for strict in (True, False):
            tool = tool_for("a", found.operation, Flavour.OPENAI, strict=strict)
            parameters = tool.definition["function"]["parameters"]
            for seed in range(20):
                arguments = Model(parameters, seed).value(parameters)
                answer = admit(compiled, arguments, tolerant=True)
                assert isinstance(answer, Admitted), (arguments, answer)


def faults(schema, body):
    compiled = CompiledOperation.of(operation_of(schema))
    answer = admit(compiled, body, tolerant=True)
    return [each["message"] for each in InvalidArguments.of(answer.faults).findings]


def pay(card, **body):
    return faults(
        {"properties": {"pay": {**BODIES["alternatives"]["properties"]["pay"], **card}}},
        {"pay": body},
    )


def test_w5_a_wrong_body_is_told_about_the_branch_that_is_meant():
    assert pay({}, type="b", iban="x") == [
        "Where 'type' is \"b\": 'pay.iban' must be of type integer, not \"x\"."
    ]
    assert pay({}, type="q") == ['\'pay.type\' must be one of "c", "b".']
    assert pay({}, n="x") == ["'type' is required."]


def test_w5_a_field_of_another_branch_is_told_where_branches_are_closed():
    closed = {"oneOf": [{**each, "additionalProperties": False} for each in (CARD, BANK)]}
    for branch, value in zip(closed["oneOf"], "cb", strict=True):
        branch["properties"] = {**branch["properties"], "type": {"const": value}}
    assert pay(closed, type="c", iban=1) == [
        "Where 'type' is \"c\": 'iban' is not a member of 'pay'."
    ]


def test_b31_the_key_of_the_action_is_neither_offered_nor_sent():
    key = {"name": "x-api-key", "in": "header", "required": True, "schema": TEXT}
    operation = operation_of(BODIES["flat"], parameters=[key])
    reserved = frozenset({(Location.HEADER, "X-API-Key".lower())})
    wording = Wording(reserved=reserved)
    tool = json.loads(ToolText.of(operation, "a", wording, EgressSettings()).text)
    assert "x-api-key" not in tool["function"]["parameters"]["properties"]
    assert tool["function"]["parameters"]["required"] == ["a"]
    compiled = CompiledOperation.of(operation)
    held = frozenset({(Location.HEADER, "X-API-Key")})
    answer = admit(compiled, {"a": "1", "x-api-key": "n/a"}, held)
    assert (
        build_request(compiled, answer).headers
        == build_request(compiled, admit(compiled, {"a": "1"}, held)).headers
    )
    assert "n/a" not in repr(build_request(compiled, answer))
