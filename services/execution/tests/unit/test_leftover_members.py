"""A member that is known and has a wrong value is never called unknown."""

import pytest

from execution_service.domain.arguments.argument_schema import ArgumentSchema

WHOLE = {"k": {"type": "integer"}}


def said(schema, value, definitions=()):
    root = ArgumentSchema.of({"properties": {"o": schema}, "$defs": dict(definitions)})
    found = root.faults({"o": value}, {"o": value}, 10)
    return [(each.code.removeprefix("argument."), each.pointer, each.message) for each in found]


def test_a_value_that_further_members_may_not_have_is_named():
    schema = {"properties": WHOLE, "unevaluatedProperties": {"type": ["string", "null"]}}
    text = "'o.b' is not what other members of 'o' must be: of type string or null."

    assert said(schema, {"k": 1, "b": 5}) == [("unevaluated_properties", "/o/b", text)]


def test_further_members_of_any_type_have_no_type_to_name():
    [(_, _, text)] = said({"unevaluatedProperties": {"minLength": 3}}, {"b": "x"})

    assert text == "'o.b' is not what other members of 'o' must be."


def test_a_value_that_further_arguments_may_not_have_is_named():
    schema = ArgumentSchema.of({"properties": WHOLE, "unevaluatedProperties": {"type": "string"}})
    [found] = schema.faults({"b": 5}, {"b": 5}, 10)

    assert found.message == "'b' is not what other arguments must be: of type string."


@pytest.mark.parametrize(
    "schema",
    [
        {"allOf": [{"properties": WHOLE}], "unevaluatedProperties": False},
        {"$ref": "#/$defs/K", "unevaluatedProperties": False},
        {"allOf": [{"properties": WHOLE}], "unevaluatedProperties": {"type": "boolean"}},
    ],
)
def test_a_wrong_value_of_a_known_member_has_the_fault_of_its_type_alone(schema):
    [(code, pointer, _)] = said(schema, {"k": "x"}, {"K": {"properties": WHOLE}})

    assert (code, pointer) == ("type", "/o/k")


@pytest.mark.parametrize(
    "schema",
    [
        {"anyOf": [{"properties": WHOLE}, {"properties": {"c": {}}}]},
        {"anyOf": [{"$ref": "#/$defs/K"}, {"properties": {"c": {}}}]},
        {"if": {"properties": WHOLE}, "then": {}},
    ],
)
def test_a_member_of_an_alternative_that_does_not_apply_is_not_unknown(schema):
    closed = {**schema, "unevaluatedProperties": False}
    text = "'o.k' does not fit, or does not go with the members beside it."
    found = said(closed, {"k": "x", "c": 1}, {"K": {"properties": WHOLE}})

    assert ("unevaluated_properties", "/o/k", text) in found
    assert all(code != "unknown" for code, pointer, _ in found if pointer == "/o/k")


def test_what_nobody_declares_is_unknown():
    schema = {"properties": WHOLE, "unevaluatedProperties": False}

    assert said(schema, {"z": 1}) == [("unknown", "/o/z", "'z' is not a member of 'o'.")]


def test_a_member_beside_others_with_a_schema_has_the_fault_of_its_value():
    schema = {"properties": WHOLE, "additionalProperties": {"type": "string"}}

    assert [(code, pointer) for code, pointer, _ in said(schema, {"b": 5})] == [("type", "/o/b")]


def test_a_schema_within_itself_is_looked_at_once():
    ring = {"anyOf": [{"$ref": "#/$defs/R"}, {"properties": {"c": {}}}]}
    schema = {**ring, "unevaluatedProperties": False}

    assert [code for code, _, _ in said(schema, {"z": 1}, {"R": ring})] == ["unknown"]
