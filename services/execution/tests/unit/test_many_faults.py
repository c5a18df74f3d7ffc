"""Explaining what does not fit takes a bounded time, however much the schema lists and however many
values are wrong.
"""

import pytest

from contracts.operation import Location
from execution_service.domain.admission import Admitted, Refused, admit
from execution_service.domain.arguments.fault import MAX_FAULTS
from execution_service.domain.arguments.listed_values import cost_of_listing

LISTED = [str(number) for number in range(5_000)]
KEY = frozenset({(Location.QUERY, "key")})


@pytest.fixture
def listed(calls):
    item = {"anyOf": [{"type": "string", "enum": LISTED}, {"type": "string", "pattern": "^a"}]}
    schema = {"properties": {"a": {"type": "array", "items": item}, "key": {}}, "required": ["key"]}
    return calls.compiled(calls.parameter("a"), calls.parameter("key"), schema=schema)


def codes(answer):
    assert isinstance(answer, Refused), answer
    return [each.code for each in answer.faults]


def test_a_few_faults_are_all_explained_however_much_is_listed(listed):
    assert codes(admit(listed, {"a": ["b"] * 3, "key": "k"})) == ["argument.any_of"] * 3


def test_of_thousands_that_each_repeat_what_is_listed_the_first_is_explained(listed):
    assert codes(admit(listed, {"a": ["b"] * 3_000, "key": "k"})) == ["argument.any_of"]


def test_thousands_that_list_nothing_are_explained_as_before(calls):
    schema = {"properties": {"a": {"type": "array", "items": {"type": "string"}}}}
    call = calls.compiled(calls.parameter("a"), schema=schema)

    assert codes(admit(call, {"a": [1] * 3_000})) == ["argument.type"] * MAX_FAULTS


@pytest.mark.parametrize("count", [3_000, 20_000])
def test_what_is_missing_for_the_credential_never_hides_the_other_faults(listed, count):
    found = codes(admit(listed, {"a": ["b"] * count}, KEY))

    assert "argument.too_many_faults" in found
    assert "argument.required" not in found


def test_large_arguments_that_only_lack_the_credential_are_admitted(listed):
    assert isinstance(admit(listed, {"a": ["1"] * 20_000}, KEY), Admitted)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (True, 1),
        ({"type": "string"}, 1),
        ({"items": [{"anyOf": [{"enum": ["x" * 100]}, {"enum": ["x" * 250]}]}]}, 4),
        ({"const": "x" * 100}, 2),
        ({"properties": {"enum": {"properties": {"a": {"enum": ["x" * 100]}}}}}, 2),
    ],
)
def test_the_longest_list_of_a_schema_is_what_an_error_may_cost(schema, expected):
    assert cost_of_listing(schema) == expected
