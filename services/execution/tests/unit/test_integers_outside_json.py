"""W1: where the schema wants an integer, `1.0` is sent as `1`; as JSON, and elsewhere, as given."""

import pytest

from contracts.operation import Body, PropertyEncoding
from execution_service.domain.admission import Admitted, admit
from execution_service.domain.arguments.exact_json import read_json
from execution_service.domain.arguments.integers import IntegersOf
from execution_service.domain.outbound_request import build_request

FORM = "application/x-www-form-urlencoded"
INTEGER = {"type": "integer"}
NUMBER = {"type": "number"}


def sent(call, arguments):
    admitted = admit(call, read_json(arguments.encode()))
    assert isinstance(admitted, Admitted), admitted
    return build_request(call, admitted)


def query(calls, schema, value, **fields):
    call = calls.compiled(
        calls.parameter("a", **fields),
        schema={"properties": {"a": schema}, "$defs": {"Id": INTEGER, "Size": NUMBER}},
    )
    return sent(call, f'{{"a":{value}}}').raw_path_and_query.partition("?")[2]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("1.0", "1"),
        ("1.00", "1"),
        ("1e3", "1000"),
        ("10E-1", "1"),
        ("-0", "0"),
        ("-2.0", "-2"),
        ("1e22", "1" + "0" * 22),
        ("123456789012345678901234567890.0", "123456789012345678901234567890"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("5", "5"),
    ],
)
def test_w1_an_integer_is_sent_without_fraction_and_exponent(calls, given, wanted):
    assert query(calls, INTEGER, given) == f"a={wanted}"
    assert query(calls, NUMBER, given) == f"a={given}"


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({"type": ["integer", "null"]}, "1"),
        ({"type": ["integer", "string"]}, "1"),
        ({"type": ["integer", "number"]}, "1.0"),
        ({"$ref": "#/$defs/Id"}, "1"),
        ({"$ref": "#/$defs/Size"}, "1.0"),
        ({"allOf": [{"$ref": "#/$defs/Id"}, {"minimum": 0}]}, "1"),
        ({"anyOf": [INTEGER, {"type": "string"}]}, "1"),
        ({"oneOf": [{"type": "string"}, {"$ref": "#/$defs/Id"}]}, "1"),
        ({"anyOf": [INTEGER, NUMBER]}, "1.0"),
        ({}, "1.0"),
        (True, "1.0"),
    ],
    ids=str,
)
def test_w1_the_type_is_found_wherever_the_schema_says_it(calls, schema, wanted):
    assert query(calls, schema, "1.0") == f"a={wanted}"


def test_w1_integers_within_lists_and_objects_too(calls):
    pair = {"type": "object", "properties": {"n": INTEGER, "x": NUMBER}}
    many = {"type": "array", "items": INTEGER}
    open_ = {"type": "object", "additionalProperties": INTEGER}

    assert query(calls, many, "[1.0, 2]", explode=False) == "a=1,2"
    assert query(calls, pair, '{"n":1.0,"x":1.0}') == "n=1&x=1.0"
    assert query(calls, open_, '{"n":1.0}', style="deepObject") == "a%5Bn%5D=1"


def test_w1_what_is_deeper_than_schemas_are_is_not_read():
    deep = INTEGER
    for _ in range(5_000):
        deep = {"type": "array", "items": deep}

    assert IntegersOf({"properties": {"a": deep}}).argument("a") is None


def test_w1_a_schema_that_is_many_times_within_itself_is_read_once(calls):
    tree = {"type": "object", "properties": {"n": INTEGER}}
    tree["properties"] |= {name: {"$ref": "#/$defs/Tree"} for name in "abcd"}
    call = calls.compiled(
        calls.parameter("a", style="deepObject"),
        schema={"properties": {"a": {"$ref": "#/$defs/Tree"}}, "$defs": {"Tree": tree}},
    )

    assert sent(call, '{"a":{"n":1.0}}').raw_path_and_query.endswith("?a%5Bn%5D=1")


@pytest.mark.parametrize("location", ["path", "header", "cookie"])
def test_w1_in_path_header_and_cookie(calls, location):
    path = "/pets/{a}" if location == "path" else "/pets"
    call = calls.compiled(
        calls.parameter("a", location), path=path, schema={"properties": {"a": INTEGER}}
    )

    request = sent(call, '{"a":1.0}')

    shown = {
        "path": request.raw_path_and_query,
        "header": dict(request.headers).get("a"),
        "cookie": dict(request.headers).get("cookie"),
    }
    assert shown[location] == {"path": "/pets/1", "header": "1", "cookie": "a=1"}[location]


def of_body(calls, media_type, **fields):
    schema = {"properties": {"n": INTEGER, "x": NUMBER}}
    members = {"n": "n", "x": "x"}
    return calls.compiled(
        method="POST", body=Body(media_type=media_type, members=members, **fields), schema=schema
    )


def test_w1_in_a_form(calls):
    assert sent(of_body(calls, FORM), '{"n":1.0,"x":1.0}').body == b"n=1&x=1.0"


def test_w1_in_a_part_of_a_form(calls):
    body = sent(of_body(calls, "multipart/form-data"), '{"n":1.0,"x":1.0}').body

    assert b'name="n"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n1\r\n' in body
    assert b'name="x"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n1.0\r\n' in body


def test_w1_as_text(calls):
    call = calls.compiled(
        method="POST", body=Body(media_type="text/plain"), schema={"properties": {"body": INTEGER}}
    )
    assert sent(call, '{"body":1.0}').body == b"1"


def test_w1_json_keeps_the_digits_wherever_it_is(calls):
    as_json = {"n": PropertyEncoding(content_type="application/json")}

    assert sent(of_body(calls, "application/json"), '{"n":1.0}').body == b'{"n":1.0}'
    assert sent(of_body(calls, FORM, encoding=as_json), '{"n":1.0}').body == b"n=1.0"
    part = sent(of_body(calls, "multipart/form-data", encoding=as_json), '{"n":1.0}').body
    assert b"\r\n\r\n1.0\r\n" in part
    assert query(calls, INTEGER, "1.0", content_type="application/json") == "a=1.0"
