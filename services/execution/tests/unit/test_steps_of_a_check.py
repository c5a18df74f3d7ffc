"""What each keyword adds to the steps in which arguments are checked, one schema a row."""

from math import inf

import pytest

from execution_service.domain.arguments.keyword_cost import keyword_cost
from execution_service.domain.arguments.schema_reach import MAX_DEPTH, reach
from execution_service.domain.arguments.steps import steps

NUMBER, FRACTION = 8, 64
NEEDED = {"dependentRequired": {"a": ["b"], "c": ["d"]}}
COSTS = [
    ({}, 0),
    ({"enum": ["a", "b"]}, 0),
    ({"enum": [1, 2]}, 0),
    ({"enum": [1, "a"]}, NUMBER + 1),
    ({"enum": [True, None]}, 2),
    ({"enum": [0.5, 1.5]}, 2 * FRACTION),
    ({"enum": [{"a": 1, "b": [2.5]}]}, NUMBER + NUMBER + NUMBER + FRACTION),
    ({"const": "a"}, 1),
    ({"const": 5}, NUMBER),
    ({"multipleOf": 2}, NUMBER),
    ({"multipleOf": 0.01}, FRACTION),
    (NEEDED, 2),
    ({"const": 5, "multipleOf": 5, **NEEDED}, 2 * NUMBER + 2),
]


@pytest.mark.parametrize(("schema", "cost"), COSTS)
def test_a_keyword_costs_as_much_as_it_compares(schema, cost):
    assert keyword_cost(schema) == cost
    assert steps(schema, 1, only_asked=True) == 1 + cost


DEAR = {"multipleOf": 0.01}
REACHED = [
    ({}, 1),
    ({"properties": {"a": {}, "b": DEAR, "c": {}}}, 2 + FRACTION),
    ({"prefixItems": [{}, DEAR, True]}, 2 + FRACTION),
    ({"properties": {"a": {}}, "patternProperties": {"^a": {}, "^b": {}}}, 4),
    ({"properties": {"a": {}}, "additionalProperties": {}, "propertyNames": {}}, 4),
    ({"items": {}, "contains": {}}, 3),
    ({"unevaluatedProperties": {}}, 3),
    ({"allOf": [{}], "unevaluatedItems": False}, 1 + 3 + 2),
    ({"anyOf": [{}, {"oneOf": [{}]}], "if": {}, "then": {}, "else": {}, "not": {}}, 8),
    ({"$ref": "#/$defs/A", "$defs": {"A": {"multipleOf": 2}}}, 2 + NUMBER),
]


@pytest.mark.parametrize(("schema", "most"), REACHED)
def test_the_most_for_one_value_is_known_before_there_is_one(schema, most):
    assert reach(schema) == (most, False)


def nested(depth):
    schema = {}
    for _ in range(depth):
        schema = {"items": schema}
    return schema


def test_what_is_too_deep_or_refers_to_itself_is_said_so():
    assert reach(nested(MAX_DEPTH - 1)).steps == MAX_DEPTH
    assert reach(nested(MAX_DEPTH)).steps == inf
    assert reach({"items": {"$ref": "#"}}).refers_to_itself


OPEN = {"properties": {"a": {}}, "additionalProperties": {}}
LONG = "x" * 64
CHECKED = [
    ({"required": ["a", "b"]}, {}, 3),
    ({"required": ["a", "b"]}, 1, 1),
    ({"enum": ["a"] * 16}, "b", 3),
    ({"pattern": "x"}, LONG, 3),
    ({}, LONG, 1),
    ({"patternProperties": {"^x": {}, "^y": {}}}, {LONG: 1}, 1 + 2 * 2 + 2),
    (OPEN, {"a": 1, "b": 2, "c": 3}, 4),
    ({"properties": {"a": {}}}, {"b": 1}, 1),
    ({"propertyNames": {}}, {"a": 1}, 2),
    ({"unevaluatedProperties": {}}, {"a": 1}, 3),
    ({"prefixItems": [{}], "items": {"required": ["a"]}}, [{}, {}], 1 + 1 + 2),
    ({"contains": {}, "items": {}}, [1, 2], 5),
    ({"unevaluatedItems": {}}, [1, 2], 5),
    ({"allOf": [{}], "unevaluatedItems": {}}, [], 4),
    ({"anyOf": [{}, {}], "allOf": [{}]}, 1, 4),
]


@pytest.mark.parametrize(("schema", "value", "needed"), CHECKED)
def test_a_check_takes_a_step_for_each_pair_and_more_for_what_is_read(schema, value, needed):
    assert steps(schema, value) == needed


def test_alternatives_are_one_step_where_none_is_looked_into():
    schema = {"anyOf": [{}, {}], "oneOf": [{}], "allOf": [{}]}
    assert (steps(schema, 1), steps(schema, 1, unions=False)) == (5, 2)
