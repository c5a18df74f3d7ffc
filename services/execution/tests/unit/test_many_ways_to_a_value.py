"""Schemas that come to the same value in many ways: saying that it does not fit, or what it means,
takes a bounded time. Without bounds each of these takes minutes, or all memory.
"""

import pytest

from execution_service.domain.admission import Admitted, Refused, admit
from execution_service.domain.arguments.argument_schema import ArgumentSchema
from execution_service.domain.arguments.schema_reach import reach
from execution_service.domain.arguments.steps import steps

DEPTH = 30
T = {"$ref": "#/$defs/T"}
MEMBER = {"type": "object", "properties": {"a": T}, "required": ["a"]}
KINDS = {"type": ["object", "integer"]}
SCHEMAS = {
    "anyOf": {"anyOf": [MEMBER, {**MEMBER, "minProperties": 1}, {"type": "integer"}]},
    "oneOf": {"oneOf": [MEMBER, {**MEMBER, "minProperties": 9}, {"type": "integer"}]},
    "allOf": {"allOf": [{"properties": {"a": T}}, {"properties": {"a": T}}], **KINDS},
    "if": {
        "if": MEMBER,
        "then": {"properties": {"a": T}},
        "else": {"properties": {"a": T}},
        **KINDS,
    },
    "patterns": {"properties": {"a": T}, "patternProperties": {"^a": T}, **KINDS},
    "dependent": {"properties": {"a": T}, "dependentSchemas": {"a": MEMBER}, **KINDS},
    "others": {"anyOf": [{"additionalProperties": T}, MEMBER], **KINDS},
    "unevaluated": {"anyOf": [MEMBER, {"minProperties": 9}], "unevaluatedProperties": T, **KINDS},
    "within allOf": {
        "allOf": [{"anyOf": [MEMBER, {"type": "integer"}]}],
        "unevaluatedProperties": False,
        **KINDS,
    },
}
TOO_COMPLEX = "argument.too_complex"


def nested(innermost, depth=DEPTH):
    value = innermost
    for _ in range(depth):
        value = {"a": value}
    return {"q": value}


def itself(schema):
    return {"properties": {"q": T}, "$defs": {"T": schema}}


def in_a_row(schema, depth=DEPTH):
    """The same, but each refers to the next one: none refers to itself."""

    def refers_to(part, name):
        if isinstance(part, dict):
            return {
                key: name if key == "$ref" else refers_to(each, name) for key, each in part.items()
            }
        return [refers_to(each, name) for each in part] if isinstance(part, list) else part

    definitions = {f"T{n}": refers_to(schema, f"#/$defs/T{n + 1}") for n in range(depth)}
    definitions[f"T{depth}"] = {"type": "integer"}
    return {"properties": {"q": {"$ref": "#/$defs/T0"}}, "$defs": definitions}


def call_of(calls, schema):
    return calls.compiled(calls.parameter("q"), schema=schema)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a1_what_does_not_fit_a_schema_that_refers_to_itself_is_said_soon(calls, name):
    answer = admit(call_of(calls, itself(SCHEMAS[name])), nested("z"), tolerant=True)

    assert isinstance(answer, Refused)
    assert all(each.message.endswith(".") for each in answer.faults)
    assert TOO_COMPLEX not in {each.code for each in answer.faults}


@pytest.mark.parametrize("name", sorted(SCHEMAS.keys() - {"oneOf", "others"}))
def test_a1_what_fits_a_schema_that_refers_to_itself_is_sent(calls, name):
    assert isinstance(admit(call_of(calls, itself(SCHEMAS[name])), nested(1)), Admitted)


@pytest.mark.parametrize("innermost", [1, "z", "1"])
@pytest.mark.parametrize("name", SCHEMAS)
def test_a1_schemas_in_a_row_are_refused_where_checking_would_take_long(calls, name, innermost):
    answer = admit(call_of(calls, in_a_row(SCHEMAS[name])), nested(innermost), tolerant=True)

    assert isinstance(answer, Refused)
    [found] = answer.faults
    assert found.code == TOO_COMPLEX
    assert "Give fewer values, or nest them less deeply" in found.message


