"""A relative server stands behind the base URL, whoever gives it: a repair, a validation, a binding
(newcomer's 12).
"""

import json

import pytest

from contracts.requests import ServerChoice
from schema_service.domain.chosen_server import chosen_server
from schema_service.domain.compiling.server.resolving import below
from schema_service.domain.examination import examine
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.reading.read_document import read_document
from services.schema.tests.server_documents import by_binding, by_repair, called, read, text_of

BEHIND = [
    ("/v2", "https://h.acme.io", "https://h.acme.io/v2"),
    ("v2", "https://h.acme.io", "https://h.acme.io/v2"),
    ("./v2", "https://h.acme.io", "https://h.acme.io/v2"),
    ("/", "https://h.acme.io/api", "https://h.acme.io/api"),
    ("/v2", "https://h.acme.io/api", "https://h.acme.io/api/v2"),
    ("/v2", "https://h.acme.io/v2", "https://h.acme.io/v2"),
    ("/v2", "https://h.acme.io/api/v2", "https://h.acme.io/api/v2"),
    ("/api/v1", "https://h.acme.io/api", "https://h.acme.io/api/v1"),
    ("/api/v1", "https://h.acme.io/shop/api", "https://h.acme.io/shop/api/v1"),
    ("/v2", "https://h.acme.io/v22", "https://h.acme.io/v22/v2"),
    ("../v2", "https://h.acme.io/api/v1", "https://h.acme.io/api/v1/v2"),
]


@pytest.mark.parametrize(("relative", "base_url", "expected"), BEHIND)
def test_nb12_a_relative_server_is_the_same_whoever_gives_the_base_url(
    relative, base_url, expected
):
    text = text_of([{"url": relative}])
    assert by_binding(text, base_url) == expected
    assert called(read(text, values=NeededValues(base_url))) == [expected]
    assert called(read(by_repair(text, base_url))) == [expected]


@pytest.mark.parametrize(("base_path", "base_url", "expected"), [*BEHIND[:1], *BEHIND[3:8]])
def test_nb12_a_base_path_without_a_host_stands_behind_it_too(base_path, base_url, expected):
    members = json.loads(text_of())
    text = json.dumps({**members, "openapi": None, "swagger": "2.0", "basePath": base_path})
    text = text.replace('"openapi": null, ', "")
    assert by_binding(text, base_url) == expected
    assert called(read(text, values=NeededValues(base_url))) == [expected]
    assert called(read(by_repair(text, base_url))) == [expected]


def test_nb12_variables_keep_their_defaults_in_a_relative_server():
    server = {"url": "/v{n}", "variables": {"n": {"default": "3"}}}
    assert by_binding(text_of([server]), "https://h.acme.io") == "https://h.acme.io/v3"


@pytest.mark.parametrize(
    "url", ["https://<your-domain>/v2", "http://localhost:8000/v2", "//localhost/v2", "API_URL"]
)
def test_nb12_any_other_server_that_cannot_be_called_is_replaced(url):
    base_url = "https://h.acme.io/api"
    assert by_binding(text_of([{"url": url}]), base_url) == base_url


def test_nb12_a_relative_server_beside_one_that_cannot_be_called_counts():
    text = text_of([{"url": "http://localhost:8000"}, {"url": "/v2"}])
    assert by_binding(text, "https://h.acme.io") == "https://h.acme.io/v2"


def test_nb12_what_is_called_as_it_is_has_no_template():
    [detected] = examine(
        read_document(text_of([{"url": "/v2"}])), source_url="https://h.acme.io/openapi.json"
    ).operations
    assert (detected.operation.server, detected.operation.server_template) == (
        "https://h.acme.io/v2",
        "",
    )


def test_nb12_the_error_says_that_the_base_url_is_put_before_it():
    [error] = [each for each in read(text_of([{"url": "/v2"}])).findings.items() if each["repair"]]
    assert "put before it" in error["hint"]


def test_nb12_a_query_stays_behind_the_path():
    assert below("https://h.acme.io/", "v2?x=1") == "https://h.acme.io/v2?x=1"
    assert below("https://h.acme.io", "?x=1") == "https://h.acme.io?x=1"
    assert below("https://h.acme.io", "/a:b/") == "https://h.acme.io/a:b/"


