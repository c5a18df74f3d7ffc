"""Lists of servers, values of their variables and a base URL: one decision in all three ways."""

import json
import random

import pytest

from contracts.errors import PlatformError
from contracts.requests import ServerChoice
from egress import EgressSettings
from egress.server_url import ServerUrl
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.adapters.process_examiner import repair_document
from schema_service.domain.chosen_server import chosen_server, variables_of
from schema_service.domain.examination import examine
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.terms import Terms
from services.schema.tests.server_documents import IMPORTED, called, errors, read, text_of

BASE = "https://h.acme.io/api"
LOCAL = {"url": "http://localhost:3000"}
ONE_OR_TWO = {"enum": ["v1", "v2"], "default": "v1"}


def form_of(text, values=None, source_url=None):
    values = values or NeededValues()
    found = examine(
        read_document(text),
        base_url=values.base_url,
        server_variables=values.server_variables,
        source_url=source_url,
    )
    [detected] = found.operations
    return (detected.operation or detected.unplaced).model_dump(mode="json")


def repaired(text, base_url, variables, source_url=None):
    found = read(text, source_url).findings.items()
    repairs = [each["repair"] for each in found if each["repair"]]
    return repair_document(text, repairs, Terms(source_url, NeededValues(base_url, variables)))


def by_validation(text, base_url, variables, source_url=None):
    return called(read(text, source_url, NeededValues(base_url, variables)))


def by_repair(text, base_url, variables, source_url=None):
    return called(read(repaired(text, base_url, variables, source_url).text, source_url))


def by_binding(text, base_url, variables, source_url=None):
    """None for a refusal, and for an operation that stays blocked."""
    choice = ServerChoice(base_url=base_url, server_variables=variables)
    try:
        form = form_of(text, source_url=source_url)
        blocked = not called(read(text, source_url))
        server = chosen_server(form, choice, blocked=blocked, source_url=source_url)
    except PlatformError:
        return []
    return called(read(text_of([{"url": server}]))) if server else []


def all_three(servers, base_url=BASE, source_url=None, **variables):
    text, ways = text_of(servers), (by_validation, by_repair, by_binding)
    return [ask(text, base_url, variables, source_url) for ask in ways]


REFUSED = [
    [LOCAL, {"url": "https://{h}/{v}", "variables": {"v": ONE_OR_TWO}}],
    [{"url": "https://{h}/{v}", "variables": {"v": ONE_OR_TWO}}, LOCAL],
    [{"url": "/{v}", "variables": {"v": ONE_OR_TWO}}, LOCAL],
    [LOCAL, {"url": "http://localhost/{v}", "variables": {"v": ONE_OR_TWO}}, {"url": "/x"}],
    [{"url": "API_URL"}, {"url": "https://{h}.acme.io/{v}", "variables": {"v": ONE_OR_TWO}}],
]


@pytest.mark.parametrize("servers", REFUSED)
@pytest.mark.parametrize("base_url", [BASE, None])
def test_a_value_that_no_server_permits_is_said_and_no_base_url_hides_it(servers, base_url):
    values = NeededValues(base_url, {"v": "v9"})

    found = errors(read(text_of(servers), values=values))

    assert all_three(servers, base_url, v="v9") == [[]] * 3
    assert "Server variable v may not be v9" in [each["message"] for each in found]


def test_a_value_that_another_server_permits_chooses_that_one():
    dev = {"url": "http://{v}.localhost", "variables": {"v": {"enum": ["dev"]}}}
    servers = [dev, {"url": "https://{t}.acme.io/{v}", "variables": {"v": ONE_OR_TWO}}]
    assert all_three(servers, v="v2", t="ours") == [["https://ours.acme.io/v2"]] * 3