def test_a1_short_arguments_of_such_schemas_in_a_row_are_sent(calls):
    call = call_of(calls, in_a_row({"anyOf": [MEMBER, MEMBER, {"type": "integer"}]}))

    assert isinstance(admit(call, nested(1, 5)), Admitted)
    assert isinstance(admit(call, nested(1, 8)), Admitted)


def test_a1_a_wrong_leaf_of_an_expression_names_where_it_is(calls):
    def both(name):
        members = {"op": {"type": "string"}, "left": T, "right": T, name: {"type": "string"}}
        return {"type": "object", "required": ["op", "left", "right"], "properties": members}

    leaf = {"type": "object", "required": ["f"], "properties": {"f": {"type": "integer"}}}
    call = call_of(calls, itself({"oneOf": [both("and"), both("or"), leaf]}))
    value = {"f": "x"}
    for _ in range(6):
        value = {"op": "and", "left": value, "right": value}

    answer = admit(call, {"q": value}, tolerant=True)

    assert isinstance(answer, Refused)
    assert [each.pointer for each in answer.faults] == ["/q"]
    assert "fits none of the forms that it may have" in answer.faults[0].message
    assert "compare the innermost values first" in answer.faults[0].message


def test_a1_faults_beside_such_a_value_are_named_too(calls):
    schema = itself(SCHEMAS["anyOf"])
    schema["properties"]["n"] = {"type": "integer"}
    schema["required"] = ["m"]
    call = calls.compiled(calls.parameter("q"), calls.parameter("n"), schema=schema)

    answer = admit(call, {**nested("z"), "n": "x"})

    assert isinstance(answer, Refused)
    assert {each.code for each in answer.faults} == {
        "argument.any_of",
        "argument.type",
        "argument.required",
    }


def test_a1_thousands_of_values_and_alternatives_are_explained_by_the_first(calls):
    item = {"anyOf": [{"type": "integer", "minimum": least} for least in range(400)]}
    call = call_of(calls, {"properties": {"q": {"type": "array", "items": item}}})

    answer = admit(call, {"q": [""] * 4_000})

    assert isinstance(answer, Refused)
    assert [each.pointer for each in answer.faults] == ["/q/0"]


def test_a1_a_schema_that_refers_to_itself_once_has_all_faults_named(calls):
    node = {"type": "object", "properties": {"a": T, "n": {"type": "integer"}}}
    call = call_of(calls, itself(node))

    answer = admit(call, {"q": {"n": "x", "a": {"n": "y"}}})

    assert isinstance(answer, Refused)
    assert [each.pointer for each in answer.faults] == ["/q/n", "/q/a/n"]


def test_a1_a_text_is_read_once_however_many_alternatives_there_are(calls):
    item = {"anyOf": [{"type": "array", "minItems": least} for least in range(500)]}
    call = call_of(calls, {"properties": {"q": {"type": "array", "items": item}}})

    answer = admit(call, {"q": ["[" + "1.0," * 15_000]}, tolerant=True)

    assert isinstance(answer, Refused)


def test_a1_steps_count_each_way_to_a_value():
    schema = itself({"anyOf": [MEMBER, MEMBER]})

    growth = steps(schema, nested("z", 10)) / steps(schema, nested("z", 9))

    assert 1.9 < growth < 2.1
    assert steps(schema, nested("z", 10), unions=False) < 20


def test_a1_reach_tells_schemas_in_a_row_from_one_that_refers_to_itself():
    schema = {"anyOf": [MEMBER, MEMBER]}

    assert reach(in_a_row(schema)).steps > 2**DEPTH
    assert not reach(in_a_row(schema)).refers_to_itself
    assert reach(itself(schema)).refers_to_itself
    assert ArgumentSchema.of(itself(schema)).is_involved
    assert not ArgumentSchema.of({"properties": {"q": {"type": "integer"}}}).is_involved