@pytest.mark.parametrize(
    ("base_url", "reference", "expected"),
    [
        ("https://h.acme.io/v2", "/v2#f", "https://h.acme.io/v2#f"),
        ("https://h.acme.io/v2", "/v2?x=1", "https://h.acme.io/v2?x=1"),
        ("https://h.acme.io/api/", "/v2", "https://h.acme.io/api/v2"),
        ("https://h.acme.io/api/", "/api/v2", "https://h.acme.io/api/v2"),
        ("https://h.acme.io/api/", "/api", "https://h.acme.io/api"),
        ("https://h.acme.io/a/b/c", "/a/b/c/d", "https://h.acme.io/a/b/c/d"),
        ("https://h.acme.io/a/b/c", "/b/c", "https://h.acme.io/a/b/c"),
        ("https://h.acme.io/a/b/c", "/a/b", "https://h.acme.io/a/b/c/a/b"),
    ],
)
def test_no7_steps_that_both_have_stand_once(base_url, reference, expected):
    assert below(base_url, reference) == expected


def form_of(text):
    [detected] = examine(read_document(text)).operations
    return (detected.operation or detected.unplaced).model_dump()


@pytest.mark.parametrize(
    ("servers", "template"),
    [
        ([{"url": "http://localhost"}, {"url": "/v2"}, {"url": "/v3"}], "/v2"),
        ([{"url": "/v2"}, {"url": "https://api.acme.io"}], ""),
        ([{"url": "https://api.acme.io"}, {"url": "/v2"}], ""),
        ([{"url": "/v2?x=1"}], "/v2"),
        ([{"url": "/v{n}?x=1", "variables": {"n": {"default": "3"}}}], "/v{n}"),
    ],
)
def test_no7_a_compiled_operation_has_the_first_relative_server_if_none_is_called(
    servers, template
):
    assert form_of(text_of(servers))["server_template"] == template


def swagger_of(**members):
    document = json.loads(text_of(swagger="2.0", **members))
    return json.dumps({key: value for key, value in document.items() if key != "openapi"})


def test_no7_a_base_path_counts_in_swagger_alone_and_where_its_host_is_not_called():
    assert form_of(swagger_of(basePath="/v1?x=1"))["server_template"] == "/v1"
    assert form_of(swagger_of(basePath="/v1", host="localhost"))["server_template"] == "/v1"
    assert form_of(swagger_of(basePath="/v1", host="api.acme.io"))["server_template"] == ""
    text = text_of([{"url": "http://localhost"}], basePath="/v1")
    assert form_of(text)["server_template"] == ""
    assert by_binding(text, "https://h.acme.io") == "https://h.acme.io"


@pytest.mark.parametrize("default", ["localhost:8000", "api.acme.io", "//localhost", "https:/x.io"])
def test_a_default_that_begins_with_a_host_is_replaced(default):
    server = {"url": "{a}/v1", "variables": {"a": {"default": default}}}
    form = {
        "server_template": server["url"],
        "server_variables": {"a": {"default": default}},
        "path": "/a",
    }
    choice = ServerChoice(base_url="https://h.acme.io")
    assert chosen_server(form, choice, blocked=True, source_url=None) == "https://h.acme.io/v1"


@pytest.mark.parametrize("variable", [{}, {"default": "x", "enum": ["y"]}])
def test_no7_a_variable_without_a_value_leaves_the_base_url_alone(variable):
    server = {"url": "/{a}/v1", "variables": {"a": variable}}
    assert by_binding(text_of([server]), "https://h.acme.io/api") == "https://h.acme.io/api"


@pytest.mark.parametrize(
    ("base_path", "written"),
    [("/v1", "/v1"), ("v1", "/v1"), ("/v1/", "/v1/"), ("/v1?x=1", "/v1?x=1")],
)
def test_no7_a_base_path_stays_where_it_is_and_gains_its_slash_alone(base_path, written):
    text = by_repair(swagger_of(basePath=base_path), "https://h.acme.io")
    assert json.loads(text)["basePath"] == written
    assert "basePath" not in json.loads(by_repair(swagger_of(), "https://h.acme.io"))


@pytest.mark.parametrize(
    "relative",
    [
        "../../../../v2",
        "/../v2",
        "/a/../../v2",
        "./../v2",
        "v1/../v2",
        "..//../v2",
        "/./../b/../v2",
    ],
)
def test_na6_a_relative_server_stays_below_the_base_urls_path(relative):
    text, base_url = text_of([{"url": relative}]), "https://h.acme.io/api"
    expected = "https://h.acme.io/api/v2"
    assert by_binding(text, base_url) == expected
    assert called(read(text, values=NeededValues(base_url))) == [expected]
    assert called(read(by_repair(text, base_url))) == [expected]


@pytest.mark.parametrize(
    "relative", ["..", "../", "/..", "../..", ".", "v2/..", "../../api", "?x=1"]
)
def test_na6_dots_that_lead_to_the_root_lead_to_the_base_url(relative):
    behind = below("https://h.acme.io/api", relative)
    assert behind.partition("?")[0].rstrip("/") == "https://h.acme.io/api"
