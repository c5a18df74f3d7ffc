"""A relative server stands behind the base URL, whoever gives it: a repair, a validation, a binding
(newcomer's 12).
"""

import json

import pytest

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
    ("../v2", "https://h.acme.io/api/v1", "https://h.acme.io/api/v2"),
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
