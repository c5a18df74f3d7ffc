"""Servers that only this operator allows, where others stand beside them in the list."""

import json
from datetime import UTC, datetime

import pytest

from contracts.requests import ReadSchema as AskedSchema
from egress import EgressSettings
from kit.testing import FrozenClock
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.domain.examined import OperationSummary, examine_text, kept_of
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules
from schema_service.usecases.brief_schema import BriefSchema
from schema_service.usecases.read_schema import ReadSchema
from schema_service.usecases.store_schema import NewDocument, StoreSchema
from services.schema.tests.fakes import MemorySchemas, SameProcessExaminer
from services.schema.tests.server_documents import errors, read, text_of, verdicts

INNER = "http://127.0.0.1:18432"
ALLOWED = {"allowed_origins": {INNER: "127.0.0.1"}}


def at(*urls, source_url=None, **settings):
    return read(text_of([{"url": url} for url in urls]), source_url, **settings)


def origins(found):
    return [(each["origin"], each["server"]) for each in found.operations.items()]


def notes(found):
    return [
        each["message"]
        for each in found.findings.items()
        if each["code"] == "schema.servers_several"
    ]


@pytest.mark.parametrize(
    "urls",
    [
        ("https://localhost", INNER),
        ("https://10.0.0.1", INNER, "https://localhost"),
        (INNER, "https://localhost"),
        ("http://api.acme.io", "https://api.acme.io:8443", INNER),
        ("/v1", INNER),
        (INNER, "https://api.acme.io"),
        ("https://localhost", INNER, "https://api.acme.io"),
        ("https://api.example.com:8443", INNER, "https://api.example.com"),
    ],
)
def test_n6_the_first_server_that_this_operator_allows_is_taken(urls):
    found = at(*urls, **ALLOWED)

    assert (verdicts(found), found.valid) == (["ready"], True)
    assert origins(found) == [(INNER, INNER)] or origins(found) == [(INNER, "")]
    assert errors(found) == []
    [note] = notes(found)
    assert f"using {INNER}" in note
    assert f"{INNER} cannot be called" not in note


@pytest.mark.parametrize("urls", [("https://localhost", INNER), ("https://10.0.0.1", INNER, "/x")])
def test_n6_where_no_server_may_be_called_none_is_said_to_be_used(urls):
    found = at(*urls)

    assert (verdicts(found), found.valid) == (["blocked"], False)
    assert errors(found) != []
    assert notes(found) == []


def test_n6_a_public_server_is_taken_before_one_that_this_operator_allows():
    found = at("https://api.acme.io", INNER, **ALLOWED)
    assert origins(found) == [("https://api.acme.io:443", "")]


def test_n6_the_note_names_every_server_that_was_passed_over():
    [note] = notes(at("https://localhost", INNER, "https://10.0.0.1", "https://api.acme.io"))
    assert all(url in note for url in ("https://localhost", INNER, "https://10.0.0.1"))


def test_n6_a_relative_server_counts_where_the_import_may_be_called():
    found = at("https://localhost", "/ok", source_url=f"{INNER}/openapi.json", **ALLOWED)
    assert origins(found) == [(INNER, f"{INNER}/ok")]


def test_n6_swagger_is_called_at_the_scheme_that_this_operator_allows():
    members = {"swagger": "2.0", "host": "127.0.0.1:18432", "schemes": ["https", "http"]}
    text = json.dumps({**json.loads(text_of()), **members, "basePath": "/v1"})
    text = text.replace('"openapi": "3.1.0", ', "")

    found = read(text, **ALLOWED)

    assert origins(found) == [(INNER, f"{INNER}/v1")]
    assert errors(found) == []


def test_n6_only_operations_with_another_server_of_their_own_list_fall_back():
    document = json.loads(text_of([{"url": "https://localhost"}]))
    operation = document["paths"]["/a"]["get"]
    servers = [{"url": "https://localhost"}, {"url": INNER}]
    document["paths"]["/b"] = {"get": {**operation, "operationId": "b", "servers": servers}}

    found = read(json.dumps(document), **ALLOWED)

    assert verdicts(found) == ["blocked", "ready"]
    assert [each["pointer"] for each in errors(found)] == ["/servers/0/url"]


def test_n6_with_its_path_no_other_server_leads_elsewhere():
    document = json.loads(text_of([{"url": "https://localhost"}, {"url": f"{INNER}/."}]))
    document["paths"] = {"./a": document["paths"]["/a"]}
    assert verdicts(read(json.dumps(document), **ALLOWED)) == ["blocked"]


@pytest.mark.parametrize(("settings", "expected"), [(ALLOWED, INNER), ({}, "")])
async def test_n6_bindings_and_lists_follow_what_the_operator_allows_now(settings, expected):
    schemas = MemorySchemas()
    apply = ApplyOperatorRules(EgressOrigins(EgressSettings(**settings)))
    now = datetime(2026, 11, 27, tzinfo=UTC)
    store = StoreSchema(SameProcessExaminer(), schemas, apply, lambda: "sch_1", lambda: now)
    brief = BriefSchema(schemas, ReadSchema(schemas, apply), FrozenClock())
    text = text_of([{"url": "https://localhost"}, {"url": INNER}]).encode()

    await store("ws_1", NewDocument(text, "application/json"))
    [operation] = (
        await brief(AskedSchema(workspace_id="ws_1", schema_id="sch_1", names=("a",)))
    ).operations
    [summary] = await apply.in_list(await schemas.page("ws_1", 9, None))

    assert (operation.server, operation.origin) == (expected, expected)
    assert operation.ready == summary.valid == bool(expected)


def test_n6_what_is_compiled_again_keeps_the_servers_to_fall_back_to():
    text = text_of([{"url": "https://localhost"}, {"url": INNER}])
    first = examine_text(text.encode(), source_url=None)
    known = [OperationSummary.of(each) for each in first.operations.items()]
    again = examine_text(text.encode(), source_url=None, known=kept_of(known, ()))

    assert again.other_origins == first.other_origins == (INNER,)
