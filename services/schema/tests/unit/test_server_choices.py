"""Which of a document's servers is called, and which are moved to where they belong."""

import json

import pytest

from egress import EgressSettings
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.domain.examined import examine_text
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.operator_rules import listed
from services.schema.tests.server_documents import (
    GIVEN,
    IMPORTED,
    at,
    called,
    errors,
    read,
    repaired,
    text_of,
    verdicts,
)

SERVERS = [{"url": "https://api.acme.io", "description": "Ours"}]
MISPLACED = [
    ({"info": {"title": "t", "version": "1", "servers": SERVERS}}, "/info/servers"),
    ({"components": {"servers": SERVERS}}, "/components/servers"),
    ({"components": {"servers": SERVERS, "schemas": {}}}, "/components/servers"),
    ({"info": {"title": "t", "version": "1", "contact": {"servers": SERVERS}}}, None),
    ({"servers": SERVERS[0]}, "/servers"),
    ({"servers": "https://api.acme.io"}, "/servers"),
    ({"server": SERVERS}, "/server"),
    ({"baseUrl": "https://api.acme.io"}, "/baseUrl"),
    ({"host": "api.acme.io", "schemes": ["https"]}, "/host"),
]


@pytest.mark.parametrize(("members", "pointer"), MISPLACED)
@pytest.mark.parametrize("source_url", [None, IMPORTED])
def test_d5_servers_at_a_wrong_place_are_moved_with_their_own_value(members, pointer, source_url):
    text = text_of(**members)

    [error] = errors(read(text, source_url))
    after = repaired(text, NeededValues(), source_url)

    assert verdicts(read(text, source_url)) == ["blocked"]
    assert error["code"] == "schema.server_misplaced"
    assert error["pointer"] == (pointer or "/info/contact/servers")
    assert after.skipped == ()
    assert called(read(after.text, source_url)) == ["https://api.acme.io"]
    assert errors(read(after.text, source_url)) == []


def test_d5_in_yaml_too():
    text = (
        "openapi: 3.1.0\ninfo:\n  title: t  # ours\n  version: '1'\n  servers:\n"
        "    - url: https://api.acme.io\n      description: Ours\n"
        "paths:\n  /a: {get: {operationId: a, summary: s, responses: {default: {description: d}}}"
        "}\n"
    )

    after = repaired(text, NeededValues())

    assert after.skipped == ()
    assert "# ours" in after.text
    assert called(read(after.text)) == ["https://api.acme.io"]


@pytest.mark.parametrize(
    "entry", ["https://api.acme.io", {"URL": "https://api.acme.io"}, {"uri": "https://api.acme.io"}]
)
def test_d5_a_server_that_is_no_server_object_keeps_its_own_url(entry):
    after = repaired(text_of([entry]), NeededValues())
    assert called(read(after.text)) == ["https://api.acme.io"]


def test_d5_what_is_moved_and_cannot_be_called_stays_an_error():
    info = {"title": "t", "version": "1", "servers": [{"url": "http://localhost:8000"}]}
    after = read(repaired(text_of(info=info), NeededValues()).text)
    assert [each["code"] for each in errors(after)] == ["schema.server_not_https"]


@pytest.mark.parametrize(
    "first",
    [
        "https://localhost:8000",
        "http://localhost",
        "http://api.acme.io",
        "https://10.0.0.1",
        "https://api.acme.io:8443",
        "https://your-domain.com",
        "https://YOUR_API/v1",
        "https://api.example.com",
        "https://{tenant}.acme.io",
        "/v1",
        "",
    ],
)
def test_b06_the_second_best_server_is_taken_with_a_note_that_names_it(first):
    found = read(text_of([{"url": first}, {"url": "https://good.acme.io"}]))

    [note] = found.findings.items()
    assert called(found) == ["https://good.acme.io"]
    assert (verdicts(found), found.valid) == (["ready"], True)
    assert (note["severity"], note["code"]) == ("note", "schema.servers_several")
    assert "https://good.acme.io" in note["message"]


def test_b06_the_note_says_why_the_first_is_passed_over():
    found = read(text_of([{"url": "https://localhost:8000"}, {"url": "https://api.acme.io"}]))
    assert "developer's own computer" in found.findings.items()[0]["message"]


def test_b06_among_public_servers_the_first_is_taken():
    found = read(text_of([{"url": "https://a.acme.io"}, {"url": "https://b.acme.io"}]))
    assert called(found) == ["https://a.acme.io"]


@pytest.mark.parametrize("url", ["https://{tenant}.acme.io/v1", "https://acme.io/{tenant}"])
def test_b07_a_variables_default_is_used_and_said_in_a_note(url):
    servers = [{"url": url, "variables": {"tenant": {"default": "ours"}}}]

    found = read(text_of(servers))

    [note] = found.findings.items()
    assert called(found) == [url.replace("{tenant}", "ours")]
    assert (note["severity"], verdicts(found)) == ("note", ["ready"])
    assert "ours" in note["message"]


@pytest.mark.parametrize("default", ["your-tenant", "YOUR_TENANT", "tenant", "<tenant>", None])
def test_b07_a_default_that_only_names_the_variable_is_asked_for(default):
    variable = {} if default is None else {"default": default}
    text = text_of([{"url": "https://{tenant}.acme.io", "variables": {"tenant": variable}}])

    [error] = errors(read(text))

    assert error["pointer"] == "/servers/0/variables/tenant"
    assert error["repair"]["needs"] == ["server_variables.tenant"]
    assert called(read(repaired(text, GIVEN).text)) == ["https://acme.acme.io"]


