"""Why an operation is blocked by its server, and what the builder is asked for."""

import json

import pytest

from schema_service.domain.needed_values import NeededValues
from services.schema.tests.server_documents import (
    GIVEN,
    at,
    called,
    errors,
    read,
    repaired,
    text_of,
    verdicts,
)

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
def test_d1_b01_b02_a_host_that_may_not_be_called_is_an_error_at_its_place(url, said):
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
        "https://YOURSTORY.com",
        "https://todoist.com",
        "https://examples.acme.io",
        "https://enter-media.com",
        "https://put-media.org",
        "https://mediaserver.com",
        "https://me.example-shop.com",
        "https://jsonplaceholder.typicode.com",
        "https://my-server.de",
        "https://mydomain.com",
        "https://my-tenant.auth0.com",
        "https://changemakers.org",
    ],
)
def test_d1_a_host_that_only_resembles_a_placeholder_is_called(url):
    found = at(url)
    assert (verdicts(found), found.findings.items()) == (["ready"], [])


@pytest.mark.parametrize(
    ("host", "part"),
    [
        ("todo.acme.com", "todo"),
        ("tbd.website", "tbd"),
        ("xxx.com", "xxx"),
        ("your.io", "your"),
        ("your-server.de", "your-server"),
        ("mail.your-server.de", "your-server"),
        ("yourapp.com", "yourapp"),
        ("your-web-host.com", "your-web-host"),
        ("your-store.co.uk", "your-store"),
        ("your-account.acme.com", "your-account"),
    ],
)
def test_d1_a_name_that_somebody_may_have_is_called_with_a_note(host, part):
    found = at(f"https://{host}")

    [note] = found.findings.items()
    assert (found.valid, verdicts(found)) == (True, ["ready"])
    assert (note["severity"], note["code"]) == ("note", "schema.server_resembles_placeholder")
    assert note["message"].startswith(f"{part} in the server URL https://{host}")
    assert note["line"] > 1
    assert (
        at(f"https://{host}", allowed_origins=f"https://{host}:443=10.1.2.3").findings.items() == []
    )


@pytest.mark.parametrize(
    "host",
    [
        "my-domain.com",
        "my.domain.com",
        "your.domain",
        "api.your-company.com",
        "yourcompany.com",
        "your-tenant.auth0.com",
        "your-app-url.com",
        "your-api-domain-here.com",
        "your-project.herokuapp.com",
        "yourname.github.io",
        "replace-me.com",
        "changeme.acme.io",
        "placeholder.com",
        "insert-host-here.com",
        "replace-with-your-domain.com",
        "enter-your-domain.com",
        "YOUR-SERVER.de",
        "YOURSERVER.de",
    ],
)
def test_d1_what_nobody_is_called_is_refused_as_a_placeholder(host):
    found = at(f"https://{host}/v1")

    [error] = errors(found)
    assert verdicts(found) == ["blocked"]
    assert "placeholder" in error["message"]


def test_b06_another_server_is_taken_for_one_that_is_a_placeholder():
    servers = [{"url": "https://YOUR-SERVER.de"}, {"url": "https://api.acme.io"}]
    assert called(read(text_of(servers))) == ["https://api.acme.io"]


@pytest.mark.parametrize("host", ["example.com", "api.example.com", "a.b.example.org"])
def test_d1_an_example_host_is_a_warning_that_asks_for_the_address(host):
    found = at(f"https://{host}/v1")

    [warning] = found.findings.items()
    assert (found.valid, verdicts(found)) == (True, ["ready_with_warnings"])
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
