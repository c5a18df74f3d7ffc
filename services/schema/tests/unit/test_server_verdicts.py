"""Where an operation is called, or why it is blocked and what the builder is asked for."""

import json

import pytest

from egress import EgressSettings
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.domain.examined import examine_text
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.operator_rules import listed, with_operator_rules
from schema_service.domain.repairing.repair import repair

GIVEN = NeededValues("https://api.acme.io/v1", {"tenant": "acme"})
IMPORTED = "https://docs.acme.io/api/openapi.yaml"


def text_of(servers=None, **members):
    operation = {"operationId": "a", "summary": "s", "responses": {"200": {"description": "d"}}}
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}}
    if servers is not None:
        document["servers"] = servers
    return json.dumps({**document, "paths": {"/a": {"get": operation}}, **members}, indent=1)


def read(text, source_url=None, values=None, **settings):
    known = {} if values is None else {"values": values}
    found = examine_text(text.encode(), source_url=source_url, compiled=True, **known)
    return with_operator_rules(found, EgressOrigins(EgressSettings(**settings)))


def at(url, **settings):
    return read(text_of([{"url": url}]), **settings)


def verdicts(found):
    return [each["verdict"] for each in found.operations.items()]


def errors(found):
    return [each for each in found.findings.items() if each["severity"] == "error"]


def called(found):
    """Base URLs of its callable operations; what the operator's rules block is called nowhere."""
    forms = {name: form for pack in found.compiled for name, form in _unpacked(pack)}
    ready = [each["name"] for each in found.operations.items() if each["verdict"] != "blocked"]
    return [json.loads(forms[name])["server"] for name in ready]


def _unpacked(pack):
    return pack.unpacked(frozenset(pack.names)).items()


def repaired(text, values, source_url=None):
    repairs = [
        Repair.of(each["repair"]["title"], map(Edit.of, each["repair"]["edits"]))
        for each in read(text, source_url).findings.items()
        if each["repair"]
    ]
    return repair(text, repairs, values)


HOSTS = [
    ("https://34.0.0.9", "IP address"),
    ("https://34.0.0.9:8080", "8080"),
    ("https://[2606:4700::1]", "IP address"),
    ("https://10.0.0.1", "IP address"),
    ("https://api.acme.io:8443", "Port 8443"),
    ("http://localhost:5003", "developer's own computer"),
    ("https://localhost", "developer's own computer"),
    ("https://api.localhost", "developer's own computer"),
    ("https://my_api.acme.io", "underscore"),
    ("https://backend", "two parts"),
    ("https://printer.local", ".local"),
    ("https://api.corp.internal", ".internal"),
    ("https://api.test", ".test"),
    ("http://api.acme.io", "not https"),
    ("https://YOUR_API_HOST/v1", "placeholder"),
    ("https://YOUR-APP.vercel.app", "placeholder"),
    ("https://YOUR_VERCEL_DOMAIN.vercel.app", "underscore"),
    ("https://<your-domain>/api", "placeholder"),
    ("https://your-domain.com", "placeholder"),
    ("https://api.yourdomain.com/v1", "placeholder"),
    ("https://your-ngrok-url.ngrok-free.app", "placeholder"),
    ("https://xxxx-xx-xx.ngrok.io", "placeholder"),
    ("https://[host]/v1", "placeholder"),
    ("https://%HOST%/v1", "placeholder"),
    ("https://MY_HOST_NAME.acme.io", "placeholder"),
    ("https://{{host}}/v1", "host"),
    ("https://${API_HOST}/v1", "API_HOST"),
    ("api.acme.io/v1", "https://"),
    ("localhost:8000", "https://"),
    ("ftp://api.acme.io", "Only https"),
    ("", "valid URL"),
    ("/v1", "relative"),
]


@pytest.mark.parametrize(("url", "said"), HOSTS)
def test_d1_a_host_that_may_not_be_called_is_an_error_with_its_reason_at_its_place(url, said):
    found = at(url)

    [error] = errors(found)
    assert verdicts(found) == ["blocked"]
    assert not found.valid
    assert error["pointer"].startswith("/servers/0")
    assert said in error["message"]
    assert error["hint"]
    assert error["line"] > 1


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("http://localhost:5003", "http://localhost:5003"),
        ("https://localhost", "https://localhost:443"),
        ("http://127.0.0.1:9000/v1", "http://127.0.0.1:9000"),
        ("https://10.1.2.3:8443", "https://10.1.2.3:8443"),
        ("http://erp.internal", "http://erp.internal:80=ADDRESS"),
    ],
)
def test_d1_the_hint_names_the_entry_with_which_an_operator_allows_a_private_host(url, entry):
    [error] = errors(at(url))

    assert f"`openactions up --allow-origin {entry}`" in error["hint"]
    allowed = at(url, allowed_origins=entry.replace("ADDRESS", "10.1.2.3"))
    assert verdicts(allowed) == ["ready"]
    assert allowed.findings.items() == []