@pytest.mark.parametrize("variables", [{}, {"variables": {}}, {"variables": {"tenant": 1}}])
def test_b07_a_variable_that_is_not_described_is_asked_for(variables):
    text = text_of([{"url": "https://{tenant}.acme.io", **variables}])
    assert called(read(repaired(text, GIVEN).text)) == ["https://acme.acme.io"]


def test_b07_a_closed_list_is_a_choice_and_names_what_there_is():
    variable = {"enum": ["acme", "other"], "default": "none"}
    text = text_of([{"url": "https://{tenant}.acme.io", "variables": {"tenant": variable}}])

    [error] = errors(read(text))

    assert "acme, other" in error["hint"]
    assert called(read(repaired(text, GIVEN).text)) == ["https://acme.acme.io"]
    outside = NeededValues(server_variables={"tenant": "evil.com/"})
    assert errors(read(repaired(text, outside).text))


def test_a_value_that_is_only_given_counts_as_if_the_document_said_it():
    blocked = text_of([{"url": "http://localhost"}])
    ready = text_of([{"url": "https://other.acme.io"}])
    open_ = text_of([{"url": "https://{tenant}.acme.io"}])

    assert called(read(blocked, values=GIVEN)) == ["https://api.acme.io/v1"]
    assert called(read(text_of(), values=GIVEN)) == ["https://api.acme.io/v1"]
    assert called(read(ready, values=GIVEN)) == ["https://other.acme.io"]
    assert called(read(open_, values=GIVEN)) == ["https://acme.acme.io"]


@pytest.mark.parametrize(
    ("servers", "expected"),
    [
        (None, "https://docs.acme.io"),
        ([], "https://docs.acme.io"),
        ([{"url": "/"}], "https://docs.acme.io"),
        ([{"url": "/v1"}], "https://docs.acme.io/v1"),
        ([{"url": "v1"}], "https://docs.acme.io/api/v1"),
        ([{"url": "../v2/"}], "https://docs.acme.io/v2"),
        ([{"url": "//cdn.acme.io/v1"}], "https://cdn.acme.io/v1"),
    ],
)
def test_h77_relative_and_missing_servers_resolve_against_the_import_url(servers, expected):
    found = read(text_of(servers), IMPORTED)

    assert called(found) == [expected]
    assert (found.valid, verdicts(found)) == (True, ["ready"])
    assert {each["severity"] for each in found.findings.items()} <= {"note"}
    if not servers or servers[0]["url"][:2] != "//":
        assert any(expected in each["message"] for each in found.findings.items())


def test_h77_a_document_from_a_private_place_that_names_no_server_stays_blocked():
    found = read(text_of(), "http://localhost:8000/openapi.json")
    assert (verdicts(found), len(errors(found))) == (["blocked"], 1)


def test_h77_plain_http_is_refused_and_several_origins_are_said():
    assert verdicts(at("http://10.0.0.1")) == ["blocked"]
    several = read(text_of([{"url": "https://a.acme.io"}, {"url": "https://b.acme.io"}]))
    assert [each["code"] for each in several.findings.items()] == ["schema.servers_several"]


def test_an_example_host_makes_no_list_invalid():
    stored = examine_text(text_of([{"url": "https://api.example.com"}]).encode(), source_url=None)
    assert listed(stored, EgressOrigins(EgressSettings())) is stored


def test_w10_a_query_of_a_server_is_a_warning_and_a_fragment_is_left_out_by_its_repair():
    text = text_of([{"url": "https://api.acme.io/v1?tenant=1#top"}])

    found = read(text)
    after = repaired(text, NeededValues()).text

    assert (found.valid, verdicts(found)) == (True, ["ready_with_warnings"])
    codes = ["schema.server_query", "schema.server_fragment"]
    assert [each["code"] for each in found.findings.items()] == codes
    assert json.loads(after)["servers"][0]["url"] == "https://api.acme.io/v1?tenant=1"


def test_w10_a_variable_in_the_query_of_a_server_blocks_with_its_reason():
    variables = {"tenant": {"default": "1"}}
    server = {"url": "https://api.acme.io/v1?tenant={tenant}", "variables": variables}

    found = read(text_of([server]))

    [error] = errors(found)
    assert verdicts(found) == ["blocked"]
    assert error["code"] == "schema.server_query_open"


def test_w10_a_repair_of_a_relative_server_keeps_its_query():
    after = repaired(text_of([{"url": "/v2?tenant=1"}]), GIVEN).text
    assert json.loads(after)["servers"][0]["url"] == "https://api.acme.io/v1/v2?tenant=1"


def test_w10_variables_of_a_server_with_a_query_may_be_chosen():
    variables = {"region": {"enum": ["eu", "us"], "default": "eu"}}
    server = {"url": "https://{region}.acme.io/v1?tenant=1", "variables": variables}
    found = read(text_of([server]))

    assert called(found) == ["https://eu.acme.io/v1"]
    forms = (pack.unpacked(frozenset(pack.names)) for pack in found.compiled)
    [form] = [json.loads(text) for each in forms for text in each.values()]
    assert form["server_template"] == "https://{region}.acme.io/v1"
