"""Operations that no call fits are blocked; alternatives that cannot be told apart are taken."""

import jsonschema_rs
import pytest

from schema_service.domain.examination import Verdict
from services.schema.tests.documents import answer, api, only, post


def parameter(schema, location="query", **components):
    each = {"name": "q", "in": location, "required": True, "schema": schema}
    path = "/a/{q}" if location == "path" else "/a"
    operation = {"operationId": "a", "parameters": [each], "responses": {"200": {}}}
    return api({path: {"get": operation}}, components={"schemas": components})


def body(schema, **components):
    return {**post(schema, required=True), "components": {"schemas": components}}


A, B = {"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}
NEEDS = {"type": "object", "required": ["a"]}
IMPOSSIBLE = {
    "itself in a body": body(A, A={**NEEDS, "properties": {"a": A}}),
    "each other": body(A, A={**NEEDS, "properties": {"a": B}}, B={**NEEDS, "properties": {"a": A}}),
    "itself in a list": body(
        A, A={**NEEDS, "properties": {"a": {"type": "array", "items": A, "minItems": 1}}}
    ),
    "itself in every alternative": body(
        A, A={**NEEDS, "properties": {"a": {"anyOf": [A, {"allOf": [A]}]}}}
    ),
    "null for a text": parameter({"type": "string", "enum": [None]}),
    "enum below minimum": parameter({"type": "integer", "enum": [1, 2], "minimum": 5}),
    "const above maximum": parameter({"type": "integer", "const": 9, "maximum": 3}),
    "enum against pattern": parameter({"type": "string", "enum": ["a", "b"], "pattern": "^v"}),
    "limits crossed": parameter({"type": "string", "minLength": 5, "maxLength": 3}),
    "false": parameter(False),
    "within a part": parameter({"allOf": [{"type": "integer", "enum": [1], "minimum": 5}]}),
}


@pytest.mark.parametrize("document", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_an_operation_that_needs_what_cannot_be_given_is_blocked_and_says_why(document):
    examination = answer(document)
    assert [each.verdict for each in examination.operations] == [Verdict.BLOCKED]
    [finding] = [each for each in examination.findings if each.severity == "error"]
    assert finding.code == "schema.argument_impossible"
    assert finding.hint
    assert not examination.valid


POSSIBLE = {
    "itself in a list that may be empty": body(
        A, A={**NEEDS, "properties": {"a": {"type": "array", "items": A}}}
    ),
    "itself or nothing": body(
        A, A={**NEEDS, "properties": {"a": {"oneOf": [A, {"type": "null"}]}}}
    ),
    "itself, optional": body(A, A={"type": "object", "properties": {"a": A}}),
    "itself, nullable": body(
        A, A={"type": ["object", "null"], "required": ["a"], "properties": {"a": A}}
    ),
    "only a maximum": parameter({"type": "integer", "maximum": -5}),
    "one of the values": parameter({"type": "integer", "enum": [1, 9], "minimum": 5}),
    "length of no text": parameter({"type": "integer", "minLength": 5, "maxLength": 9}),
}


@pytest.mark.parametrize("document", POSSIBLE.values(), ids=POSSIBLE)
def test_an_operation_that_some_call_fits_is_ready(document):
    assert answer(document).operations[0].verdict is not Verdict.BLOCKED


@pytest.mark.parametrize(
    "schema",
    [
        {"type": ["string", "null"]},
        {"type": "string", "nullable": True},
        {"type": "string", "nullable": True, "enum": ["a", "b"]},
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        A,
    ],
)
def test_null_is_no_value_of_a_path_parameter(schema):
    nullable = {"type": ["string", "null"]}
    arguments = only(parameter(schema, "path", A=nullable)).arguments
    validator = jsonschema_rs.Draft202012Validator(arguments)
    assert validator.is_valid({"q": "a"})
    assert not validator.is_valid({"q": None})


def thing(**properties):
    return {"type": "object", "properties": properties}


ALIKE = {
    "open objects": ([thing(a={"type": "string"}), thing(b={"type": "string"})], {"a": "x"}),
    "an open and a stricter one": (
        [{**thing(a={"type": "string"}), "required": ["a"]}, thing(b={"type": "string"})],
        {"a": "x"},
    ),
    "formats of texts": (
        [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}],
        "2024-01-01",
    ),
    "whole numbers": ([{"type": "integer"}, {"type": "number"}], 5),
    "twice the same": ([A, A], {"n": 1}),
    "references": ([A, B], {"n": 1}),
    "anything": ([{}, {"type": "string"}], "x"),
}


@pytest.mark.parametrize(("branches", "value"), ALIKE.values(), ids=ALIKE)
def test_alternatives_that_cannot_be_told_apart_are_taken_for_any_of_them(branches, value):
    schemas = {"A": thing(n={"type": "integer"}), "B": thing(m={"type": "integer"})}
    document = body({"properties": {"w": {"oneOf": branches}}}, **schemas)
    validator = jsonschema_rs.Draft202012Validator(only(document).arguments)
    assert validator.is_valid({"w": value})
    [finding] = [each for each in answer(document).findings if each.code.endswith("_alike")]
    assert finding.pointer.endswith("/w/oneOf")


APART = {
    "required": [{**thing(a={}), "required": ["a"]}, {**thing(b={}), "required": ["b"]}],
    "constants": [thing(k={"const": "a"}), thing(k={"const": "b"})],
    "closed": [{**thing(a={}), "additionalProperties": False}, {**thing(b={}), "required": ["b"]}],
    "types": [{"type": "string"}, {"type": "integer"}],
    "patterns": [{"type": "string", "pattern": "^a"}, {"type": "string", "pattern": "^b"}],
}


@pytest.mark.parametrize("branches", APART.values(), ids=APART)
def test_alternatives_that_can_be_told_apart_stay_one_of_them(branches):
    document = body({"properties": {"w": {"oneOf": branches}}})
    assert "oneOf" in only(document).arguments["properties"]["w"]


@pytest.mark.parametrize("kind", [None, 5, [], [None], {}, [["string"]]])
def test_alternatives_whose_type_is_none_are_compared_without_it(kind):
    document = body({"properties": {"w": {"oneOf": [{"type": kind}, {"type": "string"}]}}})
    assert "w" in only(document).arguments["properties"]


ONE, OTHER = {"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["c"]}
NOTHING_FITS = {
    "disjoint enums": {"allOf": [ONE, OTHER]},
    "enum and const": {"allOf": [ONE, {"const": "d"}]},
    "enum beside allOf": {**ONE, "allOf": [OTHER]},
    "behind references": {"allOf": [A, B]},
    "within allOf": {"allOf": [{"allOf": [ONE]}, {"allOf": [{"allOf": [OTHER]}]}]},
    "not anything": {"not": {}},
    "not anything of a type": {"type": "string", "not": {}},
    "not true": {"not": True},
}


@pytest.mark.parametrize("schema", NOTHING_FITS.values(), ids=NOTHING_FITS)
def test_a_needed_member_that_no_value_fits_blocks(schema):
    needed = {"type": "object", "required": ["d"], "properties": {"d": schema}}
    examination = answer(body(needed, A=ONE, B=OTHER))
    assert [each.verdict for each in examination.operations] == [Verdict.BLOCKED]
    [finding] = [each for each in examination.findings if each.severity == "error"]
    assert finding.code == "schema.argument_impossible"


SOMETHING_FITS = {
    "one in common": {"allOf": [ONE, {"enum": ["b", "c"]}]},
    "equal numbers": {"allOf": [{"enum": [1]}, {"enum": [1.0, 2]}]},
    "one of them open": {"allOf": [ONE, {"type": "string"}]},
    "alternatives": {"allOf": [ONE, {"anyOf": [OTHER, {"type": "string"}]}]},
    "not something": {"type": "string", "not": {"enum": ["x"]}},
}


@pytest.mark.parametrize("schema", SOMETHING_FITS.values(), ids=SOMETHING_FITS)
def test_a_needed_member_that_some_value_fits_does_not(schema):
    needed = {"type": "object", "required": ["d"], "properties": {"d": schema}}
    examination = answer(body(needed, A=ONE, B=OTHER))
    assert [each.verdict is Verdict.BLOCKED for each in examination.operations] == [False]
