"""A member whose name reads as a number is named as it is written, also with zeros or a plus."""

import pytest

from execution_service.domain.arguments.argument_schema import ArgumentSchema
from execution_service.domain.arguments.fault import pointer

NAMES = ["7", "007", "+1", "0", "00", "2671355", "-1", "1e3", "99999999999999999999999"]
OBJECT = {"type": "object", "required": ["a"]}
SCHEMAS = {
    "type": {"type": "string"},
    "enum": {"enum": ["a", "b"]},
    "types of alternatives": {"anyOf": [{"type": "string"}, {"type": "boolean"}]},
    "alternatives": {
        "anyOf": [{"type": "integer", "minimum": 3}, {"type": "number", "minimum": 5}]
    },
    "one alternative": {"oneOf": [{"type": "integer", "minimum": 3}, {"type": "string"}]},
}


def faults(schema, value):
    compiled = ArgumentSchema.of(schema)
    return compiled.faults(value, value, 10)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", SCHEMAS)
@pytest.mark.parametrize("outer", [(), ("o",), ("12", 0)])
def test_a_fault_is_at_the_name_as_it_is_written(name, kind, outer):
    schema, value = {"properties": {name: SCHEMAS[kind]}}, {name: 1}
    for step in reversed(outer):
        is_item = isinstance(step, int)
        schema = {"items": schema} if is_item else {"properties": {step: schema}}
        value = [value] if is_item else {step: value}
    [found] = faults(schema, value)
    assert found.pointer == pointer((*outer, name))
    assert f"'{'.'.join(map(str, (*outer, name)))}'" in found.message


@pytest.mark.parametrize("name", NAMES)
def test_a_member_that_another_part_declares_is_named(name):
    part = {"properties": {name: {"type": "string"}}, "required": ["b"]}
    schema = {"properties": {"007": {"anyOf": [part, {}], "unevaluatedProperties": False}}}
    [found] = faults(schema, {"007": {name: "x"}})
    assert found.pointer == pointer(("007", name))
    assert "does not fit, or does not go with" in found.message


def test_what_a_member_should_be_is_not_asked_of_the_value_that_has_it():
    inner = {"properties": {"7": {"type": "boolean"}}}
    schema = {"anyOf": [{"allOf": [{"type": "string"}, inner]}, {"type": "integer"}]}
    [found] = faults({"properties": {"o": schema}}, {"o": {"7": 1}})
    assert found.pointer == "/o"
    assert "must be of type string or integer, not" in found.message


def test_of_two_names_of_one_number_the_plainer_one_is_named():
    schema = {"properties": {"007": {"type": "string"}, "7": {"type": "string"}}}
    assert {each.pointer for each in faults(schema, {"007": 1, "7": 1})} == {"/7"}
