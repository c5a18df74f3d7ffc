"""What a binding's base URL and server variables do to the operations of a schema."""

import json
from datetime import UTC, datetime

import pytest

from contracts.errors import Invalid, Kind, PlatformError
from contracts.requests import ReadOperations as AskedOperations
from contracts.requests import ReadSchema as AskedSchema
from contracts.requests import ServerChoice
from egress import EgressSettings
from kit.handover import Handover
from kit.testing import FrozenClock, MemoryBlobs
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.domain.needed_values import NeededValues
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules
from schema_service.usecases.brief_schema import BriefSchema
from schema_service.usecases.read_operations import ReadOperations
from schema_service.usecases.read_schema import ReadSchema
from schema_service.usecases.repair_document import RepairDocument
from schema_service.usecases.store_schema import NewDocument, StoreSchema
from schema_service.usecases.validate_document import ValidateDocument
from services.schema.tests.fakes import MemorySchemas, SameProcessExaminer
from services.schema.tests.server_documents import text_of

REGIONS = {"region": {"enum": ["eu", "us"], "default": "eu"}}
SERVERS = {
    "ready": [{"url": "https://api.acme.io/v1"}],
    "inner": [{"url": "http://localhost:8000/v1"}],
    "nowhere": [{"url": "https://<your-domain>"}],
    "regional": [{"url": "https://{region}.acme.io", "variables": REGIONS}],
    "tenant": [{"url": "https://{tenant}.acme.io"}],
}
BASE = ServerChoice(base_url="https://ours.acme.io/base")


@pytest.fixture
def schemas():
    return MemorySchemas()


@pytest.fixture
async def ask(schemas):
    apply = ApplyOperatorRules(EgressOrigins(EgressSettings()))
    now = datetime(2026, 11, 27, tzinfo=UTC)
    store = StoreSchema(SameProcessExaminer(), schemas, apply, lambda: "sch_1", lambda: now)
    brief = BriefSchema(schemas, ReadSchema(schemas, apply), FrozenClock())

    async def ask(choice, *names, broken=False):
        paths = {
            f"/{name}": {
                "servers": servers,
                "get": {"operationId": name, "summary": "s", "responses": {}}
                | ({"parameters": [{"$ref": "#/gone"}]} if broken else {}),
            }
            for name, servers in SERVERS.items()
        }
        document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}
        await store("ws_1", NewDocument(json.dumps(document).encode(), "application/json"))
        asked = AskedSchema(workspace_id="ws_1", schema_id="sch_1", names=names, server=choice)
        return await brief(asked)

    return ask


def servers_of(brief):
    return {each.name: each.server for each in brief.operations if each.ready}


async def test_without_a_choice_only_what_the_document_makes_ready_is_ready(ask):
    assert servers_of(await ask(None, *SERVERS)) == {"ready": "", "regional": ""}


async def test_a_base_url_makes_ready_what_only_its_server_blocks(ask):
    found = await ask(BASE, *SERVERS)

    base = "https://ours.acme.io/base"
    assert servers_of(found) == {
        "ready": "",
        "inner": base,
        "nowhere": base,
        "regional": "",
        "tenant": base,
    }
    assert {each.origin for each in found.operations} == {
        "https://api.acme.io:443",
        "https://eu.acme.io:443",
        "https://ours.acme.io:443",
    }
    assert found.origins == tuple(sorted({each.origin for each in found.operations}))


async def test_all_that_a_base_url_makes_ready_are_offered_where_none_is_named(ask):
    assert {each.name for each in (await ask(BASE)).operations} == {*SERVERS}


async def test_a_base_url_does_nothing_for_what_is_blocked_otherwise(ask):
    assert servers_of(await ask(BASE, *SERVERS, broken=True)) == {}


async def test_variables_choose_where_the_document_leaves_it_open(ask):
    choice = ServerChoice(server_variables={"region": "us", "tenant": "ours"})

    found = servers_of(await ask(choice, *SERVERS))

    assert found == {
        "ready": "",
        "regional": "https://us.acme.io",
        "tenant": "https://ours.acme.io",
    }


async def test_the_names_of_variables_are_answered(ask):
    found = await ask(BASE, "tenant", "ready")
    assert [each.server_variables for each in found.operations] == [(), ("tenant",)]


async def test_a_choice_is_part_of_the_digest_that_releases_pin(ask):
    async def digests(choice):
        return {each.name: each.source_digest for each in (await ask(choice, *SERVERS)).operations}

    without, chosen = await digests(None), await digests(BASE)
    other = await digests(ServerChoice(base_url="https://others.acme.io"))
    assert without["ready"] == chosen["ready"]
    assert len({without["inner"], chosen["inner"], other["inner"]}) == 3


