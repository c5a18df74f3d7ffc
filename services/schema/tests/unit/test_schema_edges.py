"""Limits and exceptions of the compiler that a document seldom meets."""

import json

import pytest

from contracts.operation import Kind
from egress import EgressSettings
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.domain.compiling.inputs.bodies import MAX_MEDIA_TYPES
from schema_service.domain.compiling.inputs.defaults import default_of
from schema_service.domain.compiling.inputs.encodings import MAX_HEADERS
from schema_service.domain.compiling.json_schema.inlining import Inlining
from schema_service.domain.compiling.json_schema.subtypes import MAX_MEMBERS
from schema_service.domain.compiling.server.deciding import MAX_SERVERS
from schema_service.domain.compiling.server.values import MAX_LENGTH
from schema_service.domain.errors import PlaceholderHost
from schema_service.domain.examination import MAX_SERVERS as NAMED_SERVERS
from schema_service.domain.examination import Verdict
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.pointers import MISSING
from services.schema.tests.documents import answer, codes, only, post
from services.schema.tests.server_documents import at, called, errors, read, text_of, verdicts


def body_of(content):
    [operation] = answer(
        {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "servers": [{"url": "https://api.acme.io"}],
            "paths": {"/a": {"post": {"requestBody": {"content": content}}}},
        }
    ).operations
    return operation.operation.body


# servers


@pytest.mark.parametrize(("position", "is_seen"), [(MAX_SERVERS - 1, True), (MAX_SERVERS, False)])
def test_of_many_servers_the_first_fifty_are_looked_at(position, is_seen):
    servers = [{"url": f"http://a{number}.acme.io"} for number in range(position)]
    found = read(text_of([*servers, {"url": "https://api.acme.io"}]))
    assert called(found) == (["https://api.acme.io"] if is_seen else [])


@pytest.mark.parametrize("url", ["localhost:8000/v1", "your-domain.com/v1"])
def test_a_host_without_a_scheme_that_nobody_may_call_is_asked_for(url):
    [error] = errors(at(url))
    assert [edit["needs"] for edit in error["repair"]["edits"]] == ["base_url"]


def test_a_server_whose_path_leads_elsewhere_yields_to_the_next():
    found = read(text_of([{"url": "https://api.acme.io/a/../b"}, {"url": "https://b.acme.io"}]))
    assert called(found) == ["https://b.acme.io"]


def test_a_server_url_has_a_longest_length_before_and_after_it_is_filled():
    def with_base(length, url="https://api.acme.io/{base}"):
        text = text_of([{"url": url, "variables": {"base": {"default": "x" * length}}}])
        return verdicts(read(text))

    rest = len("https://api.acme.io/")
    assert with_base(MAX_LENGTH - rest) == ["ready"]
    assert with_base(MAX_LENGTH - rest + 1) == ["blocked"]
    assert verdicts(at("https://api.acme.io/" + "x" * (MAX_LENGTH - rest))) == ["ready"]
    assert verdicts(at("https://api.acme.io/" + "x" * (MAX_LENGTH - rest + 1))) == ["blocked"]


def test_an_operation_without_a_template_has_no_variables():
    servers = [{"url": "https://api.acme.io", "variables": {"a": {"default": "b"}}}]
    operation = only(json.loads(text_of(servers)))
    assert (operation.server_template, operation.server_variables) == ("", {})


def test_a_blocked_operation_makes_a_document_invalid_where_its_server_is_not_named_any_more():
    """Servers are named up to a limit; the verdict of an operation counts beyond it."""

    def paths(last):
        origins = [*(f"https://a{number}.acme.io" for number in range(NAMED_SERVERS)), last]
        return {
            f"/{number}": {"get": {"servers": [{"url": url}], "summary": "s", "responses": {}}}
            for number, url in enumerate(origins)
        }

    assert read(text_of(paths=paths("https://a.acme.io"))).valid
    found = read(text_of(paths=paths("https://a.acme.io:8443")))
    assert verdicts(found)[-1] == "blocked"
    assert errors(found) == []
    assert not found.valid


def test_an_example_host_that_the_operator_allows_is_none():
    origin = "https://api.example.com:443"
    assert EgressOrigins(EgressSettings()).is_example(origin)
    allowed = EgressSettings(allowed_origins="https://api.example.com:443=192.168.1.20")
    assert not EgressOrigins(allowed).is_example(origin)


def test_a_given_base_url_that_only_stands_for_another_is_refused():
    with pytest.raises(PlaceholderHost):
        NeededValues.checked("https://YOUR-SERVER.de")
    assert NeededValues.checked(" https://api.acme.io/v1/ ").base_url == "https://api.acme.io/v1"


