"""B25: how deep arguments may be, and the JSON text that is taken for one or for a part of one."""

import json

import pytest

from execution_service.domain.admission import Admitted, Refused, admit


@pytest.fixture(scope="session")
def one(calls):
    """An operation with the argument `a` of that schema."""

    def made(schema, definitions):
        root = {"properties": {"a": schema}, "$defs": dict(definitions)}
        return calls.compiled(calls.parameter("a"), schema=root)

    return made


def meant(call, value):
    answer = admit(call, {"a": value}, tolerant=True)
    assert isinstance(answer, Admitted), answer
    return answer


def lists(levels):
    return "[" * levels + "]" * levels


@pytest.mark.parametrize("at", [lambda text: text, lambda text: {"b": text}, lambda text: [[text]]])
def test_json_text_of_64_levels_is_taken_wherever_it_stands_and_65_are_refused(one, at):
    node = {"anyOf": [{"type": "array", "items": {"$ref": "#/$defs/N"}}, {"type": "boolean"}]}
    objects = {"type": "object", "additionalProperties": {"$ref": "#/$defs/N"}}
    schema = {"anyOf": [{"$ref": "#/$defs/N"}, objects]}
    call = one(schema, {"N": node})
    assert meant(call, at(lists(64))).arguments["a"] == at(json.loads(lists(64)))
    assert isinstance(admit(call, {"a": at(lists(65))}, tolerant=True), Refused)


def test_json_text_in_json_text_leads_no_deeper_than_64_levels_beyond_64(one):
    def within(levels, text):
        return "[" * levels + json.dumps(text) + "]" * levels

    node = {"type": "array", "items": {"$ref": "#/$defs/N"}}
    call = one({"$ref": "#/$defs/N"}, {"N": node})
    assert meant(call, within(64, lists(64))).arguments["a"] == json.loads(lists(128))
    refusal = admit(call, {"a": within(64, within(64, "[]"))}, tolerant=True)
    [found] = refusal.faults
    assert (found.code, found.message) == (
        "argument.too_deep",
        "'a' is nested more than 128 levels deep.",
    )


def test_arguments_in_json_text_have_64_levels_at_most(calls):
    call = calls.compiled(calls.parameter("a"))
    for levels, expected in ((63, Admitted), (64, Refused)):
        text = f'{{"a": {lists(levels)}}}'
        assert isinstance(admit(call, text, tolerant=True), expected)
