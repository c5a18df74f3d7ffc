"""What a builder says of a document's servers: written into it, or answered with why it was not."""

import json

import pytest

from egress.errors import DomainInvalid
from schema_service.adapters.process_examiner import repair_document
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.repairing.terms import Terms
from services.schema.tests.server_documents import called, errors, read, text_of

REGIONS = {"region": {"default": "eu", "enum": ["eu", "us"]}}
TENANT = {"tenant": {"default": "acme"}}


def after(servers, source_url=None, **values):
    """The document's text after every repair, with what was not used."""
    text = text_of(servers)
    found = read(text, source_url).findings.items()
    repairs = [each["repair"] for each in found if each["repair"]]
    return repair_document(text, repairs, Terms(source_url, NeededValues(**values)))


def codes(repaired):
    return [each.code for each in repaired.unused]


@pytest.mark.parametrize(
    ("url", "variables", "values", "expected"),
    [
        ("https://{tenant}.acme.io", TENANT, {"tenant": "globex"}, "https://globex.acme.io"),
        ("https://acme.io/{tenant}", TENANT, {"tenant": "globex"}, "https://acme.io/globex"),
        ("https://{region}.acme.io", REGIONS, {"region": "us"}, "https://us.acme.io"),
        (
            "https://{h}",
            {"h": {"default": "YOUR_HOST"}},
            {"h": "api.foo.dev"},
            "https://api.foo.dev",
        ),
        (
            "https://{h}/v1",
            {"h": {"default": "localhost:8000", "enum": ["localhost:8000", "api.foo.dev"]}},
            {"h": "api.foo.dev"},
            "https://api.foo.dev/v1",
        ),
        (
            "https://api.foo.dev:{port}",
            {"port": {"default": "8443", "enum": ["8443", "443"]}},
            {"port": "443"},
            "https://api.foo.dev",
        ),
        (
            "https://api.foo.dev:{port}",
            {"port": {"default": 8443, "enum": [8443, 443]}},
            {"port": "443"},
            "https://api.foo.dev",
        ),
    ],
)
def test_n5_a_value_replaces_the_default_that_a_variable_has(url, variables, values, expected):
    repaired = after([{"url": url, "variables": variables}], server_variables=values)

    assert called(read(repaired.text)) == [expected]
    assert [each for each in repaired.applied if "value of" in each] != []
    assert codes(repaired) == []


@pytest.mark.parametrize(
    ("url", "variables", "needed"),
    [
        ("https://{h}", {"h": {"default": "YOUR_HOST"}}, "h"),
        ("https://{h}", {"h": {"default": "localhost", "enum": ["localhost", "api.foo.dev"]}}, "h"),
        ("https://a.dev:{p}", {"p": {"default": "8443", "enum": ["8443", "443"]}}, "p"),
        ("https://{t}.acme.io", {}, "t"),
    ],
)
def test_n5_a_blocked_server_asks_for_the_variable_that_would_do(url, variables, needed):
    servers = [{"url": url, "variables": variables}]

    [error] = errors(read(text_of(servers)))
    by_base_url = after(servers, base_url="https://api.acme.io/v1")

    assert error["repair"]["needs"] == [f"server_variables.{needed}"]
    assert called(read(by_base_url.text)) == ["https://api.acme.io/v1"]


def test_n5_where_no_variable_helps_a_base_url_is_asked_for():
    servers = [{"url": "https://{t}.localhost", "variables": {"t": {"default": "a"}}}]
    [error] = errors(read(text_of(servers)))
    assert error["repair"]["needs"] == ["base_url"]


def test_n5_a_name_that_no_server_has_is_said_with_those_there_are():
    servers = [{"url": "https://{tenant}.acme.io", "variables": TENANT}]

    [unused] = after(servers, server_variables={"tennant": "globex"}).unused
    values = NeededValues(server_variables={"tennant": "globex"})
    validated = read(text_of(servers), values=values).findings.items()

    assert unused.code == "schema.server_variable_unknown"
    assert "tenant" in unused.hint
    assert unused.line == 7
    assert unused.code in [each["code"] for each in validated]


@pytest.mark.parametrize(
    ("url", "value", "said"),
    [("https://{region}.acme.io", "mars", "eu, us"), ("https://{t}", "my_host", "no call")],
)
def test_n5_a_value_that_cannot_be_written_is_said(url, value, said):
    name = url.partition("{")[2].partition("}")[0]
    variables = {"region": REGIONS["region"], "t": {"default": "api.acme.io"}}[name]
    servers = [{"url": url, "variables": {name: variables}}]

    repaired = after(servers, server_variables={name: value})

    assert codes(repaired) == ["schema.server_value_unused"]
    assert said in repaired.unused[0].message
    assert json.loads(repaired.text)["servers"] == servers


def test_n5_a_base_url_beside_a_server_that_can_be_called_is_said():
    servers = [{"url": "https://api.foo.dev"}]

    repaired = after(servers, base_url="https://api.acme.io")
    validated = read(text_of(servers), values=NeededValues("https://api.acme.io"))

    assert codes(repaired) == ["schema.base_url_unused"]
    assert json.loads(repaired.text)["servers"] == servers
    assert "schema.base_url_unused" in [each["code"] for each in validated.findings.items()]


def test_n5_values_reach_a_text_that_could_not_be_read():
    text = (
        "openapi: 3.1.0\ninfo:\n  title: a: b\n  version: '1'\nservers:\n"
        "  - url: https://{tenant}.acme.io\n    variables:\n      tenant: {default: acme}\n"
        "paths:\n  /a: {get: {operationId: a, summary: s, responses: {default: {description: d}}}"
        "}\n"
    )
    repairs = [each["repair"] for each in read(text).findings.items() if each["repair"]]
    values = NeededValues(server_variables={"tenant": "globex"})

    repaired = repair_document(text, repairs, Terms(values=values))

    assert called(read(repaired.text)) == ["https://globex.acme.io"]


@pytest.mark.parametrize(
    "url",
    [
        "https://{{host}}/v1",
        "https://${API_HOST}/v1",
        "{{base_url}}",
        "${BASE}/v1",
        "https://api.acme.io/${VERSION}",
        "https://@{host}",
    ],
)
@pytest.mark.parametrize("variables", [None, {"host": {"default": "api.foo.dev"}}])
def test_n18_another_tools_placeholder_is_no_server_variable(url, variables):
    servers = [{"url": url} | ({"variables": variables} if variables else {})]

    [error] = errors(read(text_of(servers)))

    assert error["code"] == "schema.server_placeholder"
    assert error["repair"]["needs"] == ["base_url"]
    assert "default" not in error["hint"]


@pytest.mark.parametrize("url", ["https://YOUR_X.dev", "https://-a.dev", "https://a..dev"])
def test_n29_a_base_url_that_is_none_is_answered_about_urls(url):
    with pytest.raises(DomainInvalid) as refused:
        NeededValues.checked(url)
    assert "subdomains" not in refused.value.hint
    assert "https://" in refused.value.hint