# defaults and bodies


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"default": None}, MISSING),
        ({"default": None, "type": ["string", "null"]}, MISSING),
        ({"default": "a", "enum": ["b"]}, MISSING),
        ({"default": "a", "enum": ["a", "b"]}, "a"),
        ({"default": "a"}, "a"),
    ],
)
def test_a_default_is_sent_where_the_schema_lists_it(schema, expected):
    assert default_of(schema) == expected


def test_of_many_media_types_the_first_twenty_are_offered():
    names = [f"text/x{number}" for number in range(MAX_MEDIA_TYPES + 5)]
    body = body_of({name: {"schema": {"type": "string"}} for name in names})
    assert (body.media_type, *body.other_media_types) == tuple(names[:MAX_MEDIA_TYPES])


def headers_of(headers):
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    part = {"schema": schema, "encoding": {"a": {"headers": headers}}}
    return body_of({"multipart/form-data": part}).encoding["a"].headers


def test_a_part_has_at_most_twenty_headers_with_values_that_a_header_may_have():
    many = {f"X-{number}": {"schema": {"const": "v"}} for number in range(MAX_HEADERS + 5)}
    assert [*headers_of(many)] == [*many][:MAX_HEADERS]
    bad = {
        "X Y": {"schema": {"const": "v"}},
        "Content-Type": {"schema": {"const": "a/b"}},
        "X-Line": {"schema": {"const": "a\r\nb"}},
        "X-Empty": {"schema": {"const": ""}},
        "X-Long": {"schema": {"const": "v" * 1_001}},
    }
    assert headers_of({**bad, "X-Good": {"schema": {"const": "v"}}}) == {"X-Good": "v"}


def test_alternatives_of_a_body_are_those_that_take_the_same_arguments():
    same, other = ({"schema": {"type": "object", "properties": {n: {}}}} for n in "ab")
    body = body_of(
        {
            "application/json": same,
            "application/x-www-form-urlencoded": same,
            "application/xml": other,
            "application/vnd.acme.*": same,
            "application/octet-stream": same,
        }
    )
    assert [each.media_type for each in body.alternatives] == ["application/x-www-form-urlencoded"]
    assert len(body.other_media_types) == 4


def test_a_text_is_no_alternative_for_which_bytes_would_be_asked():
    schema = {"schema": {"type": "string"}}
    body = body_of({"text/plain": schema, "image/png": schema, "text/csv": schema})
    assert body.whole.kind is Kind.TEXT
    assert [each.media_type for each in body.alternatives] == ["text/csv"]


# schemas


def test_nothing_is_written_out_within_itself_nor_deeper_than_asked():
    inlining = Inlining()
    with inlining.of(("a",)):
        assert not inlining.may_hold(("a",), 5)
        assert inlining.may_hold(("b",), 2)
        assert not inlining.may_hold(("b",), 1)
    assert inlining.may_hold(("a",), 1)


def with_subtypes(members):
    properties = {f"m{number}": {"type": "string"} for number in range(members)}
    parent = {
        "type": "object",
        "properties": {"kind": {"type": "string"}},
        "discriminator": {"propertyName": "kind"},
    }
    child = {"allOf": [{"$ref": "#/components/schemas/Parent"}, {"properties": properties}]}
    schemas = {"Parent": parent, "Child": child}
    document = post({"$ref": "#/components/schemas/Parent"})
    return {**document, "components": {"schemas": schemas}}


@pytest.mark.parametrize(("members", "is_flat"), [(MAX_MEMBERS, True), (MAX_MEMBERS + 1, False)])
def test_subtypes_with_too_many_members_stay_alternatives_of_one_argument(members, is_flat):
    arguments = only(with_subtypes(members)).arguments["properties"]
    assert ("m0" in arguments) == is_flat


ENDS_ITS_LINE = [
    "application/json\r\n;x",
    "application/json\n;x",
    "text/plain\r\n\r\n ;x",
    "text/plain\v;x",
    "text/plain\u2028;x",
    "text/plain;a=\r\nb",
    "text/plain\n",
]


@pytest.mark.parametrize("media_type", ENDS_ITS_LINE)
def test_h76_a_media_type_that_ends_its_header_is_none(media_type):
    examination = answer(post({}, media_type, required=True))
    assert [each.verdict for each in examination.operations] == [Verdict.BLOCKED]
    assert "schema.body_media_unknown" in codes(examination)
    assert not examination.valid


@pytest.mark.parametrize("media_type", [each for each in ENDS_ITS_LINE if each.strip() == each])
def test_h76_a_part_is_never_of_a_type_that_ends_its_header(media_type):
    schema = {"type": "object", "properties": {"a": {"type": "object"}}}
    part = {"schema": schema, "encoding": {"a": {"contentType": media_type}}}
    assert not body_of({"multipart/form-data": part}).encoding["a"].content_type


def test_a_media_type_may_have_spaces_before_its_parameters():
    media_type = "application/json \t; charset=utf-8"
    assert body_of({media_type: {}}).media_type == media_type
