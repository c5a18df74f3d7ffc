"""What the operator's settings decide is asked when a document is read, and stored nowhere (B9)."""

import json
from datetime import UTC, datetime

import pytest

from contracts.requests import ReadOperations as AskedOperations
from contracts.requests import ReadSchema as AskedSchema
from contracts.tool_forms.definition import Flavour
from egress import EgressSettings
from kit.handover import Handover
from kit.testing import FrozenClock, MemoryBlobs
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.domain.examined import Examined, examine_text
from schema_service.domain.json_list import JsonList
from schema_service.domain.operator_rules import (
    SERVER_NOT_HTTPS,
    SERVER_REFUSED,
    with_operator_rules,
)
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules
from schema_service.usecases.brief_schema import BriefSchema
from schema_service.usecases.list_schemas import ListSchemas
from schema_service.usecases.read_operations import ReadOperations
from schema_service.usecases.read_schema import ReadSchema
from schema_service.usecases.read_tools import ReadTools
from schema_service.usecases.read_versions import ReadVersions
from schema_service.usecases.repair_schema import RepairSchema
from schema_service.usecases.store_schema import NewDocument, StoreSchema
from schema_service.usecases.validate_document import ValidateDocument
from services.schema.tests.fakes import MemorySchemas, SameProcessExaminer, ScriptedOrigins

OK = {"200": {"description": "d"}}
OPEN = "https://open.example.com:443"
INNER = "http://inner.example.com:8000"


def operation(name, **members):
    return {"get": {"operationId": name, "summary": "s", "responses": OK, **members}}


def document(**paths):
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "servers": [{"url": "https://open.example.com"}],
            "paths": {f"/{path}": item for path, item in paths.items()},
        },
        indent=1,
    ).encode()


INNER_SERVER = [{"url": "http://inner.example.com:8000/v1"}]
TEXT = document(a=operation("a"), b=operation("b", servers=INNER_SERVER))
LINE_OF_INNER = 1 + TEXT.decode()[: TEXT.decode().index("http://inner")].count("\n")


def examined(text, origins):
    return with_operator_rules(examine_text(text, source_url=None), origins)


def egress_of(**settings):
    return EgressOrigins(EgressSettings(**settings))


@pytest.mark.parametrize(
    ("url", "settings", "code"),
    [
        ("http://box:9000", {}, SERVER_NOT_HTTPS.code),
        ("http://box:9000", {"allowed_origins": {"http://box:9000": "127.0.0.1"}}, None),
        ("http://box", {"allowed_origins": {"http://box:80": "127.0.0.1"}}, None),
        (
            "http://box:9001",
            {"allowed_origins": {"http://box:9000": "127.0.0.1"}},
            SERVER_NOT_HTTPS.code,
        ),
        ("https://api.example.com:8443", {}, SERVER_REFUSED.code),
        ("https://api.example.com:8443", {"allowed_ports": [443, 8443]}, None),
        ("https://us.example.com", {"own_hosts": ["us.example.com"]}, SERVER_REFUSED.code),
        ("https://127.0.0.1", {}, SERVER_REFUSED.code),
        ("https://localhost", {}, SERVER_REFUSED.code),
        ("https://api.example.com/v1", {}, None),
    ],
)
def test_b9_egress_says_what_may_be_called_and_why_not(url, settings, code):
    origins = egress_of(**settings)
    text = document(a=operation("a", servers=[{"url": url}]))

    found = examined(text, origins)

    [summary] = found.operations.items()
    findings = [f for f in found.findings.items() if f["severity"] == "error"]
    assert [f["code"] for f in findings] == ([code] if code else [])
    assert found.valid == (code is None)
    assert (summary["verdict"] == "blocked", summary["origin"] is None) == (bool(code),) * 2


