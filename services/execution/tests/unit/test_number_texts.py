"""W1: numbers of arguments stay as they were written, digit for digit."""

import json
from decimal import Decimal
from urllib.parse import unquote

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from execution_service.domain.admission import Admitted, admit
from execution_service.domain.arguments.exact_json import (
    MAX_DIGITS,
    ExactNumber,
    read_json,
    read_quickly,
    spelled_alike,
    write_json,
)
from execution_service.entrypoints.stored import stored_request
from services.execution.tests.fakes import wanted_call

SPELLINGS = [
    "123456789012345678901234567890",
    "-123456789012345678901234567890",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775809",
    "9" * MAX_DIGITS,
    "1e400",
    "1E5",
    "1e+5",
    "1e-400",
    "0.1000000000000000000001",
    "1.0",
    "1.50",
    "1",
    "0",
    "-0",
    "-0.0",
    "52.52",
]
DIGITS = st.text("0123456789", min_size=1, max_size=40)
WHOLE = st.just("0") | st.tuples(st.sampled_from("123456789"), DIGITS).map("".join)
FRACTION = st.just("") | DIGITS.map(lambda digits: f".{digits}")
EXPONENT = st.just("") | st.tuples(
    st.sampled_from(("e", "E", "e+", "E-")), st.integers(0, 500).map(str)
).map("".join)
NUMBERS = st.tuples(st.sampled_from(("", "-")), WHOLE, FRACTION, EXPONENT).map("".join)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=8).map(json.dumps)
DOCUMENTS = st.recursive(
    NUMBERS | TEXTS | st.sampled_from(("true", "false", "null")),
    lambda inner: st.lists(inner, max_size=4).map(lambda items: f"[{','.join(items)}]"),
    max_leaves=8,
)


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("around", ['{"a":%s}', "[%s]", '[{"b":[0,%s,"-0"]}]'])
def test_w1_a_number_is_written_as_it_was_read(spelling, around):
    text = (around % spelling).encode()
    assert write_json(read_json(text)) == text


@given(DOCUMENTS)
def test_w1_whatever_is_read_is_written_with_the_same_digits(document):
    written = write_json(read_json(document.encode()))

    def parts(text):
        return json.loads(text, parse_int=lambda n: ("n", n), parse_float=lambda n: ("n", n))

    assert parts(written) == parts(document)


@given(DOCUMENTS)
def test_w1_what_is_read_quickly_and_is_no_float_is_exact(document):
    value, is_exact = read_quickly(document.encode())
    if is_exact or not _has_float(value):
        assert value == read_json(document.encode())


def _has_float(value):
    return any(map(_has_float, value)) if isinstance(value, list) else isinstance(value, float)


@pytest.mark.parametrize(
    "text",
    [
        b"[1e400,NaN]",
        b"[1e400,Infinity]",
        b'[1e400,"\\ud800"]',
        b"[1e400,01]",
        b"[1e400,1.]",
        b"[1e400",
        b'[1e400,"\xff"]',
        b'{"a":1e400}x',
        b'"' + b'\\"' * 100_000 + b"1e400",
        b"[" * 2_000 + b"1e400" + b"]" * 2_000,
    ],
)
def test_w1_what_is_no_json_is_refused_beside_a_large_number(text):
    with pytest.raises(json.JSONDecodeError):
        read_json(text)


@pytest.mark.parametrize(
    ("schema", "admitted", "refused"),
    [
        ({"type": "integer"}, "123456789012345678901234567890", "123456789012345678901234567890.5"),
        ({"type": "integer"}, "1.0", "1.0000000000000000000000001"),
        ({"type": "integer"}, "1E5", "1E-5"),
        ({"type": "integer"}, "1e400", "1e-400"),
        ({"maximum": 0.5}, "0.5000000000000000000000", "0.5000000000000000000001"),
        ({"minimum": 2**53}, "9007199254740992.0", "9007199254740991.9999"),
        ({"multipleOf": 7}, "7000000000000000000000000000007", "7000000000000000000000000000008"),
        ({"const": 1}, "1.0", "1.0000000000000000000000001"),
        ({"type": "string"}, '"1e400"', "1e400"),
    ],
)
def test_w1_a_schema_compares_every_digit(calls, schema, admitted, refused):
    call = calls.compiled(calls.parameter("a"), schema={"properties": {"a": schema}})
    answer = admit(call, read_json(f'{{"a":{admitted}}}'.encode()))
    assert isinstance(answer, Admitted)
    assert answer.canonical == f'{{"a":{admitted}}}'.encode()
    [fault] = admit(call, read_json(f'{{"a":{refused}}}'.encode())).faults
    assert (fault.argument, refused in fault.message) == ("a", True)


@pytest.mark.parametrize(
    "number", ["1" * (MAX_DIGITS + 1), "1e4000", "-1e-4000", "1e99999999999", "0." + "0" * 5_000]
)
def test_w1_a_number_of_too_many_digits_is_refused_by_name(calls, number):
    call = calls.compiled(calls.parameter("a"))
    [fault] = admit(call, read_json(f'{{"a":[{number}]}}'.encode())).faults
    assert (fault.code, fault.pointer) == ("argument.number_too_long", "/a/0")
    assert fault.message == "'a.0' is a number of more than 4,000 digits."


def test_w1_a_long_number_is_described_and_not_repeated(calls):
    call = calls.compiled(calls.parameter("a"), schema={"properties": {"a": {"type": "string"}}})
    [fault] = admit(call, read_json(b'{"a":%b}' % (b"7" * 900))).faults
    assert fault.message == "'a' must be of type string, not a number of 900 characters."


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_w1_arguments_read_quickly_are_admitted_as_they_were_written(calls, spelling):
    body = f'{{"arguments":{{"a":{spelling}}}}}'.encode()
    value, is_exact = read_quickly(body)
    again = None if is_exact else lambda: read_json(body)["arguments"]
    call = calls.compiled(calls.parameter("a"))
    admitted = admit(call, value["arguments"], read_exactly=again)
    assert admitted.canonical == f'{{"a":{spelling}}}'.encode()
    target = calls.request(call, **admitted.arguments).raw_path_and_query
    assert unquote(target) == f"/pets?a={spelling}"


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.50", "1.5"), ("1E5", "100000.0"), ("1.0", "1.00"), ("-0", "0"), ("1e22", "1e+22")],
)
def test_w1_an_idempotency_key_takes_equal_numbers_for_the_same_request(one, other):
    """As releases did that read numbers as doubles: their digests are still found."""
    assert spelled_alike(read_json(one.encode())) == spelled_alike(read_json(other.encode()))
    assert spelled_alike(read_json(one.encode())) == orjson.dumps(orjson.loads(one))


@given(st.integers(2**64), st.integers(2**64))
def test_w1_an_idempotency_key_tells_large_numbers_apart(one, other):
    same = spelled_alike(read_json(b"%d" % one)) == spelled_alike(read_json(b"%d" % other))
    assert same == (one == other)


def test_w1_a_stored_call_has_the_digits_that_were_sent():
    number = "0.1000000000000000000001"
    body = f'{{"arguments":{{"a":{number}}}}}'.encode()
    scope = {"headers": [(b"prefer", b"respond-async")]}
    wanted = wanted_call({"a": 0.1}, read_exactly=lambda: read_json(body)["arguments"])
    asked = stored_request(scope, body, wanted, token_digest="digest")
    assert asked.wanted.arguments == {"a": ExactNumber(number)}
    assert asked.wanted.arguments["a"].value == Decimal(number)
