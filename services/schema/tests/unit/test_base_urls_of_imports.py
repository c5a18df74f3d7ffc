"""A base URL that a builder gives is never the place a document was imported from."""

import json

import pytest

from contracts.requests import ServerChoice
from egress import EgressSettings
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.domain.chosen_server import chosen_server
from schema_service.domain.examination import examine
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.standing import standing
from schema_service.domain.repairing.terms import Terms
from services.schema.tests.server_documents import IMPORTED, called, read, text_of

BASE = "https://real.acme.io/v2"
NOT_CALLABLE = [
    *("http://localhost:3000", "http://localhost:3000/v1", "https://10.0.0.1", "API_URL"),
    *("https://api.acme.io:8443/v1", "https://api.acme.io:99999", "https://YOUR_HOST/v1"),
    *("{{baseUrl}}", "https://$HOST/v1", "htp://api.acme.io", "ftp://api.acme.io/v1"),
    *("https://user:secret@api.acme.io", "https://my_api.acme.io", "/v1^", "//localhost/v1"),
]
LISTS = [
    *([{"url": url}] for url in NOT_CALLABLE),
    [{"url": "http://localhost:3000"}, {"url": "API_URL"}],
    [{"url": "https://10.0.0.1"}, {"url": "https://YOUR_HOST/v1"}],
    [{"url": ""}, {"url": "http://localhost:3000"}],
    [{"url": "http://localhost/{v}", "variables": {"v": {"default": "v1"}}}],
    [{"url": ""}, {"url": "http://localhost/{v}", "variables": {"v": {"enum": ["a" * 900] * 9}}}],
    [{"url": "API_URL"}, {"url": "https://10.0.0.1/{v}", "variables": {"v": {"default": "v1"}}}],
]
OF_COMPILER_8 = ("listed_servers",)


def form_of(text, source_url=IMPORTED):
    [detected] = examine(read_document(text), source_url=source_url).operations
    return (detected.operation or detected.unplaced).model_dump(mode="json")


def of_compiler_7(form):
    return {name: each for name, each in form.items() if name not in OF_COMPILER_8}


def bound(form, source_url=IMPORTED, base_url=BASE, **variables):
    choice = ServerChoice(base_url=base_url, server_variables=variables)
    return chosen_server(form, choice, blocked=True, source_url=source_url)


def by_validation(text, source_url=IMPORTED):
    return called(read(text, source_url, NeededValues(BASE)))


def swagger(**members):
    document = json.loads(text_of(swagger="2.0", **members))
    return json.dumps({key: value for key, value in document.items() if key != "openapi"})


@pytest.mark.parametrize("source_url", [IMPORTED, None])
@pytest.mark.parametrize("servers", LISTS)
def test_a_base_url_in_a_binding_is_called_and_not_the_place_of_the_import(servers, source_url):
    text = text_of(servers)
    form = form_of(text, source_url)
    assert bound(form, source_url) == BASE
    assert bound(of_compiler_7(form), source_url) == BASE
    assert by_validation(text, source_url) == [BASE]


@pytest.mark.parametrize("source_url", [IMPORTED, None])
@pytest.mark.parametrize("host", ["localhost", "localhost:3000", "API_HOST", "{h}", "10.0.0.1"])
@pytest.mark.parametrize("base_path", ["/v1", "/v1?a=b", "/{tenant}/v1", None])
def test_a_base_path_of_swagger_stands_behind_the_base_url(base_path, host, source_url):
    members = {} if base_path is None else {"basePath": base_path}
    text = swagger(host=host, **members)
    form = form_of(text, source_url)
    expected = f"{BASE}/v1" if base_path in ("/v1", "/v1?a=b") else BASE
    assert bound(form, source_url) == expected
    assert bound(of_compiler_7(form), source_url) == expected
    assert by_validation(text, source_url) == [expected]


@pytest.mark.parametrize("servers", [[{"url": url}] for url in NOT_CALLABLE])
def test_repairs_are_judged_by_the_base_url_of_an_imported_document(servers):
    found = examine(read_document(text_of(servers)), source_url=IMPORTED)
    assert _callable_where_own(found, "docs.acme.io") == 1
    assert _callable_where_own(found, "real.acme.io") == 0


def _callable_where_own(found, host):
    """How many operations a base URL makes callable where the operator has a host as its own."""
    rules = EgressOrigins(EgressSettings(own_hosts=frozenset({host})))
    return standing(found, Terms(IMPORTED, NeededValues(BASE), rules)).callable


def test_a_variable_of_the_host_that_compiler_7_stored_with_a_base_path_decides_nothing():
    variables = {"h": {"default": None, "enum": [], "more": False}}
    form = {"path": "/a", "server": "", "server_template": "/v1", "server_variables": variables}
    assert bound(form) == bound(form, h="acme") == f"{BASE}/v1"


def test_a_relative_server_with_a_value_is_resolved_against_the_place_of_the_import():
    form = form_of(text_of([{"url": "/{v}"}]))
    assert bound(form, v="v3") == "https://docs.acme.io/v3"
    assert bound(form) == BASE


V1 = {"v": {"default": "v1"}}
REFUSED = [
    ([{"url": "https://api.acme.io/v1"}], ""),
    ([{"url": "https://api.acme.io/{v}", "variables": V1}], ""),
    ([{"url": "https://{h}/{v}", "variables": V1 | {"h": {"default": "api.acme.io"}}}], "/v1"),
    ([{"url": "https://api.acme.io/{v}", "variables": V1}, {"url": "https://b.acme.io"}], ""),
    ([{"url": "http://localhost/{v}", "variables": V1}, {"url": "https://api.acme.io"}], ""),
]


@pytest.mark.parametrize(("servers", "behind"), REFUSED)
def test_a_base_url_takes_the_place_of_a_server_that_the_operator_refuses(servers, behind):
    text = text_of(servers)
    found = read(text, own_hosts=frozenset({"api.acme.io"}))
    form = form_of(text, None)
    assert called(found) == []
    assert bound(form, None) == bound(of_compiler_7(form), None) == BASE + behind
    assert bound(form, None, None) == ""


def test_a_relative_server_stands_behind_the_base_url_where_the_import_is_refused():
    form = form_of(text_of([{"url": "/{v}", "variables": V1}]))
    assert form["server"] == "https://docs.acme.io/v1"
    assert bound(form, base_url="https://real.acme.io") == "https://real.acme.io/v1"
    assert bound(form, base_url="https://real.acme.io", v="v3") == "https://real.acme.io/v3"


def test_values_that_lead_away_from_a_refused_host_go_before_the_base_url():
    form = form_of(text_of([{"url": "https://{h}", "variables": {"h": {"default": "a.acme.io"}}}]))
    assert bound(form, None, h="b.acme.io") == "https://b.acme.io"
    assert bound(form, None, h="a.acme.io") == BASE
