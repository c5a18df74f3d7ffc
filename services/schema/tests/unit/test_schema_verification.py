import json

import pytest

from schema_service.domain.finding import Finding, Severity
from schema_service.domain.verification.deep import MAX_FINDINGS, verify
from schema_service.domain.verification.merging import merged


def document(schemas=None, *, operation=None, version="3.1.0", **more):
    operation = {
        "operationId": "a",
        "responses": {"200": {"description": "d"}},
        **(operation or {}),
    }
    whole = {"openapi": version, "info": {"title": "t", "version": "1"}, **more}
    whole["paths"] = {"/a": {"get": operation}}
    return {**whole, "components": {"schemas": schemas or {}}}


def found(whole):
    return [(f.code, f.pointer) for f in verify(json.dumps(whole).encode())]


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
def test_a_valid_document_has_nothing_more_to_say(version):
    assert found(document({"A": {"type": "string", "default": "a"}}, version=version)) == []


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
def test_a_default_of_the_wrong_type_is_a_warning_at_the_default(version):
    schema = {"properties": {"b": {"type": "string", "default": 1}}}
    [finding] = verify(json.dumps(document({"A": schema}, version=version)).encode())
    assert finding.severity is Severity.WARNING
    assert finding.code == "schema.default_invalid"
    assert finding.pointer == "/components/schemas/A/properties/b/default"
    assert finding.line == 1


def test_an_invalid_schema_is_a_warning_where_it_is_invalid():
    schema = {"properties": {"b": {"required": True}}}
    assert found(document({"A": schema})) == [
        ("schema.schema_invalid", "/components/schemas/A/properties/b/required")
    ]


def test_members_that_are_required_and_not_described_are_a_warning():
    schema = {"allOf": [{"properties": {"a": {}}}], "required": ["b"]}
    assert found(document({"A": schema})) == [
        ("schema.required_undefined", "/components/schemas/A")
    ]


def test_what_an_answer_looks_like_is_verified_too():
    content = {"application/json": {"schema": {"type": "integer", "default": "x"}}}
    responses = {"200": {"description": "d", "content": content}}
    [(code, pointer)] = found(document(operation={"responses": responses}))
    assert code == "schema.default_invalid"
    assert pointer.startswith("/paths/~1a/get/responses/200/content/application~1json/schema")


def test_repeated_tags_are_a_warning():
    whole = document(tags=[{"name": "a"}, {"name": "a"}])
    assert found(whole) == [("schema.document_invalid", "/tags")]


@pytest.mark.parametrize(
    "reference",
    ["http://127.0.0.1:1/x", "https://a.example/x", "file:///etc/passwd", "ftp://a/x", "x.json"],
)
def test_nothing_is_ever_fetched_for_a_reference(reference):
    schemas = {"A": {"properties": {"b": {"$ref": reference}}}, "B": {"$ref": reference}}
    assert found(document(schemas)) == []


def test_an_id_in_a_schema_makes_nothing_be_fetched():
    schemas = {"A": {"$id": "http://127.0.0.1:1/a", "properties": {"b": {"$ref": "c"}}}}
    assert all(code == "schema.not_verified" for code, _ in found(document(schemas)))


def test_a_part_that_the_validator_stumbles_over_does_not_lose_the_others():
    whole = document({"A": {"properties": [1]}, "B": {"default": 1, "type": "string"}})
    whole["paths"]["/{"] = {"get": {"operationId": "b", "responses": None}}
    codes = dict(found(whole))
    assert "schema.default_invalid" in codes
    assert len(codes) > 1


def test_paths_with_a_hash_are_verified():
    whole = document()
    whole["paths"]["/#a=b"] = {"get": {"operationId": "b", "responses": {}, "parameters": [1]}}
    assert all(pointer.startswith("/paths/~1#a=b/get") for _, pointer in found(whole))


def test_recursive_schemas_come_to_an_end():
    schemas = {"A": {"properties": {"a": {"$ref": "#/components/schemas/A"}}}}
    assert found(document(schemas)) == []


@pytest.mark.parametrize("raw", [b"", b"[", b"{}", b'{"paths": 1}', b'{"openapi": 3, "tags": [1]}'])
def test_anything_can_be_verified(raw):
    assert all(finding.severity is not Severity.ERROR for finding in verify(raw))


def test_findings_are_limited():
    schemas = {f"A{i}": {"type": "string", "default": i} for i in range(MAX_FINDINGS + 10)}
    assert len(found(document(schemas))) == MAX_FINDINGS


def test_merging_keeps_the_order_of_the_text_and_the_first_words_about_a_place():
    def at(pointer, line, message):
        return Finding(Severity.WARNING, "schema.x", message, pointer, line, 1)

    fast = [at("/b", 2, "fast"), at("/d", 4, "fast")]
    deep = [at("/c", 3, "deep"), at("/b", 2, "deep"), at("/a", 1, "deep")]
    assert [(f.pointer, f.message) for f in merged(fast, deep)] == [
        ("/a", "deep"),
        ("/b", "fast"),
        ("/c", "deep"),
        ("/d", "fast"),
    ]
