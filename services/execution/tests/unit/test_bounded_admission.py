"""Whatever a schema and arguments are, admission takes a bounded number of steps: what would take
more is refused. Large arguments of ordinary operations are admitted.
"""

from math import inf

import pytest

from execution_service.domain.admission import Admitted, Refused, admit
from execution_service.domain.arguments import branches
from execution_service.domain.arguments.coercion import coerced
from execution_service.domain.arguments.steps import MAX_LOOKS, amount, steps

NAMES = 7_000
INTEGER = {"type": "integer"}
TOO_COMPLEX = "argument.too_complex"


def patterns(count, ending=".*b$"):
    return {f"^a{n}{ending}": INTEGER for n in range(count)}


def parts(count, **more):
    return [{"properties": {f"p{n}": INTEGER}, **more} for n in range(count)]


def chosen(count):
    return [
        {
            "if": {"properties": {"k": {"const": f"v{n}"}}, "required": ["k"]},
            "then": {"required": [f"r{n}"]},
        }
        for n in range(count)
    ]


CLOSED = {"type": "object", "additionalProperties": False, "patternProperties": patterns(1_000)}
OPEN = {"properties": {"x": INTEGER}, "patternProperties": patterns(600)}
FREE = {"unevaluatedProperties": False, "type": "object"}
TEXTS = {f"a{n}xb": "1" for n in range(NAMES)}
NUMBERS = {f"z{n}": 1 for n in range(6_000)}
TOO_MUCH = {
    "texts beside patterns": (CLOSED, TEXTS),
    "numbers beside patterns": (OPEN, NUMBERS),
    "one text for an integer": (OPEN, {"x": "5", **NUMBERS}),
    "a list beside patterns": (OPEN, {"x": "5", "l": [{"a": 1}] * 6_000}),
    "patterns within a list": ({"items": CLOSED}, [{f"a{n}xb": "1"} for n in range(6_000)]),
    "allOf, unevaluated": ({"allOf": parts(1_000), **FREE}, TEXTS),
    "oneOf, unevaluated": ({"oneOf": parts(300, required=["q"]), **FREE}, TEXTS),
    "if": ({"items": {"allOf": chosen(300)}}, [{"k": "v1"}] * 6_000),
    "listed objects": ({"items": {"enum": [{"a": n} for n in range(5_000)]}}, [{"a": 1}] * 6_000),
    "listed lists": ({"items": {"enum": [[n] for n in range(5_000)]}}, [[-1]] * 6_000),
    "listed values of several types": (
        {"items": {"enum": ["a", *range(20_000)]}},
        [1] * 6_000,
    ),
    "listed fractions": ({"items": {"enum": [n / 8 for n in range(5_000)]}}, [1] * 6_000),
    "constants": ({"contains": {"anyOf": [{"const": n} for n in range(300)]}}, [999] * 6_000),
    "divisors": ({"items": {"anyOf": [{"multipleOf": 0.01}] * 300}}, [0.5] * 6_000),
    "names that need others": (
        {"items": {"dependentRequired": {f"k{n}": ["b"] for n in range(1_000)}}},
        [{"a": 1}] * 9_000,
    ),
    "patterns of a long text": (
        {"anyOf": [{"pattern": f"x{n}.*y"} for n in range(2_000)]},
        "x" * 90_000,
    ),
    "patterns of long names": (
        {"patternProperties": patterns(2_000)},
        {str(n) * 500: 1 for n in range(10, 99)},
    ),
}


def call_of(calls, schema):
    return calls.compiled(calls.parameter("m"), schema={"properties": {"m": schema}})


@pytest.mark.parametrize("name", TOO_MUCH)
def test_na1_what_would_take_long_to_be_checked_is_refused(calls, name):
    schema, value = TOO_MUCH[name]

    answer = admit(call_of(calls, schema), {"m": value}, tolerant=True)

    assert isinstance(answer, Refused)
    assert [each.code for each in answer.faults] == [TOO_COMPLEX]


PLAIN = {"type": "object", "properties": {"a": INTEGER, "b": {"type": "string"}}}
PRICED = {"type": "object", "properties": {"price": {"type": "number", "multipleOf": 0.01}}}
KINDS = [
    {"type": "object", "required": [f"r{n}"], "properties": {f"r{n}": INTEGER}} for n in range(30)
]
ORDINARY = {
    "objects": (PLAIN, {"a": 1, "b": "c" * 2}),
    "objects with patterns": ({**PLAIN, "patternProperties": patterns(50)}, {"a": 1}),
    "objects of many kinds": ({"oneOf": KINDS}, {"r29": 1}),
    "listed texts": ({"enum": [f"k{n}" for n in range(5_000)]}, "k4999"),
    "listed integers": ({"enum": [*range(5_000)]}, 4_999),
    "prices": (PRICED, {"price": 1.5}),
    "texts": ({"type": "string", "pattern": "^[a-z]+$"}, "abcdefgh"),
}


@pytest.mark.parametrize("name", ORDINARY)
def test_na1_five_thousand_ordinary_items_are_admitted(calls, name):
    item, value = ORDINARY[name]
    call = call_of(calls, {"type": "array", "items": item})

    assert isinstance(admit(call, {"m": [value] * 5_000}), Admitted)


class Watched(dict):
    """Counts the members that are gone through."""

    seen = 0

    def items(self):
        for pair in super().items():
            Watched.seen += 1
            yield pair


@pytest.mark.parametrize(
    ("schema", "at_most"),
    [
        (CLOSED, MAX_LOOKS // 1_000 + 1),
        ({"allOf": parts(1_000)}, 8 * MAX_LOOKS),
    ],
)
def test_na1_counting_ends_after_so_many_looks(schema, at_most):
    value = Watched(TEXTS)
    Watched.seen = 0

    counted = steps(schema, value)

    assert counted == inf
    assert Watched.seen <= at_most


def test_na1_a_new_pair_is_more_than_one_look():
    schema = {"items": {"items": INTEGER}}
    few, many = ([[float(n)] for n in range(count)] for count in (4_000, 6_000))

    assert steps(schema, few) == 1 + 2 * 4_000
    assert steps(schema, many) == inf


def test_na1_amount_counts_values_and_long_texts_and_names():
    assert amount({"a": [1, {"b": "x"}]}) == 5
    assert amount({"a" * 64: "x" * 320}) == 2 + 2 + 10


class Parts:
    """Counts the names that patterns are asked about."""

    asked = 0

    def match(self, pattern, name):
        self.asked += 1
        return False


def test_na1_patterns_are_not_asked_about_once_all_questions_are_asked():
    asked = Parts()

    value, done = coerced({"patternProperties": patterns(1_000)}, asked, TEXTS)

    assert value == TEXTS
    assert done == []
    assert asked.asked == branches.MAX_CHECKED_VALUES // 4


def test_na1_a_null_stays_where_not_all_patterns_were_asked_about():
    schema = {"additionalProperties": INTEGER, "patternProperties": patterns(30_000)}

    value, done = coerced(schema, Parts(), {"m": None})

    assert value == {"m": None}
    assert done == []


def test_na1_schemas_of_members_are_looked_for_in_a_bounded_number():
    views = [WatchedView() for _ in range(100)]
    WatchedView.asked = 0

    coerced({"allOf": views}, Parts(), TEXTS)

    assert WatchedView.asked <= branches.MAX_CHECKED_VALUES


class WatchedView(dict):
    """Counts how often it is asked for patterns."""

    asked = 0

    def get(self, name, default=None):
        WatchedView.asked += name == "patternProperties"
        return super().get(name, default)
