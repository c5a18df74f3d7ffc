import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.reading import Reading, Syntax


def examined(servers=None, *, item=None, **options):
    operation = {"operationId": "a", "summary": "A"}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": operation, **(item or {})}},
    }
    if servers is not None:
        document["servers"] = servers
    return examine(Reading(b"{}", Syntax.JSON, document), **options)


def server_of(examination):
    operation = examination.operations[0].operation
    return operation and operation.server


def codes(examination):
    return [finding.code for finding in examination.findings]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://api.example.com", "https://api.example.com"),
        ("https://API.Example.com:443/v1/", "https://api.example.com/v1"),
        ("https://api.example.com:8443/v1", "https://api.example.com:8443/v1"),
        ("//api.example.com/v1", "https://api.example.com/v1"),
        ("https://bücher.example.com/v1", "https://xn--bcher-kva.example.com/v1"),
        ("https://api.example.com./v1", "https://api.example.com/v1"),
    ],
)
def test_a_server_is_normalised_and_keeps_its_base_path(url, expected):
    assert server_of(examined([{"url": url}])) == expected


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "schema.server_missing"),
        ("/v1", "schema.server_relative"),
        ("api.example.com", "schema.server_relative"),
        ("ftp://api.example.com", "schema.server_broken"),
        ("https://", "schema.server_broken"),
        ("https://user@api.example.com", "schema.server_broken"),
        ("https://api.example.com?x={a}", "schema.server_query_open"),
        ("https://user@api.example.com?x=1", "schema.server_broken"),
        ("https://api.example.com:99999", "schema.server_broken"),
        ("https://[::1", "schema.server_broken"),
        ("https://a b.example.com", "schema.server_broken"),
        ("https://api.example.com\\@evil.com", "schema.server_broken"),
        ("https://my_api.example.com", "schema.server_broken"),
        ("https://api.example.com/größe", "schema.server_broken"),
        ("https://{tenant}.example.com", "schema.server_variable_open"),
    ],
)
def test_an_unusable_server_blocks_and_says_why(url, code):
    examination = examined([{"url": url}])
    assert server_of(examination) is None
    assert codes(examination) == [code]


def test_without_servers_the_builder_is_asked_for_one():
    [finding] = examined().findings
    assert finding.code == "schema.server_missing"
    assert finding.repair.needs == ("base_url",)


def test_without_servers_an_imported_document_calls_where_it_came_from():
    examination = examined(source_url="https://docs.acme.io/openapi.yaml")
    assert server_of(examination) == "https://docs.acme.io"
    [note] = examination.findings
    assert (note.code, note.severity) == ("schema.server_from_import", "note")
    assert "https://docs.acme.io" in note.message


def test_a_relative_server_is_resolved_against_the_import_url():
    examination = examined([{"url": "../v2"}], source_url="https://a.example/docs/openapi.json")
    assert server_of(examination) == "https://a.example/v2"
    [note] = examination.findings
    assert (note.code, note.severity) == ("schema.server_resolved", "note")
    assert "https://a.example/v2" in note.message


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://127.0.0.1:9000/v1", "http://127.0.0.1:9000"),
        ("http://box", "http://box:80"),
        ("https://api.example.com:8443", "https://api.example.com:8443"),
        ("https://api.example.com/v1", "https://api.example.com:443"),
    ],
)
def test_b9_what_the_operator_allows_origin_does_not_decide_what_is_compiled(url, origin):
    examination = examined([{"url": url}])

    assert server_of(examination) == url
    assert examination.operations[0].origin == origin
    assert [server.origin for server in examination.servers] == [origin]
    assert examination.valid


def test_the_first_server_with_https_is_called():
    servers = [
        {"url": "http://a.example"},
        {"url": "https://b.example"},
        {"url": "https://c.example"},
    ]
    examination = examined(servers)
    assert server_of(examination) == "https://b.example"
    assert codes(examination) == ["schema.servers_several"]
    assert examination.findings[0].message == "Multiple servers found, using https://b.example"


def test_without_https_the_first_usable_server_is_called():
    examination = examined([{"url": "ftp://a"}, {"url": "http://b.example"}, {"url": "http://c"}])
    assert server_of(examination) == "http://b.example"


def test_b9_a_server_stands_where_the_document_first_names_it_and_may_be_made_https_everywhere():
    item = {"servers": [{"url": "http://a.example/v2"}]}
    paths = {"/b": {"get": {"operationId": "b", "summary": "B"}, **item}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "http://a.example"}],
        "paths": {"/a": {"get": {"operationId": "a", "summary": "A"}}, **paths},
    }

    [server] = examine(Reading(b"{}", Syntax.JSON, document)).servers

    assert (server.url, server.pointer) == ("http://a.example", "/servers/0/url")
    assert [(edit.pointer, edit.value) for edit in server.edits] == [
        ("/servers/0/url", "https://a.example"),
        ("/paths/~1b/servers/0/url", "https://a.example/v2"),
    ]


def test_inner_servers_win():
    item = {"servers": [{"url": "https://item.example"}]}
    assert (
        server_of(examined([{"url": "https://top.example"}], item=item)) == "https://item.example"
    )


def test_a_closed_variable_takes_its_default_or_the_builders_choice():
    variables = {"region": {"enum": ["eu", "us"], "default": "eu"}}
    servers = [{"url": "https://{region}.example.com", "variables": variables}]
    assert server_of(examined(servers)) == "https://eu.example.com"
    chosen = examined(servers, server_variables={"region": "us"})
    assert server_of(chosen) == "https://us.example.com"
    refused = examined(servers, server_variables={"region": "evil.com/"})
    assert server_of(refused) is None
    assert codes(refused) == ["schema.server_variable_value"]


def test_an_open_variable_in_the_host_waits_for_the_builder():
    servers = [
        {"url": "https://{tenant}.example.com", "variables": {"tenant": {"default": "tenant"}}}
    ]
    assert codes(examined(servers)) == ["schema.server_variable_open"]
    chosen = examined(servers, server_variables={"tenant": "acme"})
    assert server_of(chosen) == "https://acme.example.com"


@pytest.mark.parametrize("url", ["https://a.example/{base}", "https://a.example{base}"])
def test_an_open_variable_in_the_path_takes_its_default_with_a_note(url):
    servers = [{"url": url, "variables": {"base": {"default": "/v1"}}}]
    examination = examined(servers)
    assert server_of(examination).endswith("/v1")
    assert codes(examination) == ["schema.server_variable_default"]


def test_text_of_the_document_is_never_a_template():
    text = "http://{0.__class__}.example/{{secret}}%(x)s${ENV}"
    [finding] = examined([{"url": text}], server_variables={"0.__class__": "a"}).findings
    assert finding.code == "schema.server_placeholder"
    assert "{0.__class__}.example/{{secret}}" in finding.message
    [finding] = examined([{"url": "ftp://%(x)s${ENV/"}]).findings
    assert "%(x)s${ENV/" in finding.message