def test_a_base_url_before_a_variable_without_value_is_refused_behind_another_server():
    servers = [LOCAL, {"url": "https://api.acme.io/{tenant}"}]
    values = NeededValues("https://api.acme.io")

    found = errors(read(text_of(servers), values=values))
    repair = repaired(text_of(servers), values.base_url, {})

    assert all_three(servers, values.base_url) == [[]] * 3
    assert [each["code"] for each in found] == ["schema.server_variable_open"]
    assert "Server variable tenant" in repair.skips[0].reason
    assert all_three(servers, values.base_url, tenant="a") == [["https://api.acme.io/a"]] * 3


def test_values_behind_a_base_url_are_those_that_were_given():
    hosted = {"url": "https://{host}/{version}", "variables": {"version": {"default": "v1"}}}
    assert all_three([LOCAL, hosted], version="v2") == [[f"{BASE}/v2"]] * 3
    assert all_three([LOCAL, hosted]) == [[f"{BASE}/v1"]] * 3


LOCAL_HOST = {"host": {"default": "localhost"}}
SEVERAL = [
    ([{"url": "/rest/{v}"}, {"url": "https://{host}:8443/v1", "variables": LOCAL_HOST}], {}, "/v1"),
    (
        [{"url": "/rest/{v}"}, {"url": "https://{host}:8443/v1", "variables": LOCAL_HOST}],
        {"v": "v2"},
        "/rest/v2",
    ),
    ([{"url": "/api"}, {"url": "http://{host}/x"}], {}, ""),
    ([{"url": "/v1"}, {"url": "https://h/{ver}"}], {"ver": "v2"}, "/v1"),
    ([{"url": "/{a}/v1"}, {"url": "/v2"}], {}, "/v2"),
]


@pytest.mark.parametrize(("servers", "values", "expected"), SEVERAL)
def test_the_first_relative_server_stands_behind_a_base_url(servers, values, expected):
    assert all_three(servers, **values) == [[BASE + expected]] * 3


def test_a_value_for_a_server_behind_a_relative_one_has_that_called():
    servers = [{"url": "/v1"}, {"url": "https://api.acme.io/{ver}"}]
    assert all_three(servers, ver="v2") == [["https://api.acme.io/v2"]] * 3
    assert all_three(servers, None, ver="v2") == [["https://api.acme.io/v2"]] * 3


def test_a_binding_knows_the_variables_of_all_servers_that_values_choose_between():
    servers = [LOCAL, {"url": "https://{a}.acme.io"}, {"url": "https://{b}.acme.dev"}]
    form = form_of(text_of(servers))
    assert variables_of(form) == ("a", "b")
    assert all_three(servers, None, b="ours") == [["https://ours.acme.dev"]] * 3


def test_an_operation_of_the_previous_compiler_has_one_template():
    form = form_of(text_of([{"url": "https://{t}.acme.io"}]))
    stored = {key: value for key, value in form.items() if key != "listed_servers"}
    choice = ServerChoice(server_variables={"t": "ours"})
    server = chosen_server(stored, choice, blocked=True, source_url=None)
    assert server == "https://ours.acme.io"
    assert form["listed_servers"] == []


def test_a_list_is_held_only_where_values_decide_and_up_to_ten_servers():
    fixed = [{"url": "https://a.acme.io"}, {"url": "https://{t}.acme.io"}]
    many = [{"url": f"https://{{t{number}}}.acme.io"} for number in range(30)]
    long = [{"url": f"https://{{t{number}}}.acme.io/{'x' * 1_500}"} for number in range(30)]
    assert form_of(text_of(fixed))["listed_servers"] == []
    assert len(form_of(text_of(many))["listed_servers"]) == 10
    assert len(form_of(text_of(long))["listed_servers"]) == 2
    assert all_three(many, None, t9="ours") == [["https://ours.acme.io"]] * 3
    assert by_validation(text_of(many), None, {"t10": "ours"}) == []
    assert by_validation(text_of(long), None, {"t2": "ours"}) == []


