"""What unions and their branches share, seen in single documents (owner's 6)."""

import json

import pytest

from schema_service.domain.examination import Verdict
from services.schema.tests.documents import answer, api, codes
from services.schema.tests.schema_documents import reference


def document(schemas, **properties):
    """One operation whose body has these members."""
    content = {"application/json": {"schema": {"type": "object", "properties": properties}}}
    operation = {"operationId": "a", "requestBody": {"content": content}, "responses": {}}
    return api({"/a": {"post": operation}}, components={"schemas": schemas})


def arguments(schemas, **properties):
    [detected] = answer(document(schemas, **properties)).operations
    return detected.operation.arguments


def members(schemas, **properties):
    return arguments(schemas, **properties)["properties"]


def choosing(*names, by="kind"):
    union = {"oneOf": [reference(name) for name in names]}
    return {**union, "discriminator": {"propertyName": by}}


def kind_of(name, **more):
    return {"type": "object", "properties": {"kind": {"type": "string"}, **more}, "title": name}


def test_o9b6_a_branch_in_its_place_is_another_schema_than_a_reference_to_it():
    parent = {**kind_of("P"), "discriminator": {"propertyName": "kind", "mapping": {"a": "A"}}}
    union = {"oneOf": [parent, reference("B")], "discriminator": {"propertyName": "sort"}}
    schemas = {"X": union, "A": kind_of("A", n=True), "B": kind_of("B")}
    inner = {"oneOf": [{"$ref": "#/components/schemas/X/oneOf/0"}, reference("B")]}
    inner["discriminator"] = {"propertyName": "sort"}

    both = arguments(schemas, q=inner, p=reference("X"))

    assert both["properties"]["q"] == members(schemas, q=inner)["q"]
    assert both["$defs"]["X"] == arguments(schemas, p=reference("X"))["$defs"]["X"]
    assert '"const": "a"' in json.dumps(both["$defs"]["X"])
    assert '"const": "a"' not in json.dumps(both["properties"]["q"])


def test_o9b6_what_is_broken_in_a_branch_breaks_whoever_has_it():
    schemas = {"A": kind_of("A", x=reference("Gone")), "B": kind_of("B")}
    examination = answer(document(schemas, p=choosing("A", "B"), q=choosing("A", "B")))

    [detected] = examination.operations
    assert detected.verdict is Verdict.BLOCKED
    assert detected.blocked_by.code == "schema.reference_dangling"


REFUSED = {"type": "object", "properties": {"n": reference("N")}, "default": {"n": "x"}}
SCHEMAS = {"N": {"type": "integer"}, "K": {"type": "string", "maxLength": 2}}
COPIES = {
    "alone": (REFUSED, {}),
    "an allOf of one": ({"allOf": [REFUSED], "description": "d"}, {}),
    "a branch": (
        choosing("A", "B"),
        {
            "A": {**kind_of("A", n=reference("N")), "default": {"kind": "A", "n": "x"}},
            "B": kind_of("B"),
        },
    ),
    "a branch's deciding member": (
        choosing("cat", "B"),
        {"cat": kind_of("cat", kind={**reference("K"), "default": "cat"}), "B": kind_of("B")},
    ),
}


@pytest.mark.parametrize(("schema", "more"), COPIES.values(), ids=COPIES)
def test_o9b6_a_refused_default_is_in_no_copy_of_its_schema(schema, more):
    found = answer(document({**SCHEMAS, **more}, p=schema))

    [detected] = found.operations
    assert '"default"' not in json.dumps(detected.operation.arguments)
    assert "schema.default_refused" in codes(found)
    assert detected.verdict is Verdict.READY_WITH_WARNINGS


def test_a_default_that_its_branch_refuses_goes_and_one_that_fits_stays():
    fits = {**kind_of("A"), "default": {"kind": "A"}}
    other = {**kind_of("B"), "default": {"kind": "A"}}
    a, b = members({"A": fits, "B": other}, p=choosing("A", "B"))["p"]["oneOf"]
    assert (a.get("default"), b.get("default")) == ({"kind": "A"}, None)


@pytest.mark.parametrize(("value", "stays"), [("C", False), ("P", True)])
def test_a_default_of_a_parent_goes_where_it_stands_for_a_child(value, stays):
    kind = {"type": "string", "default": value}
    parent = {"type": "object", "properties": {"kind": kind}, "default": {"kind": value}}
    parent["discriminator"] = {"propertyName": "kind"}
    child = {"allOf": [reference("P"), {"properties": {"n": {"type": "integer"}}}]}
    *_, itself = arguments({"P": parent, "C": child}, p=reference("P"))["$defs"]["P"]["anyOf"]
    assert itself["properties"]["kind"]["not"] == {"enum": ["C"]}
    assert ("default" in itself, "default" in itself["properties"]["kind"]) == (stays, stays)
