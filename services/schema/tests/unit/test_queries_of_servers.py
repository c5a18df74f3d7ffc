"""A query of a server's URL: said wherever it is, and never added by compiling a document again."""

import json

import pytest

from contracts.requests import ServerChoice
from schema_service.domain.chosen_server import chosen_server
from schema_service.domain.compiled_again import compiled_again
from schema_service.domain.examined import OperationSummary, examine_text
from services.schema.tests.server_documents import text_of

CODE = "schema.server_query"
SERVERS = ["/v2?x=1", "https://api.acme.dev/v2?x=1", "http://localhost:8000/v2?x=1"]


def document(url, path="/a", **operation):
    members = json.loads(text_of([{"url": url}]))
    item = members["paths"].pop("/a")
    item["get"] |= operation
    return json.dumps({**members, "paths": {path: item}}).encode()


def compiled(raw):
    return examine_text(raw, source_url=None, compiled=True)


def form_of(examined):
    [text] = [text for pack in examined.compiled for text in pack.unpacked({"a"}).values()]
    return json.loads(text)


def again(raw, stored, **changes):
    """Compiled again, with the form of `stored` changed like this."""
    before = [OperationSummary.of(each) for each in stored.operations.items()]
    old = json.dumps(form_of(stored) | changes).encode()
    return compiled_again(raw, None, before, [old])


def queries(examined):
    return {p["name"]: p["argument"] for p in form_of(examined)["parameters"]}


def said(examined):
    return [each["message"] for each in examined.findings.items() if each["code"] == CODE]


@pytest.mark.parametrize("server", SERVERS)
def test_na2_a_query_is_sent_and_said_wherever_the_server_is(server):
    found = compiled(document(server))

    assert form_of(found)["constants"] == {"x": "1"}
    [message] = said(found)
    assert "x=1 is sent with every call" in message


@pytest.mark.parametrize("server", SERVERS)
def test_na2_compiling_again_adds_no_query_to_what_calls_send(server):
    raw = document(server)
    stored = compiled(document(server.partition("?")[0]))
    found = again(raw, stored)

    assert queries(found) == {}
    assert form_of(found)["constants"] == {}
    [message] = said(found)
    assert "calls go without x of it" in message
    assert "is sent" not in message


def test_na2_a_base_url_of_the_binding_leads_to_where_it_led():
    found = again(document("/v2?x=1"), compiled(document("/v2")))
    choice = ServerChoice(base_url="https://h.acme.io")
    server = chosen_server(form_of(found), choice, blocked=True, source_url=None)
    assert server == "https://h.acme.io/v2"


def test_na2_one_that_a_binding_placed_gets_none_once_its_server_can_be_called():
    raw = document("https://api.acme.dev/v2?x=1")
    found = again(raw, compiled(document("/v2")), server="", server_template="")

    assert form_of(found)["server"] == "https://api.acme.dev/v2"
    assert form_of(found)["constants"] == {}


@pytest.mark.parametrize("server", SERVERS)
def test_na2_a_query_that_is_sent_stays(server):
    raw = document(server)
    once = again(raw, compiled(raw))

    assert form_of(once) == form_of(compiled(raw))
    assert form_of(again(raw, once)) == form_of(once)
    assert said(once) == said(compiled(raw))


def test_na2_of_several_members_only_the_new_ones_stay_out():
    found = again(document("/v2?x=1&y=2"), compiled(document("/v2?x=1")))

    assert form_of(found)["constants"] == {"x": "1"}
    [message] = said(found)
    assert "calls go without y of it" in message


def test_na2_a_query_of_the_path_is_not_meant():
    found = again(document("/v2?x=1", "/a?z=3"), compiled(document("/v2", "/a?z=3")))
    assert form_of(found)["constants"] == {"z": "3"}