def test_a_repair_that_replaces_a_url_names_no_value_that_it_does_not_write():
    server = {"url": "http://localhost/{ver}", "variables": {"ver": ONE_OR_TWO}}

    done = repaired(text_of([server]), BASE, {"ver": "v2"})

    assert called(read(done.text)) == [BASE]
    assert [each for each in done.applied if "ver" in each] == []
    assert json.loads(done.text)["servers"][0]["variables"] == server["variables"]


QUERIES = [
    ([{"url": "http://localhost:3000?x=1"}], {"x": "1"}),
    ([{"url": "https://{b}?x=1&y=2"}], {"x": "1", "y": "2"}),
    ([{"url": "http://localhost/v1?x=1"}, {"url": "/v2"}], {"x": "1"}),
    ([LOCAL, {"url": "/v2?x=1"}], {}),
    ([{"url": "API_URL"}, {"url": "/v2?x=1"}], {"x": "1"}),
]


@pytest.mark.parametrize(("servers", "sent"), QUERIES)
def test_the_query_of_a_server_is_sent_behind_the_base_url_that_replaces_it(servers, sent):
    text = text_of(servers)
    found = read(text, values=NeededValues(BASE)).findings.items()
    said = "schema.server_query" in [each["code"] for each in found]

    assert form_of(text)["constants"] == sent
    assert form_of(text, NeededValues(BASE))["constants"] == sent
    assert form_of(repaired(text, BASE, {}).text)["constants"] == sent
    assert said == bool(sent)


def test_values_that_lead_to_another_query_are_refused_by_a_binding_with_the_way():
    form = form_of(text_of([LOCAL, {"url": "https://{t}.acme.io?k=1"}]))
    choice = ServerChoice(server_variables={"t": "ours"})
    with pytest.raises(PlatformError, match="another query") as refused:
        chosen_server(form, choice, blocked=True, source_url=None)
    assert "repairs" in refused.value.hint


def test_q9_3_values_that_lead_to_another_query_are_refused_until_a_repair_writes_them():
    servers = [LOCAL, {"url": "https://{t}.acme.io?k=1"}]
    validated, written, bound = all_three(servers, None, t="ours")
    [found] = errors(read(text_of(servers), values=NeededValues(None, {"t": "ours"})))

    assert (validated, bound) == ([], [])
    assert written == ["https://ours.acme.io"]
    assert found["code"] == "schema.server_query_other"
    assert "--repair" in found["hint"]


def _with(url, **defaults):
    return {"url": url, "variables": {name: {"default": v} for name, v in defaults.items()}}


RELATIVE = {"url": "/v1"}
SECURE_LOCAL = {"url": "https://localhost/x"}
LED_AWAY = [
    (_with("https://{env}.acme.io:{port}/v1", env="api", port="443"), "env=eu port=8443"),
    (_with("https://api.acme.io:{port}/v1", port="443"), "port=8443"),
    (_with("https://api.acme.{tld}/v1", tld="io"), "tld=local"),
    (_with("{scheme}://api.acme.io/v1", scheme="https"), "scheme=http"),
    (_with("//{h}/{p}", h="api.acme.io", p="v1"), "h=localhost"),
]


@pytest.mark.parametrize(("server", "given"), LED_AWAY)
@pytest.mark.parametrize("others", [[], [RELATIVE], [LOCAL], [SECURE_LOCAL], [LOCAL, RELATIVE]])
def test_y9_5_values_that_lead_from_a_public_server_to_none_are_refused(server, given, others):
    text, values = text_of([server, *others]), dict(each.split("=") for each in given.split())
    choice, rules = ServerChoice(server_variables=values), EgressOrigins(EgressSettings())

    url = chosen_server(form_of(text), choice, blocked=False, source_url=None, origins=rules)

    assert rules.refusal(ServerUrl.parse(url).origin) is not None
    assert by_validation(text, None, values) == []
    assert called(read(text)) != []


