"""JSON as APIs send it, read into Python's values and shown as it is spelled (B13, W9)."""

import json
import sys
from decimal import Decimal

import pytest

from openactions import json_text

LEVELS = 1_026
"""Of an answer of 1,024 in the result of an invocation."""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, -2.5, "é", true, null]}', {"a": [1, -2.5, "é", True, None]}),
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ("1e400", Decimal("1e400")),
        ("1e" + "9" * 30, "1e" + "9" * 30),
        ("7" * 5_000, Decimal("7" * 5_000)),
        (r'"\ud800"', "\ud800"),
    ],
)
def test_a_value_is_read_as_exactly_as_python_can_b13(text, value):
    assert json_text.read(text) == value


def test_an_answer_of_1024_levels_is_read_w9():
    limit = sys.getrecursionlimit()

    value = json_text.read("[" * LEVELS + "]" * LEVELS)

    for _ in range(LEVELS - 1):
        [value] = value
    assert value == []
    assert sys.getrecursionlimit() == limit


def test_what_is_shown_is_spelled_as_it_came_b13():
    text = (
        r'{"a":1,"a":123456789012345678901234567890,"b":[1e400,-0,"\ud800, {\"é\"}"],"c":{},"d":[]}'
    )

    assert json_text.indented(text) == (
        '{\n  "a": 1,\n  "a": 123456789012345678901234567890,\n'
        '  "b": [\n    1e400,\n    -0,\n    "\\ud800, {\\"é\\"}"\n  ],\n  "c": {},\n  "d": []\n}'
    )


@pytest.mark.parametrize("text", ["1", '"a"', "[]", "{}", '[[[]],{"a":[{}]}]', '{"a":{"b":[1,2]}}'])
def test_valid_json_is_shown_as_python_shows_it(text):
    assert json_text.indented(text) == json.dumps(json.loads(text), indent=2)


def test_an_answer_of_1024_levels_is_shown_w9():
    shown = json_text.indented("[" * LEVELS + "1" + "]" * LEVELS)

    assert "".join(shown.split()) == "[" * LEVELS + "1" + "]" * LEVELS


def test_what_a_terminal_would_act_on_is_escaped():
    shown = json_text.indented('["\x9b31m\u202e\U000e0001é"]')

    assert shown == '[\n  "\\u009b31m\\u202e\\udb40\\udc01é"\n]'
    assert json.loads(shown) == ["\x9b31m\u202e\U000e0001é"]
