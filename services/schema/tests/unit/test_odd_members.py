"""Members of kinds that they may not have: each is said or left out, and no document is lost."""

import json

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.linting.wanted_forms import as_wanted
from schema_service.domain.reading.read_document import read_document
from services.schema.tests.rule_documents import INFO, OK, SERVERS, document, parameter

ODD = [None, 5, 1.5, True, "--5", {}, [], [None], [[]], {"a": None}, {"$ref": 5}]
REFERENCE = {"$ref": "#/components/schemas/A"}
OTHER = {"$ref": "#/components/schemas/B"}
CHOICE = {
    "oneOf": [REFERENCE, OTHER],
    "discriminator": {"propertyName": "k", "mapping": {"A": "A"}},
}
A = {
    "type": "object",
    "required": ["k"],
    "properties": {"k": {"type": "string", "enum": ["A"], "default": "A"}},
    "allOf": [{"type": "object", "dependentRequired": {"k": ["n"]}, "readOnly": False}],
}
B = {
    "type": "object",
    "properties": {"k": {"type": ["string", "null"]}, "n": {"minimum": 1, "items": {}}},
    "patternProperties": {"^x": {"xml": {"name": "x"}}},
}


def examined(text):
    return examine(read_document(text))


def codes(text):
    return [each.code for each in examined(text).findings]


@pytest.mark.parametrize("version", ["2.0", "3.0.3", "3.1.0", "3.2.0"])
@pytest.mark.parametrize("written", ["--5", "---1", "-", "1_0", "nan", "inf", "1e999", "+", "."])
@pytest.mark.parametrize("keyword", ["maxLength", "minimum", "minItems"])
def test_o9b1_a_text_that_is_no_number_is_a_finding(keyword, written, version):
    text = json.loads(parameter(schema={"type": "string", keyword: written}))
    text["openapi"] = version
    if version == "2.0":
        node = {"name": "x", "in": "query", "type": "string", keyword: written}
        text = {"swagger": version, "info": INFO, "host": "a.example"} | {
            "paths": {"/a": {"get": {"parameters": [node], "responses": OK}}}
        }
    assert "schema.keyword_ignored" in codes(json.dumps(text))


@pytest.mark.parametrize(
    ("written", "kind", "meant"),
    [
        ("5", "integer", 5),
        (" -5 ", "integer", -5),
        ("1.5", "number", 1.5),
        ("-.5", "number", -0.5),
        ("1.5", "integer", None),
        ("--5", "integer", None),
        ("--5", "number", None),
        ("1_000", "number", None),
        ("\u0663", "number", None),
        ("1" * 16, "integer", None),
        (f"{'9' * 400}.0", "number", None),
    ],
)
def test_o9b1_a_number_is_read_only_from_digits_that_all_readers_keep(written, kind, meant):
    assert as_wanted(written, [kind], None) == meant


@pytest.mark.parametrize("odd", [*ODD, ["string", 5], [["string"]]])
@pytest.mark.parametrize("listed", [{}, {"enum": ["A"]}, {"const": "A"}])
def test_o9b2_a_deciding_member_of_no_type_is_a_finding(odd, listed):
    node = {"type": "object", "properties": {"k": {"type": odd, **listed}}}
    content = {"application/json": {"schema": CHOICE}}
    text = document(
        {"requestBody": {"content": content}},
        method="post",
        components={"schemas": {"A": node, "B": B}},
    )
    [operation] = examined(text).operations
    assert operation.operation is not None
    assert "schema.type_unknown" in codes(text)


def spots(node, path=()):
    members = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in members:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from spots(value, (*path, key))


def changed(node, path, value):
    whole = json.loads(json.dumps(node))
    here = whole
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return whole


@pytest.mark.parametrize("odd", [None, 5, True, "--5", [None], {"$ref": 5}], ids=str)
@pytest.mark.parametrize("body", [CHOICE, REFERENCE])
def test_o9b2_no_member_of_a_schema_may_be_so_odd_that_a_document_is_lost(body, odd):
    content = {"application/json": {"schema": body}}
    whole = json.loads(
        document(
            {"requestBody": {"content": content}},
            method="post",
            components={"schemas": {"A": A, "B": B}},
        )
    )
    below = ("paths", "/a", "post", "requestBody")
    for path in [
        *spots(whole["components"], ("components",)),
        *spots(whole["paths"]["/a"]["post"]["requestBody"], below),
    ]:
        answer = examined(json.dumps(changed(whole, path, odd)))
        assert len(answer.operations) == 1, path


@pytest.mark.parametrize("paths", [*ODD, "none"])
def test_o9b3_a_path_inside_a_webhook_is_said_whatever_the_paths_are(paths):
    inside = {"responses": OK, "/b": {"get": {"responses": OK}}}
    whole = {"openapi": "3.1.0", "info": INFO, "servers": SERVERS, "paths": paths}
    whole["webhooks"] = {"x": {"post": inside}}
    if paths == "none":
        del whole["paths"]
    [finding] = [
        each
        for each in examined(json.dumps(whole)).findings
        if each.code == "schema.path_inside_operation"
    ]
    assert (finding.repair is not None) == isinstance(paths, dict)