HOSTS = [{}, {"default": "your-h"}, {"default": "localhost"}, {"default": "api.acme.io"}]
PARTS = [{}, {"default": "v1"}, {"default": "p"}, {"enum": ["v1", "v2"]}, {"default": ""}]
URLS = [
    *("https://{h}/{p}", "https://{h}.acme.io/{p}", "{h}/{p}", "/{p}", "https://api.acme.io/{p}"),
    *("http://localhost/{p}", "http://localhost", "https://{h}:8443/x", "/v3/{p}", "//{h}/{p}"),
    *("https://{h}{p}", "/api", "API_URL", "https://{h}:{p}/v1", "{h}", "http://{h}/x", "v1/{p}"),
    *("http://localhost:3000?k=1", "https://{h}/x?k=1", "/{p}?k=1"),
]
BASES = ["https://h.acme.io", "https://h.acme.io/v1", "https://api.acme.io", None]


def _server(chance):
    url = chance.choice(URLS)
    known = {"h": HOSTS, "p": PARTS}
    variables = {name: chance.choice(known[name]) for name in known if f"{{{name}}}" in url}
    return {"url": url, "variables": variables}


def some_case(seed):
    chance = random.Random(seed)
    servers = [_server(chance) for _ in range(chance.choice((1, 2, 2, 3)))]
    values = {}
    if chance.random() < 0.4:
        values["h"] = chance.choice(["acme", "api.acme.io", "localhost", "a/b"])
    if chance.random() < 0.4:
        values["p"] = chance.choice(["v1", "v2", "v9", "443"])
    return servers, chance.choice(BASES), values


def _needs_no_values(text, source_url):
    """Where it is called as it is, or once a slip is repaired: then nothing is left to decide."""
    ways = (by_validation, by_repair)
    return any(ask(text, None, {}, source_url) for ask in ways)


def _differ_in_query(servers):
    return len({each["url"].partition("?")[2] for each in servers}) > 1


@pytest.mark.parametrize("seed", range(150))
def test_all_three_ways_lead_to_the_same_place(seed):
    servers, base_url, values = some_case(seed)
    source_url = IMPORTED if seed % 2 else None
    if _needs_no_values(text_of(servers), source_url):
        return
    validated, written, bound = all_three(servers, base_url, source_url, **values)
    assert bound == validated
    if validated or not _differ_in_query(servers):
        assert written == validated  # what values do not change, a repair writes


def test_a_value_that_only_a_later_server_may_have_is_called_there_by_all_three_ways():
    closed = {"url": "https://a.acme.io/{p}", "variables": {"p": ONE_OR_TWO}}
    open_one = {"url": "https://b.acme.io/{p}", "variables": {"p": {"default": "v1"}}}
    for base_url in (None, BASE):
        ways = all_three([closed, open_one], base_url, p="v9")
        assert ways == [["https://b.acme.io/v9"]] * 3

    done = repaired(text_of([closed, open_one]), None, {"p": "v9"})
    after = json.loads(done.text)["servers"]
    assert [each["url"] for each in after] == [open_one["url"], closed["url"]]
    assert done.applied == ("Put the server that takes the given values first",)
    assert all_three([closed, open_one], p="v2") == [["https://a.acme.io/v2"]] * 3


def test_a_base_url_counts_where_values_lead_away_from_a_public_server():
    variables = {"h": {"default": "api.acme.io"}, "p": {"default": "v1"}}
    servers = [{"url": "/{p}"}, {"url": "https://{h}/{p}", "variables": variables}]
    ways = all_three(servers, "https://h.acme.io", h="acme", p="v2")
    assert ways == [["https://h.acme.io/v2"]] * 3
    assert all_three(servers, "https://h.acme.io", p="v2") == [["https://api.acme.io/v2"]] * 3


@pytest.mark.parametrize("seed", range(150))
def test_all_three_ways_agree_about_what_is_called_without_values_too(seed):
    servers, base_url, values = some_case(seed + 1_000)
    source_url = IMPORTED if seed % 2 else None
    without = called(read(text_of(servers), source_url))
    validated, written, bound = all_three(servers, base_url, source_url, **values)
    if without and validated:
        assert written == validated
        assert (bound or without) == validated
