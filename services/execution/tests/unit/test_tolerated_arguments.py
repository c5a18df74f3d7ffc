"""B25, B27: arguments are taken for what they unambiguously mean, each change is on record, and
what is hashed, shown and sent is what was meant.
"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.operation import Body
from execution_service.domain.admission import Admitted, Refused, admit
from execution_service.domain.arguments.coercion import coerced
from execution_service.domain.arguments.exact_json import ExactNumber, read_json, write_json
from execution_service.domain.arguments.json_type import key_of
from execution_service.domain.arguments.schema_parts import SchemaParts
from execution_service.domain.invocation import FinishedCall
from execution_service.domain.outbound_request import build_request
from services.execution.tests.calling import invoke, refused
from services.execution.tests.fakes import ALLOWED

ANY = object()


@pytest.fixture(scope="session")
def one(calls):
    """An operation with the argument `a` of that schema."""

    def made(schema, definitions=(), **fields):
        root = {"properties": {"a": schema}, "$defs": dict(definitions)}
        return calls.compiled(calls.parameter("a"), schema=root, **fields)

    return made


def meant(call, value, **more):
    answer = admit(call, {"a": value, **more}, tolerant=True)
    assert isinstance(answer, Admitted), answer
    return answer


def done(answer):
    return [(each.pointer, str(each.change)) for each in answer.coerced]


@pytest.mark.parametrize(
    ("schema", "given", "expected", "change"),
    [
        ({"type": "integer"}, "20", 20, "text_to_integer"),
        ({"type": "integer"}, "-7", -7, "text_to_integer"),
        ({"type": "integer"}, "9" * 30, ExactNumber("9" * 30), "text_to_integer"),
        ({"type": "number"}, "3.14", 3.14, "text_to_number"),
        ({"type": "number"}, "1.50", ExactNumber("1.50"), "text_to_number"),
        ({"type": ["integer", "null"]}, "20", 20, "text_to_integer"),
        ({"type": ["integer", "number"]}, "20", 20, "text_to_integer"),
        ({"type": "boolean"}, "true", True, "text_to_boolean"),
        ({"type": "boolean"}, "false", False, "text_to_boolean"),
        ({"type": "string"}, 5, "5", "number_to_text"),
        ({"type": "string"}, 1.5, "1.5", "number_to_text"),
        ({"type": "string"}, True, "true", "boolean_to_text"),
        ({"type": "string", "enum": ["2024"]}, 2024, "2024", "number_to_text"),
        ({"enum": [1, 2]}, "2", 2, "text_to_integer"),
        ({"const": "5"}, 5, "5", "number_to_text"),
        ({"type": "object"}, '{"b": 1}', {"b": 1}, "text_to_object"),
        ({"type": "array"}, ' ["b"]', ["b"], "text_to_array"),
        ({"$ref": "#/$defs/Count"}, "20", 20, "text_to_integer"),
        ({"allOf": [{"$ref": "#/$defs/Count"}, {"minimum": 1}]}, "20", 20, "text_to_integer"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "20", 20, "text_to_integer"),
        ({"oneOf": [{"type": "integer"}, {"type": "object"}]}, "20", 20, "text_to_integer"),
    ],
)
def test_b27_what_is_unambiguous_is_taken(one, schema, given, expected, change):
    call = one(schema, {"Count": {"type": "integer"}})
    answer = meant(call, given)
    assert answer.arguments == {"a": expected}
    assert type(answer.arguments["a"]) is type(expected)
    assert done(answer) == [("/a", change)]
    assert answer.arguments_hash == admit(call, {"a": expected}).arguments_hash


@pytest.mark.parametrize(
    ("schema", "given"),
    [
        ({"type": "integer"}, "3.14"),
        ({"type": "integer"}, "1e3"),
        ({"type": "integer"}, "20.0"),
        ({"type": "integer"}, "007"),
        ({"type": "integer"}, "+5"),
        ({"type": "integer"}, " 5"),
        ({"type": "integer"}, "-0"),
        ({"type": "integer"}, "٣"),
        ({"type": "integer"}, ""),
        ({"type": "integer"}, "9" * 4_001),
        ({"type": "integer"}, True),
        ({"type": "integer"}, 3.5),
        ({"type": "number"}, "NaN"),
        ({"type": "number"}, "1e99999"),
        ({"type": "boolean"}, "yes"),
        ({"type": "boolean"}, 1),
        ({"type": "string"}, ["a"]),
        ({"type": "string"}, {"a": 1}),
        ({"type": "null"}, "null"),
        ({"type": "object"}, "[1]"),
        ({"type": "object"}, '{"b": 1'),
        ({"type": "object"}, '{"b": "' + "x" * 65_536 + '"}'),
        ({"type": "array"}, "[" * 65 + "]" * 65),
        ({"type": "array"}, "b"),
        ({"type": "array"}, 5),
        ({"type": ["boolean", "integer"]}, "5.0"),
        ({"anyOf": [{"type": "integer"}, {"type": "number"}]}, "20"),
        ({"oneOf": [{"type": "integer"}, {"type": "boolean"}]}, "yes"),
    ],
)
def test_b27_what_loses_something_or_is_ambiguous_is_refused(one, schema, given):
    assert isinstance(admit(one(schema), {"a": given}, tolerant=True), Refused)


@pytest.mark.parametrize(
    ("schema", "given"),
    [
        ({"type": "string"}, "20"),
        ({"type": ["string", "integer"]}, "20"),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, "20"),
        ({"oneOf": [{"type": "object"}, {"type": "string"}]}, '{"b": 1}'),
        ({"type": ["string", "null"]}, None),
        ({}, None),
        ({"enum": ["a", None]}, None),
        ({"$ref": "#/$defs/Maybe"}, None),
        ({}, "20"),
    ],
)
def test_b27_what_the_schema_admits_stays_beside_what_it_does_not(calls, schema, given):
    root = {
        "properties": {"a": schema, "n": {"type": "integer"}},
        "$defs": {"Maybe": {"anyOf": [{"type": "integer"}, {"type": "null"}]}},
    }
    call = calls.compiled(calls.parameter("a"), calls.parameter("n"), schema=root)
    answer = meant(call, given, n="1")
    assert answer.arguments == {"a": given, "n": 1}
    assert done(answer) == [("/n", "text_to_integer")]


def test_b27_a_value_is_coerced_however_deep_it_stands(one):
    node = {
        "type": "object",
        "properties": {"n": {"type": "integer"}, "next": {"$ref": "#/$defs/Node"}},
        "additionalProperties": {"type": "array", "items": {"type": "string"}},
    }
    call = one({"$ref": "#/$defs/Node"}, {"Node": node})
    answer = meant(call, {"n": "1", "next": {"next": {"n": "2"}, "tags": [1, "b"]}})
    assert answer.arguments == {"a": {"n": 1, "next": {"next": {"n": 2}, "tags": ["1", "b"]}}}
    assert done(answer) == [
        ("/a/n", "text_to_integer"),
        ("/a/next/next/n", "text_to_integer"),
        ("/a/next/tags/0", "number_to_text"),
    ]


def test_b27_json_text_is_read_and_what_is_in_it_coerced(one):
    call = one({"type": "object", "properties": {"n": {"type": "integer"}}})
    answer = meant(call, '{"n": "1", "big": 123456789012345678901234567890}')
    assert write_json(answer.arguments) == b'{"a":{"n":1,"big":123456789012345678901234567890}}'
    assert done(answer) == [("/a", "text_to_object"), ("/a/n", "text_to_integer")]


def test_b27_arguments_that_are_json_text_are_read(one):
    answer = admit(one({"type": "integer"}), '{"a": 5}', tolerant=True)
    assert answer.arguments == {"a": 5}
    assert done(answer) == [("", "text_to_object")]


@pytest.mark.parametrize("text", ["", "5", "[1]", "\ud800", '{"a":', '{"\ud800": 1}'])
def test_other_texts_are_no_arguments(one, text):
    assert isinstance(admit(one({"type": "integer"}), text, tolerant=True), Refused)


def test_b27_in_alternatives_the_only_one_that_fits_is_meant(one):
    card = {"type": "object", "properties": {"type": {"const": "card"}, "n": {"type": "integer"}}}
    bank = {"type": "object", "properties": {"type": {"const": "bank"}, "n": {"type": "boolean"}}}
    closed = [{**each, "required": ["type"]} for each in (card, bank)]
    call = one({"oneOf": closed})
    assert meant(call, {"type": "card", "n": "1"}).arguments == {"a": {"type": "card", "n": 1}}
    assert meant(call, '{"type": "bank", "n": "true"}').arguments == {
        "a": {"type": "bank", "n": True}
    }
    assert isinstance(admit(call, {"a": {"type": "card", "n": "x"}}, tolerant=True), Refused)


def test_faults_are_told_of_what_was_meant(one):
    refusal = admit(one({"type": "integer", "maximum": 10}), {"a": "20"}, tolerant=True)
    assert [each.code for each in refusal.faults] == ["argument.maximum"]


def test_b25_null_for_an_optional_argument_is_left_out(calls):
    body = Body(media_type="application/json", required=True, members={"plain": "plain", "t": "t"})
    schema = {
        "properties": {
            "limit": {"type": "integer"},
            "plain": {"type": "string"},
            "t": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["plain"],
    }
    call = calls.compiled(calls.parameter("limit"), method="POST", body=body, schema=schema)
    answer = admit(call, {"limit": None, "plain": "x", "t": None}, tolerant=True)
    assert done(answer) == [("/limit", "null_left_out"), ("/t", "null_left_out")]
    request = build_request(call, answer)
    assert (request.raw_path_and_query, request.body) == ("/pets", b'{"plain":"x"}')


def test_b25_null_for_what_is_required_is_refused(calls):
    schema = {"properties": {"a": {"type": "integer"}}, "required": ["a"]}
    call = calls.compiled(calls.parameter("a"), schema=schema)
    assert isinstance(admit(call, {"a": None}, tolerant=True), Refused)


def test_b25_null_for_a_constant_is_the_constant(calls):
    schema = {"properties": {"v": {"const": 2}}}
    call = calls.compiled(calls.parameter("v"), schema=schema, constants={"v": 2})
    assert admit(call, {"v": None}, tolerant=True).arguments == {"v": 2}


def test_b25_nulls_of_alternatives_that_are_open_are_left_out(one):
    """As a strict tool has them: closed, every member required."""
    card = {"type": "object", "properties": {"n": {"type": "integer"}, "x": {"type": "string"}}}
    bank = {"type": "object", "properties": {"b": {"type": "string"}, "x": {"type": "integer"}}}
    call = one({"anyOf": [card, bank]})
    assert meant(call, {"n": None, "x": "b"}).arguments == {"a": {"x": "b"}}
    assert meant(call, {"b": None, "x": None}).arguments == {"a": {}}


def test_at_most_twenty_changes_are_told(one):
    answer = meant(one({"type": "array", "items": {"type": "integer"}}), ["1"] * 100)
    assert answer.arguments == {"a": [1] * 100}
    assert len(answer.coerced) == 20


def test_of_very_many_values_none_is_coerced_in_vain(one):
    """It takes time for each: more than some thousands are left as they are, and refused."""
    call = one({"type": "array", "items": {"type": "integer"}})
    assert isinstance(admit(call, {"a": ["1"] * 4_000}, tolerant=True), Admitted)
    assert isinstance(admit(call, {"a": ["1"] * 6_000}, tolerant=True), Refused)


def test_a_null_that_may_stay_stays_where_no_more_is_checked(one):
    rows = {
        "type": "array",
        "items": {"type": "object", "properties": {"note": {"type": ["string", "null"]}}},
    }
    schema = {"type": "object", "properties": {"rows": rows, "n": {"type": "integer"}}}
    answer = meant(one(schema), {"rows": [{"note": None}] * 300, "n": "5"})

    assert answer.arguments["a"] == {"rows": [{"note": None}] * 300, "n": 5}


def test_without_tolerance_arguments_are_taken_literally(one):
    assert isinstance(admit(one({"type": "integer"}), {"a": "20"}), Refused)


def test_what_was_given_is_not_changed(one):
    given = {"a": {"b": ["1", {"c": None}]}}
    item = {"type": ["integer", "object"], "properties": {"c": {"type": "string"}}}
    inner = {"properties": {"b": {"type": "array", "items": item}}}
    answer = admit(one(inner), given, tolerant=True)
    assert answer.arguments == {"a": {"b": [1, {}]}}
    assert given == {"a": {"b": ["1", {"c": None}]}}


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.sampled_from(["1", "true", "{}", "[1]", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=8,
)
SCHEMAS = st.recursive(
    st.sampled_from(
        [{"type": t} for t in ("string", "integer", "boolean", "null", "array", "object")]
        + [{}, {"enum": ["1", True]}, {"$ref": "#/$defs/D"}, {"minimum": 3}]
    ),
    lambda inner: st.one_of(
        st.builds(lambda s: {"type": "array", "items": s}, inner),
        st.builds(lambda s: {"properties": s}, st.dictionaries(st.sampled_from("abc"), inner)),
        st.builds(lambda k, s: {k: s}, st.sampled_from(["anyOf", "oneOf", "allOf"]),
                  st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)  # fmt: skip


@given(schema=SCHEMAS, definition=SCHEMAS, value=VALUES)
def test_whatever_is_coerced_is_admitted_and_what_is_admitted_stays(one, schema, definition, value):
    call = one(schema, {"D": definition})
    literally = admit(call, {"a": value})
    answer = admit(call, {"a": value}, tolerant=True)
    if isinstance(literally, Admitted):
        assert answer == literally
    elif isinstance(answer, Admitted):
        assert answer.coerced
        again = admit(call, read_json(answer.canonical), tolerant=True)
        assert (again.arguments_hash, again.coerced) == (answer.arguments_hash, ())


async def test_b27_the_fact_the_answer_and_the_trace_name_what_was_coerced(world):
    world = world()
    result = await invoke(world, id="1")
    assert isinstance(result, FinishedCall)
    noted = [(each.pointer, each.change) for each in world.finished.coerced]
    assert noted == [("/id", "text_to_integer")]
    assert [(each.pointer, each.change) for each in result.coerced] == noted


async def test_b27_the_hash_that_is_decided_on_is_of_what_was_meant(world):
    literally, tolerant = world("POST"), world("POST")
    await invoke(literally, id=1)
    await invoke(tolerant, id="1")
    assert tolerant.finished.arguments_hash == literally.finished.arguments_hash


async def test_b27_a_switch_of_the_workspace_turns_it_off(world):
    world = world()
    world.verdict = ALLOWED.model_copy(update={"tolerant_arguments": False})
    refusal = await refused(world, id="1")
    assert json.dumps(refusal.findings).count("argument.type") == 1


class Counted(str):
    """A text that counts how often it was compared."""

    __slots__ = ()
    times = 0

    def __eq__(self, other):
        Counted.times += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_values_are_looked_up_among_thousands_that_are_listed_not_compared_with_each():
    listed = [Counted(number) for number in range(5_000)]
    item = {"type": "string", "enum": listed}
    root = {"properties": {"a": {"type": "array", "items": item}}}
    meant, done = coerced(root, SchemaParts(b"", ()), {"a": [*range(4_000)]})

    assert meant == {"a": [str(number) for number in range(4_000)]}
    assert len(done) == 4_000
    assert Counted.times < 20_000


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        ([1, {"a": None}], [1.0, {"a": None}], True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ([1, 2], [2, 1], False),
        ({}, [], False),
        ({"a": [True]}, {"a": [1]}, False),
        ("1", 1, False),
    ],
)
def test_keys_are_equal_where_values_are_equal_as_json(one, other, expected):
    assert (key_of(one) == key_of(other)) is expected
