"""Which arguments may become a request, and what is said about those that may not (H64, H69)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.operation import Body, Location
from execution_service.domain.admission import MAX_ARGUMENT_CHARACTERS, Admitted, Refused, admit
from execution_service.domain.errors import InvalidArguments

API_KEY = frozenset({(Location.QUERY, "api_key")})


@pytest.fixture(scope="session")
def find(calls):
    schema = {
        "properties": {
            "city": {"type": "string", "maxLength": 100},
            "days": {"type": "integer", "minimum": 1},
            "units": {"enum": ["metric", "imperial"]},
            "near": {"anyOf": [{"type": "string", "pattern": "^[a-z]+$"}, {"type": "null"}]},
            "filter": {
                "type": "object",
                "properties": {"tag": {"type": "string"}},
                "additionalProperties": False,
            },
        },
        "required": ["city"],
    }
    names = ["city", "days", "units", "near", "filter"]
    return calls.compiled(*map(calls.parameter, names), schema=schema)


def faults(call, arguments, reserved=frozenset()):
    refused = admit(call, arguments, reserved)
    assert isinstance(refused, Refused), refused
    return refused.faults


def faults_of(call, arguments, reserved=frozenset()):
    return [(each.code, each.argument, each.pointer) for each in faults(call, arguments, reserved)]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, ("argument.required", "city", "/city")),
        ({"city": 1}, ("argument.type", "city", "/city")),
        ({"city": "x", "days": 0}, ("argument.minimum", "days", "/days")),
        ({"city": "x", "days": 1.5}, ("argument.type", "days", "/days")),
        ({"city": "x", "units": "kelvin"}, ("argument.enum", "units", "/units")),
        ({"city": "x", "near": "A"}, ("argument.pattern", "near", "/near")),
        ({"city": "x", "near": 1}, ("argument.any_of", "near", "/near")),
        ({"city": "x", "citty": 1}, ("argument.unknown", "citty", "/citty")),
        ({"city": "x", "__proto__": {}}, ("argument.unknown", "__proto__", "/__proto__")),
        ({"city": "x", "filter": {"a/b": 1}}, ("argument.unknown", "filter", "/filter/a~1b")),
        ({"city": "x", "filter": {"tag": 1}}, ("argument.type", "filter", "/filter/tag")),
    ],
)
def test_h69_every_fault_names_its_argument(find, arguments, expected):
    assert faults_of(find, arguments) == [expected]


def test_all_faults_are_told_at_once(find):
    wrong = {"days": 0, "units": "x", "other": 1}
    assert {each.argument for each in faults(find, wrong)} == {"city", "days", "units", "other"}


def test_faults_are_readable(find):
    messages = [each.message for each in faults(find, {"days": "3", "citi": "x", "units": "k"})]
    assert sorted(messages) == [
        "'citi' is not an argument of this operation. Did you mean 'city'?",
        "'city' is required.",
        "'days' must be of type integer, not \"3\".",
        '\'units\' must be one of "metric", "imperial".',
    ]


def test_an_error_carries_every_fault_as_a_finding(find):
    error = InvalidArguments.of(faults(find, {"days": 0}))
    assert error.code == "execution.invalid_arguments"
    assert error.kind == "invalid"
    assert {finding["argument"] for finding in error.findings} == {"city", "days"}
    assert all(finding["severity"] == "error" for finding in error.findings)


def test_constants_are_filled_in_and_may_be_repeated(calls):
    call = calls.compiled(
        calls.parameter("v"), schema={"properties": {"v": {"const": 2}}}, constants={"v": 2}
    )
    admitted = admit(call, {})
    assert isinstance(admitted, Admitted)
    assert admitted.arguments == {"v": 2}
    assert admitted.arguments_hash == admit(call, {"v": 2}).arguments_hash
    assert faults_of(call, {"v": 3}) == [("argument.const", "v", "/v")]


@pytest.mark.parametrize("value", [None, [], "x", 1, True])
def test_arguments_are_an_object(find, value):
    assert faults_of(find, value) == [("argument.not_object", "", "")]


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), "\ud800", 2**64, (1,), b"x", {1: 2}, {"\udfff": 1}]
)
@pytest.mark.parametrize("wrap", [lambda v: v, lambda v: [v], lambda v: {"deep": v}])
def test_what_is_no_json_is_refused_by_name(calls, value, wrap):
    [found] = faults(calls.compiled(calls.parameter("a")), {"a": wrap(value)})
    assert (found.code, found.argument) == ("argument.not_json", "a")
    assert json.dumps(found.as_finding()).encode()


def test_h69_a_huge_list_is_refused_by_its_size(find):
    assert faults_of(find, {"city": [0] * 1_000_000}) == [("argument.too_large", "", "")]


@pytest.mark.parametrize(("letter", "spare"), [("a", 0), ("é", 0), ("😀", 0)])
def test_the_size_limit_counts_characters(calls, letter, spare):
    call = calls.compiled(calls.parameter("a"))
    room = MAX_ARGUMENT_CHARACTERS - len('{"a":""}')
    assert isinstance(admit(call, {"a": letter * room}), Admitted)
    assert faults_of(call, {"a": letter * (room + 1)}) == [("argument.too_large", "", "")]


@pytest.mark.parametrize("level", [lambda inner: [inner], lambda inner: {"a": inner}])
@pytest.mark.parametrize("depth", [65, 100, 5_000])
def test_an_argument_has_64_levels_at_most(calls, level, depth):
    call = calls.compiled(calls.parameter("a"))
    value = 1
    for _ in range(63):
        value = level(value)
    assert isinstance(admit(call, {"a": level(value)}), Admitted)
    for _ in range(depth - 63):
        value = level(value)
    assert faults_of(call, {"a": value}) == [("argument.too_deep", "a", "/a")]


def test_at_most_twenty_faults_are_told(calls):
    items = {"properties": {"a": {"type": "array", "items": {"type": "string"}}}}
    call = calls.compiled(calls.parameter("a"), schema=items)
    assert len(faults(call, {"a": [1] * 1_000})) == 20
    assert len(faults(call, {"a": [float("nan")] * 1_000})) == 20


def test_large_arguments_are_told_about_their_first_fault(calls):
    items = {"properties": {"a": {"type": "array", "items": {"type": "string"}}}}
    call = calls.compiled(calls.parameter("a"), schema=items)
    assert faults_of(call, {"a": [1] * 40_000}) == [("argument.type", "a", "/a/0")]


LONG = "s3cret" * 30


@pytest.mark.parametrize(
    "rule",
    [
        {"type": "integer"},
        {"enum": ["x"]},
        {"const": 1},
        {"maxLength": 3},
        {"pattern": "^x$"},
        {"not": {"type": "string"}},
        {"anyOf": [{"maxLength": 3}, {"pattern": "^x$"}]},
        {"oneOf": [{"minLength": 3}, {"pattern": "3"}]},
        {"allOf": [{"maxLength": 3}]},
        False,
    ],
)
def test_long_values_are_never_repeated(calls, rule):
    call = calls.compiled(calls.parameter("a"), schema={"properties": {"a": rule}})
    shown = json.dumps([each.as_finding() for each in faults(call, {"a": LONG})])
    assert "s3crets3cret" not in shown
    assert '"argument": "a"' in shown


@pytest.mark.parametrize(
    "rule",
    [
        {"propertyNames": {"maxLength": 3}},
        {"additionalProperties": False},
        {"unevaluatedProperties": False},
        {"additionalProperties": {"type": "string"}},
        {"maxProperties": 0},
    ],
)
def test_long_names_are_cut(calls, rule):
    call = calls.compiled(calls.parameter("a"), schema={"properties": {"a": rule}})
    for found in faults(call, {"a": {LONG: 1}}):
        assert LONG not in json.dumps(found.as_finding())
        assert len(found.pointer) <= 100


@pytest.mark.parametrize("name", ["api_key", "API_KEY"])
def test_h64_b31_a_value_for_the_credentials_parameter_is_left_out(calls, name):
    call = calls.compiled(calls.parameter(name, argument="key"))
    admitted = admit(call, {"key": "stolen"}, API_KEY)
    assert admitted.arguments == {}
    assert [each.change for each in admitted.coerced] == ["credential_left_out"]
    assert isinstance(admit(call, {"key": "mine"}), Admitted)


@pytest.mark.parametrize("location", ["header", "cookie"])
def test_h64_holds_in_every_location(calls, location):
    call = calls.compiled(calls.parameter("X-Key", location, argument="key"))
    reserved = frozenset({(Location(location), "x-key")})
    assert admit(call, {"key": "stolen"}, reserved).arguments == {}
    assert admit(call, {"key": "x"}, API_KEY).arguments == {"key": "x"}


@pytest.mark.parametrize(
    ("style", "reserved", "value"),
    [
        ("form", "api_key", {"api_key": "stolen"}),
        ("form", "api_key", {"Api_Key": "stolen"}),
        ("spaceDelimited", "api_key", {"api_key": "stolen"}),
        ("deepObject", "filter[api_key]", {"api_key": "stolen"}),
    ],
)
def test_h64_an_exploded_object_cannot_bring_the_credentials_name(calls, style, reserved, value):
    call = calls.compiled(calls.parameter("filter", style=style, explode=True))
    names = frozenset({(Location.QUERY, reserved)})
    assert faults_of(call, {"filter": value}, names) == [("argument.reserved", "filter", "/filter")]
    assert isinstance(admit(call, {"filter": {"tag": "x"}}, names), Admitted)


@pytest.mark.parametrize("value", [{"API_key": "stolen"}, "a=b&api%5Fkey=stolen"])
def test_h64_a_whole_query_cannot_bring_the_credentials_name(calls, value):
    call = calls.compiled(calls.parameter("filter", "querystring"))
    assert faults_of(call, {"filter": value}, API_KEY) == [
        ("argument.reserved", "filter", "/filter")
    ]
    assert isinstance(admit(call, {"filter": {"tag": "api_key=x"}}, API_KEY), Admitted)


def test_h64_the_required_key_of_a_document_is_not_asked_of_the_caller(calls):
    call = calls.compiled(
        calls.parameter("api_key"), calls.parameter("q"), schema={"required": ["api_key", "q"]}
    )
    assert isinstance(admit(call, {"q": "x"}, API_KEY), Admitted)
    assert faults_of(call, {}, API_KEY) == [("argument.required", "q", "/q")]
    assert faults_of(call, {"q": "x"}) == [("argument.required", "api_key", "/api_key")]
    assert faults_of(call, {"x": "y" * 50_000, "q": "x"}, API_KEY) == [
        ("argument.unknown", "x", "/x")
    ]


def test_h69_undeclared_arguments_pass_where_the_schema_allows_them(calls):
    body = Body(media_type="application/json", members={"a": "a"}, extra_members=True)
    assert isinstance(admit(calls.compiled(method="POST", body=body), {"b": 1}), Admitted)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
    max_leaves=10,
)


@given(arguments=st.dictionaries(st.text(), JSON) | JSON)
def test_whatever_arrives_is_admitted_or_refused_with_reasons(find, arguments):
    answer = admit(find, arguments)
    if isinstance(answer, Refused):
        assert 1 <= len(answer.faults) <= 20
        assert json.dumps([each.as_finding() for each in answer.faults]).encode()
    else:
        assert "city" in answer.arguments
