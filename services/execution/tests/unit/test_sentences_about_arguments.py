"""Every sentence about an argument names it, and says what to give (nit 34 of the trial)."""

import pytest

from execution_service.domain.arguments.argument_schema import ArgumentSchema

NONE = "'t' fits none of the forms that it may have:"


def sentence(schema, value):
    compiled = ArgumentSchema.of({"type": "object", "properties": {"t": schema}})
    [fault] = compiled.faults({"t": value}, {"t": value}, 10)
    return fault.message


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        ({"const": "T"}, "other", '\'t\' must be "T", not "other".'),
        ({"enum": ["T"]}, "other", '\'t\' must be "T", not "other".'),
        ({"enum": ["a", "b"]}, "c", '\'t\' must be one of "a", "b".'),
        ({"minimum": 3}, 1, "'t' must be at least 3, not 1."),
        ({"maximum": 3}, 9, "'t' must be at most 3, not 9."),
        ({"exclusiveMinimum": 3}, 3, "'t' must be greater than 3, not 3."),
        ({"exclusiveMaximum": 3}, 3, "'t' must be less than 3, not 3."),
        ({"multipleOf": 2}, 3, "'t' must be a multiple of 2, not 3."),
        ({"minLength": 3}, "a", "'t' must have at least 3 characters, not \"a\"."),
        ({"maxLength": 1}, "ab", "'t' must have at most 1 character, not \"ab\"."),
        ({"pattern": "^v"}, "x", "'t' must match the pattern ^v, not be \"x\"."),
        ({"minItems": 1}, [], "'t' must be a list of at least 1 item, not []."),
        ({"maxProperties": 0}, {"a": 1}, "'t' must be an object of at most 0 members, not "),
        ({"uniqueItems": True}, [1, 1], "'t' must hold each item once"),
        ({"contains": {"const": 1}}, [2], "'t' does not hold"),
        ({"not": {"const": 1}}, 1, "'t' must not be 1, nor anything like it."),
        ({"unevaluatedItems": False}, [1], "'t' holds more items than it may: [1]."),
        (
            {"oneOf": [{}, {}]},
            1,
            "'t' fits several of the forms that it may have, and must fit one alone: leave out ",
        ),
    ],
)
def test_a_sentence_names_the_argument_and_what_it_must_be(schema, value, expected):
    assert sentence(schema, value).startswith(expected)


@pytest.mark.parametrize(
    ("branches", "value", "expected"),
    [
        (
            [{"type": "string"}, {"type": "object"}],
            None,
            "'t' must be of type string or object, not null.",
        ),
        (
            [{"const": 1}, {"const": "b"}],
            3,
            NONE + """ 't' must be 1, not 3. Or: 't' must be "b", not 3.""",
        ),
        (
            [{"required": ["a"]}, {"required": ["b"]}],
            {},
            NONE + " 'a' is required. Or: 'b' is required.",
        ),
    ],
)
@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_of_alternatives_it_says_what_they_want(keyword, branches, value, expected):
    assert sentence({keyword: branches}, value) == expected
