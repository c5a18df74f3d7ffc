"""Alternatives, patterns and free members where arguments are taken for what they mean (B25, B27):
what the schema admits stays, what is ambiguous is refused, and no schema makes it take long.
"""

import pytest

from contracts.operation import Location
from execution_service.domain.admission import Admitted, Refused, admit
from execution_service.domain.arguments import branches
from execution_service.domain.arguments.argument_schema import ArgumentSchema
from execution_service.domain.arguments.refused_null import RefusedNull


@pytest.fixture(scope="session")
def one(calls):
    """An operation with the arguments `a`, of that schema, and `n`, an integer."""

    def made(schema, definitions=()):
        properties = {"a": schema, "n": {"type": "integer"}}
        root = {"properties": properties, "$defs": dict(definitions)}
        return calls.compiled(calls.parameter("a"), calls.parameter("n"), schema=root)

    return made


def meant(call, value, **more):
    answer = admit(call, {"a": value, **more}, tolerant=True)
    assert isinstance(answer, Admitted), answer
    return answer.arguments["a"]


def done(call, value, **more):
    answer = admit(call, {"a": value, **more}, tolerant=True)
    return [(each.pointer, str(each.change)) for each in answer.coerced]


LIVES = {"type": "object", "properties": {"lives": {"type": "integer"}}}
BARKS = {"type": "object", "properties": {"barks": {"type": "boolean"}}, "required": ["barks"]}
PETS = {
    "Pet": {
        "type": "object",
        "properties": {"name": {"type": "string"}},
        "oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
    },
    "Cat": {"allOf": [{"$ref": "#/$defs/Pet"}, {**LIVES, "required": ["lives"]}]},
    "Dog": {"allOf": [{"$ref": "#/$defs/Pet"}, BARKS]},
}


@pytest.mark.parametrize("union", ["oneOf", "anyOf"])
@pytest.mark.parametrize("within", [lambda a: a, lambda a: {"type": "array", "items": a}])
@pytest.mark.parametrize(
    "value", [{"name": "x", "lives": "9"}, {"name": 1}, {"barks": "true"}, "{}", None, [], 5]
)
def test_a_union_whose_alternatives_refer_to_it_is_answered(one, union, within, value):
    pet = {union if key == "oneOf" else key: each for key, each in PETS["Pet"].items()}
    call = one(within({"$ref": "#/$defs/Pet"}), {**PETS, "Pet": pet})
    for given in (value, [value], {"pet": value}):
        assert isinstance(admit(call, {"a": given}, tolerant=True), Admitted | Refused)


def test_in_a_union_that_refers_to_itself_the_only_alternative_is_meant(one):
    value = meant(one({"$ref": "#/$defs/Pet"}, PETS), {"name": 5, "lives": "9"})
    assert value == {"name": "5", "lives": 9}


@pytest.mark.parametrize("union", ["oneOf", "anyOf"])
def test_a_union_that_is_nothing_but_itself_is_answered(one, union):
    inner = {"allOf": [{"type": "string"}, {"$ref": "#/$defs/D"}]}
    call = one({union: [{"$ref": "#/$defs/D"}]}, {"D": {union: [inner]}})
    assert isinstance(admit(call, {"a": []}, tolerant=True), Admitted | Refused)


def test_unions_within_unions_are_followed_as_deep_as_values(one):
    node = {"type": "object", "properties": {"n": {"type": "integer"}}}
    node["properties"]["next"] = {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]}
    value, expected = {"n": "1"}, {"n": 1}
    for _ in range(12):
        value, expected = {"next": value}, {"next": expected}
    assert meant(one({"$ref": "#/$defs/Node"}, {"Node": node}), value) == expected


def test_a_chain_of_unions_is_left_where_it_gets_deep(one):
    chain = {f"D{n}": {"anyOf": [{"$ref": f"#/$defs/D{n + 1}"}]} for n in range(40)}
    chain["D40"] = {"type": "array", "items": {"$ref": "#/$defs/D0"}}
    value = ["1"]
    for _ in range(10):
        value = [value]
    call = one({"$ref": "#/$defs/D0"}, chain)
    assert isinstance(admit(call, {"a": value}, tolerant=True), Refused)