REFUSED = [
    ("ours.acme.io", "egress.url_invalid", "absolute URL"),
    ("https://a b", "egress.url_invalid", "space"),
    ("https://ours.acme.io?x=1", "egress.url_invalid", "query or a fragment"),
    ("https://ours.acme.io#x", "egress.url_invalid", "query or a fragment"),
    ("https://me@ours.acme.io", "egress.url_invalid", "user or a password"),
    ("https://a.acme.io/../b", "egress.url_invalid", "dot segment"),
    ("https://10.0.0.1", "egress.address_refused", "IP address"),
    ("http://ours.acme.io", "egress.scheme_refused", "Only https"),
    ("ftp://ours.acme.io", "egress.scheme_refused", "Only https"),
    ("https://localhost", "egress.host_refused", "developer's own computer"),
    ("https://a.acme.io:1", "egress.port_refused", "Port 1"),
    ("https://a.acme.io:0", "egress.port_refused", "port is not valid"),
    ("https://your-domain.com", "schema.placeholder_host", "placeholder"),
    ("https://YOUR-SERVER.de", "schema.placeholder_host", "placeholder"),
]


@pytest.mark.parametrize("names", [("ready",), tuple(SERVERS), ()])
@pytest.mark.parametrize(("base_url", "code", "said"), REFUSED)
async def test_b07_a_base_url_that_may_not_be_called_is_refused_whatever_is_blocked(
    ask, names, base_url, code, said
):
    with pytest.raises(PlatformError, match=said) as refused:
        await ask(ServerChoice(base_url=base_url), *names)
    assert refused.value.code == code
    assert refused.value.kind in (Kind.INVALID, Kind.DENIED)


@pytest.mark.parametrize(("base_url", "code", "said"), REFUSED)
async def test_b05_a_repair_and_a_validation_refuse_it_alike(base_url, code, said):
    apply, examiner = ApplyOperatorRules(EgressOrigins(EgressSettings())), SameProcessExaminer()
    raw = json.dumps({"openapi": "3.1.0", "servers": SERVERS["ready"]}).encode()

    async def run(use_case):
        await use_case("ws_1", raw, None, NeededValues.checked(base_url))

    for use_case in (ValidateDocument(examiner, apply), RepairDocument(examiner, apply)):
        with pytest.raises(PlatformError, match=said) as refused:
            await run(use_case)
        assert refused.value.code == code


async def test_h63_a_value_outside_its_closed_list_is_refused_with_the_list(ask):
    with pytest.raises(Invalid) as refused:
        await ask(ServerChoice(server_variables={"region": "evil.com/"}), *SERVERS)
    assert "eu, us" in refused.value.hint


async def test_h63_a_value_that_leads_to_another_place_is_refused(ask):
    with pytest.raises(Invalid):
        await ask(ServerChoice(server_variables={"tenant": "127.0.0.1:80/"}), "tenant")


RELATIVE = {
    "/v{version}": "https://docs.acme.io/v2",
    "v{version}/x": "https://docs.acme.io/api/v2/x",
    "//{version}.acme.dev": "https://2.acme.dev",
}


BEHIND = {"/v{version}": "https://ours.acme.io/v2", "v{version}/x": "https://ours.acme.io/v2/x"}


@pytest.mark.parametrize("url", RELATIVE)
@pytest.mark.parametrize("is_imported", [True, False])
async def test_h77_variables_of_a_relative_server_reach_a_binding(schemas, url, is_imported):
    apply = ApplyOperatorRules(EgressOrigins(EgressSettings()))
    now = datetime(2026, 11, 27, tzinfo=UTC)
    store = StoreSchema(SameProcessExaminer(), schemas, apply, lambda: "sch_1", lambda: now)
    brief = BriefSchema(schemas, ReadSchema(schemas, apply), FrozenClock())
    server = {"url": url, "variables": {"version": {"default": "1"}}}
    raw = text_of([server]).encode()
    source = "https://docs.acme.io/api/openapi.json" if is_imported else None
    await store("ws_1", NewDocument(raw, "application/json", source_url=source))

    async def ask(**choice):
        choice = ServerChoice(server_variables={"version": "2"}, **choice)
        return await brief(AskedSchema(workspace_id="ws_1", schema_id="sch_1", server=choice))

    if is_imported or url.startswith("//"):
        [operation] = (await ask()).operations
        assert operation.server_variables == ("version",)
        assert operation.server == RELATIVE[url]
    else:
        with pytest.raises(Invalid, match="relative URL"):
            await ask()
        [operation] = (await ask(base_url="https://ours.acme.io")).operations
        assert operation.server == BEHIND[url]


async def test_what_is_blocked_by_its_server_has_a_form_with_template_and_variables(ask, schemas):
    await ask(None)
    names = ("tenant", "nowhere", "regional", "ready")
    asked = AskedOperations(workspace_id="ws_1", schema_id="sch_1", names=names)

    forms = json.loads((await ReadOperations(schemas, Handover(MemoryBlobs()))(asked)).text)

    assert [(each["server"], each["server_template"]) for each in forms] == [
        ("", "https://{tenant}.acme.io"),
        ("", ""),
        ("https://eu.acme.io", "https://{region}.acme.io"),
        ("https://api.acme.io/v1", ""),
    ]
    assert forms[2]["server_variables"] == {
        "region": {"default": "eu", "enum": ["eu", "us"], "more": False}
    }