def test_b9_the_finding_has_egresss_sentence_and_hint_at_the_servers_place():
    text = document(a=operation("a", servers=[{"url": "https://api.example.com:8443/v1"}]))
    origins = egress_of()

    [finding] = (
        each for each in examined(text, origins).findings.items() if each["severity"] == "error"
    )

    refusal = origins.refusal("https://api.example.com:8443")
    assert refusal.sentence in finding["message"]
    assert "https://api.example.com:8443/v1" in finding["message"]
    entry = "--allow-origin https://api.example.com:8443=ADDRESS`."
    assert finding["hint"] == refusal.hint.replace("--allow-origin`.", entry)
    assert finding["pointer"] == "/paths/~1a/get/servers/0/url"
    assert finding["line"] == 1 + text.decode()[: text.decode().index("https://api")].count("\n")


def test_b9_plain_http_comes_with_a_repair():
    origins = egress_of(allowed_ports=[443, 8000])
    [finding] = [f for f in examined(TEXT, origins).findings.items() if f["severity"] == "error"]

    assert finding["repair"]["title"] == "Use https"
    assert [edit["value"] for edit in finding["repair"]["edits"]] == [
        "https://inner.example.com:8000/v1"
    ]
    assert finding["line"] == LINE_OF_INNER


def test_b04_no_repair_leads_to_a_port_that_https_may_not_use():
    errors = [f for f in examined(TEXT, egress_of()).findings.items() if f["severity"] == "error"]

    assert [each["repair"]["needs"] for each in errors] == [["base_url"]]


def test_b9_only_operations_at_the_refused_server_are_blocked():
    found = examined(TEXT, ScriptedOrigins(INNER))

    assert [(o["name"], o["verdict"], o["origin"]) for o in found.operations.items()] == [
        ("a", "ready", OPEN),
        ("b", "blocked", None),
    ]


def test_b9_what_was_with_operator_rules_is_not_with_operator_rules_again():
    once = examined(TEXT, ScriptedOrigins(INNER))

    assert with_operator_rules(once, ScriptedOrigins(INNER)) == once


def test_b9_a_finding_of_the_operators_displaces_one_that_matters_less():
    notes = [
        {
            "severity": "note",
            "code": "schema.x",
            "message": str(n),
            "pointer": "",
            "line": n,
            "column": 1,
        }
        for n in range(200)
    ]
    servers = examine_text(TEXT, source_url=None).servers
    full = Examined(
        True, True, "", "", None, JsonList.of(notes), 5, servers=servers, origins=(INNER,)
    )

    found = with_operator_rules(full, ScriptedOrigins(INNER))

    items = found.findings.items()
    assert (len(items), found.more_findings) == (200, 6)
    assert [f["line"] for f in items if f["severity"] == "error"] == [LINE_OF_INNER]
    assert [f["line"] for f in items] == sorted(f["line"] for f in items)


def test_b9_origins_too_many_to_list_are_looked_at_one_by_one():
    paths = {
        f"p{n}": operation(f"op{n}", servers=[{"url": f"https://s{n}.example.com"}])
        for n in range(60)
    }
    whole = examine_text(document(**paths), source_url=None)
    refused = ScriptedOrigins("https://s59.example.com:443")

    found = with_operator_rules(whole, refused)

    assert whole.origins is None
    assert [o["name"] for o in found.operations.items() if o["verdict"] == "blocked"] == ["op59"]
    assert not found.valid