def kinds(count):
    """Alternatives that a constant tells apart, all of which refer to all."""
    alternatives = [{"$ref": f"#/$defs/S{n}"} for n in range(count)]
    made = {
        f"S{n}": {
            "type": "object",
            "required": ["kind"],
            "properties": {
                "kind": {"const": f"k{n}"},
                "child": {"$ref": "#/$defs/U"},
                "n": {"type": "integer"},
                "words": {"type": "string", "maxLength": n},
            },
        }
        for n in range(count)
    }
    return {**made, "U": {"oneOf": alternatives}}


def test_many_alternatives_are_compiled_once_for_all_calls(one):
    call = one({"$ref": "#/$defs/U"}, kinds(150))
    value = {"kind": "k149", "n": "1"}
    admit(call, {"a": value}, tolerant=True)
    parts = call.schema.parts
    before = parts._validator
    assert meant(call, {"kind": "k7", "n": "1"}) == {"kind": "k7", "n": 1}
    assert isinstance(admit(call, {"a": {"kind": "zz"}}, tolerant=True), Refused)
    assert parts._validator is before


def test_what_is_compiled_of_alternatives_is_counted():
    union = {"properties": {"a": {"oneOf": [{"type": "integer"}, {"type": "boolean"}]}}}
    plain = {"properties": {"a": {"type": "integer"}}}
    schema = ArgumentSchema.of(union)
    assert schema.bytes > 2 * 32 * len(schema.text)
    assert ArgumentSchema.of(plain).bytes == 33 * len(ArgumentSchema.of(plain).text)


def test_an_alternative_beside_those_that_were_not_asked_is_not_meant(one):
    """Where a call may ask no more, nobody knows whether another one fits as well."""
    number = {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}
    flags = [
        {"type": "object", "properties": {"x": {"type": "boolean"}}, "required": ["x"]}
    ] * branches.MAX_CHECKED
    call = one({"anyOf": [number, *flags]})
    assert isinstance(admit(call, {"a": {"x": "1"}}, tolerant=True), Refused)


def test_a_large_value_is_not_compared_with_all_of_many_alternatives():
    class Parts:
        asked = 0

        def admit(self, reference, value):
            self.asked += 1

    parts = Parts()
    asking = branches.Branches({}, parts)
    for number in range(branches.MAX_CHECKED):
        asking.admit({"$ref": f"#/$defs/D{number}"}, [{"m": [1]}] * 1_000)
    assert parts.asked == branches.MAX_CHECKED_VALUES // 3_001
    assert asking.exhausted


@pytest.mark.parametrize(
    ("schema", "value", "expected", "changes"),
    [
        (
            {
                "patternProperties": {"^s": {"type": ["string", "null"]}},
                "additionalProperties": {"type": "integer"},
            },
            {"s": None, "t": "5"},
            {"s": None, "t": 5},
            [("/a/t", "text_to_integer")],
        ),
        (
            {
                "patternProperties": {"^s_": {"type": "string"}},
                "additionalProperties": {"type": "integer"},
            },
            {"s_x": "5", "s_y": 5},
            {"s_x": "5", "s_y": "5"},
            [("/a/s_y", "number_to_text")],
        ),
        (
            {
                "anyOf": [{"properties": {"s": {"type": ["string", "null"]}}}],
                "unevaluatedProperties": {"type": "integer"},
            },
            {"s": None},
            {"s": None},
            [],
        ),
        (
            {
                "anyOf": [{"properties": {"s": {"type": "string"}}}],
                "unevaluatedProperties": {"type": "integer"},
            },
            {"s": "5"},
            {"s": "5"},
            [],
        ),
        (
            {
                "if": {"required": ["s"]},
                "then": {"properties": {"s": {"type": "string"}}},
                "unevaluatedProperties": {"type": "integer"},
            },
            {"s": "5"},
            {"s": "5"},
            [],
        ),
        (
            {"properties": {"s": {}}, "unevaluatedProperties": {"type": "integer"}},
            {"s": "5", "t": "5"},
            {"s": "5", "t": 5},
            [("/a/t", "text_to_integer")],
        ),
        (
            {
                "allOf": [{"additionalProperties": True}],
                "unevaluatedProperties": {"type": "integer"},
            },
            {"s": "5"},
            {"s": "5"},
            [],
        ),
        (
            {"not": {"type": "integer"}, "type": ["string", "null"]},
            None,
            None,
            [],
        ),
    ],
)
def test_b27_what_the_schema_admits_stays(one, schema, value, expected, changes):
    call = one(schema)
    assert meant(call, value, n="1") == expected
    assert done(call, value, n="1") == [*changes, ("/n", "text_to_integer")]


