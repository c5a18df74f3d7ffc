"""A base URL means the same wherever it is given: to a validation, a repair, a binding."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.errors import PlatformError
from contracts.requests import ServerChoice
from schema_service.adapters.process_examiner import repair_document
from schema_service.domain.chosen_server import chosen_server
from schema_service.domain.examination import examine
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.terms import Terms
from services.schema.tests.server_documents import called, errors, read, text_of

BASE = "https://h.acme.io/api"
BASES = [BASE, "https://h.acme.io", "https://h.acme.io/v1", "https://h.acme.io/api/"]
LONG = "/" + "x" * 1_990
WRONG_BASE_PATHS = [
    *("/{tenant}/v1", "/v1?a=b", "/v1#x", " /v1 ", "/ä", "/{}", "/v1^", "/<v>", "?a", "#a"),
    *("/v1?{x}", "/%2e%2e/v1", "api.acme.io/v1", "localhost:8000/v1", "API_URL", "https//x.io"),
    *("{{base}}", "${BASE}", "/ /", "\\v1", "/v1/", "//", "a:b", "."),
    *("\x1b", "/v\t1", "/\x00", "\x1b/v1"),
]


def swagger(base_path, **members):
    document = json.loads(text_of(swagger="2.0", basePath=base_path, **members))
    return json.dumps({key: value for key, value in document.items() if key != "openapi"})


def form_of(text, base_url=None):
    [detected] = examine(read_document(text), base_url=base_url).operations
    return (detected.operation or detected.unplaced).model_dump()


def by_validation(text, base_url, **variables):
    return called(read(text, values=NeededValues(base_url, variables)))


def repaired_with(text, base_url, **variables):
    found = read(text).findings.items()
    terms = Terms(None, NeededValues(base_url, variables))
    return repair_document(text, [each["repair"] for each in found if each["repair"]], terms).text


def by_repair(text, base_url, **variables):
    return called(read(repaired_with(text, base_url, **variables)))


def by_binding(text, base_url, **variables):
    choice = ServerChoice(base_url=base_url, server_variables=variables)
    return [chosen_server(form_of(text), choice, blocked=True, source_url=None)]


def all_three(text, base_url, **variables):
    return [ask(text, base_url, **variables) for ask in (by_validation, by_repair, by_binding)]


@pytest.mark.parametrize("base_url", BASES[:3])
@pytest.mark.parametrize("base_path", WRONG_BASE_PATHS)
def test_no1_a_base_path_that_is_no_path_leaves_the_base_url_callable(base_path, base_url):
    expected = base_url if "v1" not in base_path else None
    validated, repaired, bound = all_three(swagger(base_path), base_url)
    assert len(validated) == 1
    assert validated == repaired == bound
    assert expected in (None, validated[0])


@pytest.mark.parametrize(
    ("base_path", "expected"),
    [
        *(("/{tenant}/v1", ""), ("/v1?a=b", "/v1"), ("/v1#x", "/v1"), (" /v1 ", "/v1")),
        *(("/v1^", ""), ("/v1?{x}", ""), ("/%2e%2e/v1", ""), ("api.acme.io/v1", "")),
        ("///v1", "/v1"),
        *(("localhost:8000/v1", ""), ("https://api.acme.io:99999/v1", "")),
    ],
)
def test_no1_what_stands_behind_the_base_url_of_swagger(base_path, expected):
    for base_url in (BASE, "https://h.acme.io"):
        assert all_three(swagger(base_path), base_url) == [[base_url + expected]] * 3
    assert by_validation(swagger(base_path, host="localhost"), BASE) == [BASE + expected]


@pytest.mark.parametrize(
    "text", [text_of([{"url": LONG}]), text_of([{"url": "{b}" + LONG}]), swagger(LONG)]
)
def test_no1_both_too_long_together_are_an_error_with_its_place(text):
    base_url = "https://h.acme.io/" + "y" * 100
    [error] = errors(read(text, values=NeededValues(base_url)))
    assert "longer than 2048 bytes" in error["message"]
    assert error["pointer"] in ("/servers", "/host")
    assert repaired_with(text, base_url) == text
    with pytest.raises(PlatformError, match="longer than 2048 bytes"):
        by_binding(text, base_url)


def test_no1_no_repair_writes_a_url_that_the_next_reading_refuses():
    base_url = "https://h.acme.io"
    text = text_of([{"url": LONG}])
    assert by_validation(text, base_url) == by_binding(text, base_url) == [base_url + LONG]
    assert repaired_with(text, base_url) == text


TABLE = [
    ([{"url": "http://localhost:3000"}, {"url": "/v2"}], "/v2"),
    ([{"url": "http://localhost:3000"}, {"url": "/v2"}, {"url": "/v3"}], "/v2"),
    ([{"url": "http://localhost:3000"}, {"url": "https://localhost/x"}, {"url": "v3"}], "/v3"),
    ([{"url": "http://localhost"}, {"url": "/{a}", "variables": {"a": {"default": "v4"}}}], "/v4"),
    ([{"url": "http://localhost:3000"}, {"url": "/v2?x=1"}], ""),
    ([{"url": "http://localhost:3000?x=1"}, {"url": "/v2"}], ""),
    ([{"url": "API_URL"}, {"url": "/v2"}], "/v2"),
    (["", {"url": "/v2"}], "/v2"),
    ([{"url": "/v2"}, {"url": "API_URL"}], "/v2"),
    ([{"url": "API_URL"}, {"url": "https://{h}/x"}, {"url": "/v2"}], "/x"),
    ([{"url": "https://{h}/x"}, {"url": "/v2"}], "/x"),
    ([{"url": "https://{h}/x?k=1"}], "/x"),
    ([{"url": "{b}/v{n}?k=1", "variables": {"n": {"default": "3"}}}], "/v3"),
    ([{"url": "{b}/{n}"}], ""),
    ([{"url": "{b}/x/", "variables": {"b": {"default": "/deep"}}}], "/deep/x"),
    ([{"url": "{b}/x", "variables": {"b": {"default": "deep"}}}], "/deep/x"),
    ([{"url": "{b}"}], ""),
    ([{"url": "/{a}/{b}", "variables": {"a": {"default": "{b}"}, "b": {"default": "x"}}}], ""),
    ([{"url": "/{a}/{b}", "variables": {"a": {"default": "x"}, "b": {"default": "y"}}}], "/x/y"),
    ([{"url": "/{a}/v1"}], ""),
    ([{"url": "{a}/v1", "variables": {"a": {"default": "localhost:80"}}}], "/v1"),
    ([{"url": "/{a}", "variables": {"a": {"default": "%2e%2e"}}}], ""),
    ([{"url": "/%2e%2e/v3"}], ""),
    ([{"url": "/v2?x=1"}], "/v2"),
    ([{"url": "/v2#f"}], "/v2"),
    ([{"url": "//localhost/v2"}], ""),
    ([{"url": "a:b"}], ""),
    ([{"url": "https://api.acme.io:99999/v1"}], ""),
    ([], ""),
]


def defaults(**values):
    return {name: {"default": value} for name, value in values.items()}


AT_HOME = [
    ({"url": "http://{h}:{p}/x/v1", "variables": defaults(h="localhost", p="8080")}, "/x/v1"),
    ({"url": "https://{h}:{p}/v1", "variables": defaults(h="localhost", p="8080")}, "/v1"),
    ({"url": "https://{h}:8443/v1", "variables": defaults(h="localhost")}, "/v1"),
    ({"url": "http://{h}/v1", "variables": defaults(h="localhost:8080")}, "/v1"),
    ({"url": "{baseUrl}/v1", "variables": defaults(baseUrl="http://localhost:8080")}, "/v1"),
    ({"url": "{s}://{h}/v1", "variables": defaults(s="http", h="localhost")}, "/v1"),
]


@pytest.mark.parametrize(("server", "expected"), AT_HOME)
def test_variables_that_lead_to_ones_own_machine_give_way_alone(server, expected):
    assert all_three(text_of([server]), BASE) == [[BASE + expected]] * 3


@pytest.mark.parametrize(("servers", "expected"), TABLE)
def test_no2_all_three_ways_lead_to_the_same_server(servers, expected):
    text = text_of(servers)
    assert all_three(text, BASE) == [[BASE + expected]] * 3


def test_no2_a_misspelt_scheme_is_no_relative_url():
    text = text_of([{"url": "https//{a}/v1", "variables": {"a": {"default": "api.acme.io"}}}])
    assert by_validation(text, BASE) == by_binding(text, BASE) == [BASE]


@pytest.mark.parametrize("text", [text_of([{"url": "/v2?x=1"}]), swagger("/v2?x=1")])
def test_no2_a_query_is_sent_behind_the_base_url_too(text):
    sent = form_of(text)["constants"]
    assert sent
    assert form_of(text, BASE)["constants"] == sent
    assert form_of(repaired_with(text, BASE))["constants"] == sent


parts = st.sampled_from(
    [
        *("/", "v1", "{a}", "{b}", "{}", "?", "a=b", "#", " ", "ä", "<v>", "^", "//", "..", "%2e"),
        *("api.acme.io", "localhost", ":8000", "https://", "http://", "http:/", "API_URL", "\\"),
    ]
)
texts = st.lists(parts, max_size=5).map("".join) | st.text(max_size=8)
variables = st.dictionaries(st.sampled_from("ab"), st.fixed_dictionaries({"default": texts}))
servers = st.lists(st.fixed_dictionaries({"url": texts, "variables": variables}), max_size=3)
documents = servers.map(text_of) | texts.map(swagger)


SOME = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)


@SOME
@given(documents, st.sampled_from(BASES[:3]))
def test_no1_no_server_and_no_base_path_raises_behind_any_base_url(text, base_url):
    validated = by_validation(text, base_url)
    assert len(validated) == 1
    if not by_validation(text, None):
        assert by_binding(text, base_url) == validated


@SOME
@given(texts, st.sampled_from(BASES[:3]))
def test_no1_what_a_repair_writes_for_any_base_path_is_called(base_path, base_url):
    text = swagger(base_path)
    if not by_validation(text, None):
        assert by_repair(text, base_url) == by_validation(text, base_url)


def test_no1_a_base_url_behind_which_a_base_path_stands_is_from_no_import():
    found = read(swagger("/v1"), values=NeededValues(BASE)).findings.items()
    codes = [each["code"] for each in found]
    assert "schema.server_given" in codes
    assert "schema.server_from_import" not in codes


def codes(found):
    return {each["code"] for each in found.findings.items()}


SENT = ["/v2?x=1", "{b}/v2?x=1", "https://{b}/v2?x=1"]


@pytest.mark.parametrize("url", SENT)
def test_no2_a_query_that_is_sent_behind_a_base_url_is_said(url):
    text = text_of([{"url": url}])
    assert form_of(text, BASE)["constants"] == {"x": "1"}
    assert "schema.server_query" in codes(read(text, values=NeededValues(BASE)))


VER = {"ver": {"default": "v1", "enum": ["v1", "v8"]}}
LOCAL = {"url": "http://localhost:3000"}
WITH_VALUES = [
    ([{"url": "/{ver}", "variables": VER}], "/v8"),
    ([{"url": "{base}/{ver}", "variables": VER}], "/v8"),
    ([{"url": "{base}/{ver}"}], "/v8"),
    ([{"url": "/{ver}?k=1", "variables": VER}], "/v8"),
    ([{"url": "http://localhost:3000/{ver}", "variables": VER}], ""),
    ([{"url": "https://{tenant}.shop.local/{ver}", "variables": VER}], ""),
]


@pytest.mark.parametrize(("servers", "expected"), WITH_VALUES)
def test_f4_values_of_variables_beside_a_base_url_mean_the_same_everywhere(servers, expected):
    assert all_three(text_of(servers), BASE, ver="v8") == [[BASE + expected]] * 3


def test_f4_a_repair_leaves_the_variables_behind_a_base_url():
    text = text_of([{"url": "/{ver}", "variables": VER}])
    [server] = json.loads(repaired_with(text, BASE, ver="v8"))["servers"]
    assert server["url"] == BASE + "/{ver}"
    assert server["variables"]["ver"]["default"] == "v8"


@pytest.mark.parametrize(
    "first", [LOCAL, {"url": "http://localhost:{port}", "variables": {"port": {"default": "3000"}}}]
)
def test_f5_a_value_for_the_server_beside_one_that_cannot_be_called_is_taken_everywhere(first):
    text = text_of([first, {"url": "https://{tenant}.real-shop.com"}])
    expected = ["https://acme.real-shop.com"]
    assert all_three(text, None, tenant="acme") == [expected] * 3


def test_f8_a_value_behind_a_slash_is_no_host():
    servers = [{"url": "/{p}", "variables": {"p": {"default": "v1"}}}]
    expected = "https://h.acme.io/127.0.0.1:18942"
    assert (
        all_three(text_of(servers), "https://h.acme.io", p="/127.0.0.1:18942") == [[expected]] * 3
    )
    own = text_of([{"url": "/{p}", "variables": {"p": {"default": "/evil.com/v2"}}}])
    assert called(read(own)) == []


def test_f4_a_value_that_may_not_be_is_refused_whatever_the_base_url():
    text = text_of([{"url": "https://{t}.real-shop.com"}])
    assert errors(read(text, values=NeededValues(BASE, {"t": "evil.com#"})))
    with pytest.raises(PlatformError, match="ends it"):
        by_binding(text, BASE, t="evil.com#")


def test_f4_a_value_outside_its_list_is_refused_behind_a_variable_without_one():
    text = text_of([{"url": "https://{host}/{ver}", "variables": VER}])
    assert errors(read(text, values=NeededValues(BASE, {"ver": "v9"})))
    with pytest.raises(PlatformError, match="may not be v9"):
        by_binding(text, BASE, ver="v9")


def test_f4_a_variable_beyond_the_longest_url_has_no_value():
    text = text_of([{"url": "{base}/" + "a" * 1_994 + "{x}"}])
    assert by_binding(text, BASE) == [BASE]
    assert repaired_with(text, BASE)