class TestStored:
    """One stored text, read under rules that change."""

    @pytest.fixture
    def rules(self):
        return ScriptedOrigins(INNER)

    @pytest.fixture
    def schemas(self):
        return MemorySchemas()

    @pytest.fixture
    def apply(self, rules):
        return ApplyOperatorRules(rules)

    @pytest.fixture
    async def stored(self, schemas, apply):
        ids = (f"sch_{number}" for number in range(9))
        now = datetime(2026, 11, 26, tzinfo=UTC)
        store = StoreSchema(SameProcessExaminer(), schemas, apply, lambda: next(ids), lambda: now)
        return await store("ws_1", NewDocument(TEXT, "application/json"))

    async def test_b9_storing_answers_as_it_is_now_and_stores_what_never_changes(
        self, stored, schemas
    ):
        kept = await schemas.find("ws_1", stored.id)

        assert (stored.valid, kept.valid) == (False, True)
        assert [each.origin for each in stored.summaries()] == [OPEN, None]
        assert [each.origin for each in kept.summaries()] == [OPEN, INNER]
        assert kept.findings.items() == []

    async def test_b9_a_read_follows_the_rules_at_once(self, stored, schemas, apply, rules):
        read = ReadSchema(schemas, apply)
        before = await read("ws_1", stored.id)
        rules.refused.clear()
        opened = await read("ws_1", stored.id)
        rules.refused.add(OPEN)
        closed = await read("ws_1", stored.id)

        assert before == stored
        assert (opened.valid, opened.findings.items()) == (True, [])
        assert [each.origin for each in opened.summaries()] == [OPEN, INNER]
        assert [each.origin for each in closed.summaries()] == [None, INNER]
        assert not closed.valid

    async def test_b9_lists_and_versions_follow_the_rules(self, stored, schemas, apply, rules):
        read_lists = ListSchemas(schemas, apply), ReadVersions(schemas, apply)

        async def valid():
            page = await read_lists[0]("ws_1", 10, None)
            return [each.valid for each in (*page, *await read_lists[1](stored))]

        assert await valid() == [False, False]
        rules.refused.clear()
        assert await valid() == [True, True]

    @pytest.mark.parametrize("names", [(), ("a", "b")])
    async def test_b9_tools_follow_the_rules(self, stored, schemas, apply, rules, names):
        read, tools = ReadSchema(schemas, apply), ReadTools(schemas, SameProcessExaminer())

        async def shown():
            schema = await read("ws_1", stored.id)
            toolbox = await tools(schema, Flavour.OPENAI, strict=False, names=names)
            return [tool["name"] for tool in toolbox.tools.items()]

        assert await shown() == ["a"]
        rules.refused.clear()
        assert await shown() == ["a", "b"]

    async def test_b9_briefs_follow_the_rules(self, stored, schemas, apply, rules):
        brief = BriefSchema(schemas, ReadSchema(schemas, apply), FrozenClock())
        asked = AskedSchema(workspace_id="ws_1", schema_id=stored.id, names=("a", "b"))

        before = await brief(asked)
        rules.refused.clear()
        after = await brief(asked)

        assert [(each.ready, each.origin) for each in before.operations] == [
            (True, OPEN),
            (False, ""),
        ]
        assert before.origins == (OPEN,)
        assert [each.ready for each in after.operations] == [True, True]
        assert after.origins == tuple(sorted((OPEN, INNER)))
        digests = [each.source_digest for each in before.operations]
        assert digests == [each.source_digest for each in after.operations]

    async def test_b9_compiled_forms_are_there_whatever_the_rules_say(self, stored, schemas):
        asked = AskedOperations(workspace_id="ws_1", schema_id=stored.id, names=("b",))

        [form] = json.loads((await ReadOperations(schemas, Handover(MemoryBlobs()))(asked)).text)

        assert form["server"] == "http://inner.example.com:8000/v1"

    async def test_b9_repairs_of_findings_that_the_rules_make_are_offered_and_applied(
        self, stored, schemas, apply
    ):
        class Examiner(SameProcessExaminer):
            async def repair(self, workspace_id, raw, order):
                self.repairs = order.repairs
                raise InterruptedError

        examiner = Examiner()
        with pytest.raises(InterruptedError):
            await RepairSchema(schemas, examiner, apply)("ws_1", stored.id, None)

        assert [each["title"] for each in examiner.repairs] == ["Use https"]

    async def test_b9_validating_judges_by_the_rules(self, apply):
        found = await ValidateDocument(SameProcessExaminer(), apply)("ws_1", TEXT, None)

        assert not found.valid
        assert [each["origin"] for each in found.operations.items()] == [OPEN, None]


@pytest.mark.parametrize(
    ("origin", "entry"),
    [
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("http://localhost:9000", "http://localhost:9000"),
        ("http://box:9000", "http://box:9000=ADDRESS"),
    ],
)
def test_t17_the_hint_names_what_the_operator_would_allow(origin, entry):
    text = document(a=operation("a", servers=[{"url": origin}]))

    [finding] = examined(text, egress_of()).findings.items()

    assert f"`openactions up --allow-origin {entry}`" in finding["hint"]
