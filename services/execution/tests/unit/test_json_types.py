"""Types of JSON values, and what is converted from one to another without loss."""

import json

import pytest

from execution_service.domain.arguments.change import Change
from execution_service.domain.arguments.exact_json import MAX_DIGITS, ExactNumber
from execution_service.domain.arguments.json_type import (
    MAX_TEXT_BYTES,
    conversions,
    has_type,
    same,
)
from execution_service.domain.arguments.json_value import MAX_DEPTH

KINDS = ("null", "boolean", "integer", "number", "string", "array", "object")


def converted(value, kind):
    return [each.value for each in conversions(value, kind)]


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        (None, {"null"}),
        (True, {"boolean"}),
        (1, {"integer", "number"}),
        (1.0, {"integer", "number"}),
        (1.5, {"number"}),
        (ExactNumber("12345678901234567890123"), {"integer", "number"}),
        (ExactNumber("0.12345678901234567890123"), {"number"}),
        ("1", {"string"}),
        ([], {"array"}),
        ({}, {"object"}),
    ],
)
def test_a_value_has_the_types_of_json_schema_and_no_other(value, kinds):
    assert {kind for kind in KINDS if has_type(value, kind)} == kinds


@pytest.mark.parametrize("other", [True, 1.5, "1", [1], {"a": 1}, None])
def test_one_is_the_same_as_one_point_zero_and_as_nothing_else(other):
    assert same(1, 1.0)
    assert not same(1, other)
    assert not same([other, 2], [1, 2])
    assert not same({"a": other}, {"a": 1})
    assert same({"a": [1], "b": None}, {"b": None, "a": [1.0]})


@pytest.mark.parametrize("text", ["0", "-5", "12345678901234567890123"])
def test_an_integer_is_read_of_text_that_is_nothing_else(text):
    [value] = converted(text, "integer")
    assert json.loads(text) == (int(value.text) if isinstance(value, ExactNumber) else value)


@pytest.mark.parametrize(
    "text", ["", "-0", "007", "1.0", "1e3", "+1", " 1", "1 ", "1\n", "٣", "0x1", "1_000", "NaN"]
)
def test_no_integer_is_read_of_what_would_lose_something(text):
    assert converted(text, "integer") == []


@pytest.mark.parametrize("text", ["", ".5", "5.", "01", "1e", "+1", " 1.5", "NaN", "Infinity"])
def test_no_number_is_read_of_what_is_no_json_number(text):
    assert converted(text, "number") == []


def test_a_number_has_as_many_digits_as_are_read():
    longest = "1" * MAX_DIGITS
    for kind in ("integer", "number"):
        assert converted(longest, kind) == [ExactNumber(longest)]
        assert converted(longest + "1", kind) == []
    assert converted("1e400", "number") == [ExactNumber("1e400")]
    assert converted(f"1e{MAX_DIGITS}", "number") == []


@pytest.mark.parametrize("text", ["True", "TRUE", "yes", "1", "on", ""])
def test_only_true_and_false_are_booleans(text):
    assert converted(text, "boolean") == []
    assert converted("true", "boolean") + converted("false", "boolean") == [True, False]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, ["true"]), (False, ["false"]), (5, ["5"]), (1.5, ["1.5"]), (None, []), ([1], [])],
)
def test_text_is_made_of_booleans_and_numbers_only(value, expected):
    assert converted(value, "string") == expected


@pytest.mark.parametrize("kind", ["array", "object", "boolean", "integer", "number", "null"])
@pytest.mark.parametrize("value", [1, True, None, [1], {"a": 1}])
def test_nothing_but_text_becomes_another_type(value, kind):
    assert converted(value, kind) == []


def nested(depth):
    return "[" * depth + "]" * depth


def test_json_text_has_64_levels_at_most():
    assert MAX_DEPTH == 64
    assert converted(nested(64), "array") == [json.loads(nested(64))]
    assert converted(nested(65), "array") == []


def test_json_text_of_thousands_of_levels_is_none():
    assert converted(nested(20_000), "array") == []


@pytest.mark.parametrize("character", ["x", "é", "語"])
def test_json_text_has_64_kb_at_most_however_many_bytes_a_character_takes(character):
    count, rest = divmod(MAX_TEXT_BYTES - 4, len(character.encode()))
    text = f'["{character * count}{"x" * rest}"]'
    assert len(text.encode()) == MAX_TEXT_BYTES
    assert converted(text, "array") == [json.loads(text)]
    assert converted(f"{text} ", "array") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[1", "array"),
        ("{}", "array"),
        ("[]", "object"),
        ("\u00a0[]", "array"),
        ('{"a":1,"a":2}', "object"),
        ('[{"b":{"a":1,"a":1}}]', "array"),
        ("[1e5000]", "array"),
        ("[NaN]", "array"),
    ],
)
def test_json_text_that_is_not_plainly_one_value_of_the_type_is_none(text, kind):
    assert converted(text, kind) == []


def test_json_text_may_have_white_space_around_it():
    [found] = conversions(' \t\r\n{"a": [1, 2.5]} \n', "object")
    assert found.value == {"a": [1, 2.5]}
    assert found.change is Change.TEXT_TO_OBJECT