@pytest.mark.parametrize(
    "text",
    [
        '{"x": "1", "x": "2"}',
        '{"x": 1, "\\u0078": 1}',
        '{"y": [{"x": 1, "x": 1}]}',
    ],
)
def test_b27_json_text_that_has_a_name_twice_is_refused(one, text):
    assert isinstance(admit(one({"type": "object"}), {"a": text}, tolerant=True), Refused)
    assert isinstance(admit(one({"type": "array"}), {"a": f"[{text}]"}, tolerant=True), Refused)
    assert isinstance(admit(one({}), f'{{"a": {text}}}', tolerant=True), Refused)


@pytest.mark.parametrize(
    ("schema", "is_refused"),
    [
        (True, False),
        (False, True),
        ({}, False),
        ({"type": "string"}, True),
        ({"type": "null"}, False),
        ({"type": ["string", "null"]}, False),
        ({"type": ["string", "integer"]}, True),
        ({"const": None}, False),
        ({"const": 0}, True),
        ({"enum": ["a", None]}, False),
        ({"enum": ["a", 0, False]}, True),
        ({"$ref": "#/$defs/Text"}, True),
        ({"$ref": "#/$defs/Maybe"}, False),
        ({"$ref": "#/$defs/Itself"}, False),
        ({"$ref": "#/$defs/Itself", "type": "string"}, True),
        ({"allOf": [{}, {"type": "string"}]}, True),
        ({"allOf": [{}, {"minimum": 1}]}, False),
        ({"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Maybe"}]}, False),
        ({"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Itself"}]}, False),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, True),
        ({"oneOf": [{"type": "string"}, {"type": "null"}]}, False),
        ({"oneOf": [{"type": "null"}, {"minimum": 1}]}, True),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, True),
        ({"oneOf": [{"type": "null"}, {"$ref": "#/$defs/Itself"}]}, False),
        ({"not": {"type": "null"}}, True),
        ({"not": {"type": "string"}}, False),
        ({"not": {"$ref": "#/$defs/Itself"}}, False),
        ({"if": {"type": "null"}, "then": False}, False),
    ],
)
def test_what_refuses_null(schema, is_refused):
    known = {
        "#/$defs/Text": {"type": "string"},
        "#/$defs/Maybe": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "#/$defs/Itself": {"allOf": [{"$ref": "#/$defs/Itself"}]},
    }
    assert RefusedNull(known.get).by(schema) is is_refused


def test_of_a_schema_that_is_very_deep_nothing_is_said_about_null():
    schema = {"type": "string"}
    for _ in range(100):
        schema = {"allOf": [schema]}
    assert RefusedNull(dict.get).by(schema) is False
    assert RefusedNull(dict.get).by(schema["allOf"][0]) is False


def test_h64_json_text_brings_no_name_where_the_credential_goes(calls):
    schema = {"properties": {"a": {"type": "object"}}}
    call = calls.compiled(calls.parameter("a"), schema=schema)
    reserved = frozenset({(Location.QUERY, "api_key")})
    answer = admit(call, {"a": '{"API_KEY": "x"}'}, reserved, tolerant=True)
    assert [each.code for each in answer.faults] == ["argument.reserved"]


def test_without_tolerance_arguments_that_are_json_text_are_refused(one):
    assert [each.code for each in admit(one({}), '{"a": 1}').faults] == ["argument.not_object"]