def test_d1_a_placeholder_that_an_operator_allows_is_called():
    url = "https://your-api.acme.io"
    assert verdicts(at(url)) == ["blocked"]
    assert verdicts(at(url, allowed_origins="https://your-api.acme.io:443=10.1.2.3")) == ["ready"]


@pytest.mark.parametrize(
    "url",
    [
        "https://yourstory.com",
        "https://www.yourhosting.nl",
        "https://api.your-energy.co.uk",
        "https://xx.acme.io",
        "https://API.acme.io",
        "https://todoist.com",
        "https://examples.acme.io",
    ],
)
def test_d1_a_host_that_only_resembles_a_placeholder_is_called(url):
    found = at(url)
    assert (verdicts(found), found.findings.items()) == (["ready"], [])


@pytest.mark.parametrize("host", ["example.com", "api.example.com", "a.b.example.org"])
def test_d1_an_example_host_is_a_warning_that_asks_for_the_address(host):
    found = at(f"https://{host}/v1")

    [warning] = found.findings.items()
    assert (found.valid, verdicts(found)) == (True, ["ready"])
    assert (warning["severity"], warning["code"]) == ("warning", "schema.server_is_example")
    assert warning["repair"]["needs"] == ["base_url"]
    opened = at(f"https://{host}", allowed_origins=f"https://{host}:443=10.1.2.3")
    assert opened.findings.items() == []


@pytest.mark.parametrize("url", [url for url, _ in HOSTS])
def test_b04_a_repair_takes_no_error_away_while_the_operation_stays_blocked(url):
    text = text_of([{"url": url}])
    after = read(repaired(text, NeededValues()).text)

    assert bool(errors(after)) == ("blocked" in verdicts(after))


def test_b04_use_https_is_offered_only_where_https_may_be_called():
    def titles(url):
        return [each["repair"]["title"] for each in errors(at(url))]

    assert titles("http://api.acme.io") == titles("http://api.acme.io:80/v1") == ["Use https"]
    for url in ("http://localhost:5003", "http://api.acme.io:8080", "http://10.0.0.1"):
        assert "Use https" not in titles(url)


def test_b04_use_https_keeps_variables_and_drops_the_port_of_http():
    variables = {"region": {"enum": ["eu", "us"], "default": "eu"}}
    servers = [{"url": "http://{region}.acme.io:80/v1", "variables": variables}]

    after = repaired(text_of(servers), NeededValues()).text

    assert json.loads(after)["servers"][0]["url"] == "https://{region}.acme.io/v1"
    assert called(read(after)) == ["https://eu.acme.io/v1"]


@pytest.mark.parametrize(
    "servers", [None, [], [{}], [{"url": ""}], *([{"url": u}] for u, _ in HOSTS)]
)
def test_b05_a_repair_that_needs_an_address_asks_for_it_and_writes_what_it_gets(servers):
    text = text_of(servers)
    [finding] = errors(read(text))
    needs = finding["repair"]["needs"]

    without = repaired(text, NeededValues())
    given = repaired(text, GIVEN)

    assert needs in ([], ["base_url"])
    assert (without.text == text) == bool(needs)
    assert len(without.skipped) == len(needs)
    if needs:
        assert verdicts(read(given.text)) == ["ready"]
        assert called(read(given.text)) == ["https://api.acme.io/v1"]


def test_b05_no_host_is_invented():
    for servers in (None, [], [{}], [{"url": ""}]):
        assert "example" not in json.dumps(read(text_of(servers)).findings.items())


def test_b05_swagger_asks_for_its_host():
    operation = {"operationId": "a", "summary": "s", "responses": {"200": {"description": "d"}}}
    document = {"swagger": "2.0", "info": {"title": "t", "version": "1"}}
    text = json.dumps({**document, "paths": {"/a": {"get": operation}}}, indent=1)
    based = json.dumps({**json.loads(text), "basePath": "/v2", "host": "localhost:8000"}, indent=1)
    host = NeededValues("https://api.acme.io")

    assert errors(read(text))[0]["repair"]["needs"] == ["base_url"]
    assert called(read(repaired(text, GIVEN).text)) == ["https://api.acme.io/v1"]
    assert called(read(repaired(based, host).text)) == ["https://api.acme.io/v2"]


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
