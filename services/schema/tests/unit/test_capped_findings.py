"""Findings that join those of a document stay within what is stored, by number and by size."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from contracts.facts import SchemaStored
from schema_service.adapters.process_verifier import ProcessVerifier
from schema_service.domain.capped_findings import capped
from schema_service.domain.errors import ExaminationTooLong
from schema_service.domain.examination import MAX_FINDINGS, MAX_FINDINGS_BYTES
from schema_service.domain.examined import examine_text
from schema_service.domain.json_list import JsonList
from schema_service.domain.operator_rules import with_operator_rules
from schema_service.domain.recompiled import recompiled
from schema_service.domain.stored_schema import StoredSchema
from schema_service.usecases.verify_schema import VerifySchema
from services.schema.tests.documents import api
from services.schema.tests.fakes import MemorySchemas, ScriptedOrigins

LONG = "/" + "x" * (MAX_FINDINGS_BYTES // 10)
MANY = 30
REPAIR = {"title": "t", "edits": [{"op": "remove", "pointer": LONG}], "needs": []}


def finding(severity="warning", pointer=LONG, line=1, **more):
    about = {"severity": severity, "code": "schema.x", "message": "m", "pointer": pointer}
    return {**about, "line": line, "column": 1, "hint": "", "repair": None, **more}


def fits(findings):
    return len(findings.text) <= MAX_FINDINGS_BYTES + 2 * MAX_FINDINGS


def test_findings_are_capped_by_size_and_the_others_are_counted():
    kept = capped([finding(line=n) for n in range(MANY)])

    assert fits(kept.findings)
    lines = [each["line"] for each in kept.findings.items()]
    assert lines == [*range(9)]
    assert kept.more == MANY - len(lines)


def test_findings_are_capped_by_number_and_the_others_are_counted():
    kept = capped([finding(pointer="", line=n) for n in range(MAX_FINDINGS + 7)])

    assert [each["line"] for each in kept.findings.items()] == [*range(MAX_FINDINGS)]
    assert kept.more == 7


def test_errors_are_kept_before_warnings_and_those_before_notes_in_their_order():
    notes, warning = [finding("note", line=n) for n in range(MANY)], finding("warning", line=50)

    kept = capped([*notes, warning, finding("error", line=60)], [finding("note", line=70)])

    found = [(each["severity"], each["line"]) for each in kept.findings.items()]
    assert (found[0], found[-2:]) == (("note", 70), [("warning", 50), ("error", 60)])


def test_what_does_not_fit_with_its_repair_is_kept_without():
    findings = [finding(pointer="", line=n, repair=REPAIR) for n in range(MANY)]

    kept = capped(findings)

    repaired = [each["repair"] == REPAIR for each in kept.findings.items()]
    assert (kept.more, repaired[0], repaired[-1]) == (0, True, False)
    assert fits(kept.findings)


def test_what_is_short_stays_as_it_is():
    few = [finding(pointer="", repair=REPAIR), finding("severe"), finding("note")]
    assert capped(few[1:], few[:1]).findings.items() == few
    assert capped(few).more == 0


EXAMINED = examine_text(
    json.dumps(api({"/a": {"get": {"operationId": "a", "responses": {}}}})).encode(),
    source_url=None,
)
FULL = JsonList.of([finding(line=n, code="schema.default_invalid") for n in range(9)])
SCHEMA = StoredSchema(
    id="sch_1",
    workspace_id="ws_1",
    digest="d",
    title="t",
    version="1",
    dialect="3.1",
    source_url=None,
    media_type="application/json",
    size=1,
    valid=True,
    findings=FULL,
    more_findings=2,
    more_deep=1,
    operations=EXAMINED.operations,
    servers=EXAMINED.servers,
    created_at=datetime(2026, 11, 27, tzinfo=UTC),
    line_id="sch_1",
)


def test_findings_of_an_import_are_within_the_same_size():
    examined = replace(EXAMINED, findings=FULL, more_findings=2)

    together = examined.with_first([finding("note", line=n) for n in range(3)])

    assert fits(together.findings)
    assert [each["line"] for each in together.findings.items()] == [0, 1, 2, *range(6)]
    assert together.more_findings == 2 + 3


def test_what_is_compiled_again_has_findings_within_the_same_size():
    new = JsonList.of([finding(pointer=f"{LONG}y", line=20 + n) for n in range(9)])

    again = recompiled(SCHEMA, replace(EXAMINED, findings=new, more_findings=4), 9)

    assert fits(again.findings)
    assert len(again.findings.items()) == 9
    assert again.more_findings == 4 + 1 + 9
    left = [each["code"] for each in again.findings.items()].count("schema.default_invalid")
    assert again.more_deep == 1 + 9 - left


class SameProcess:
    """`WorkerProcesses` that holds up the event loop."""

    async def run(self, key, size, work, *arguments):
        return work(*arguments)


async def test_deep_findings_are_within_the_same_size_before_they_reach_the_service():
    schemas = {f"S{n}{LONG[1:]}": {"type": "string", "default": n} for n in range(MANY)}
    raw = json.dumps(api({}, components={"schemas": schemas})).encode()

    found = await ProcessVerifier(SameProcess()).verify("ws_1", raw, [finding("error", "")])

    assert fits(found.findings)
    assert {each["severity"] for each in found.findings.items()} == {"error", "warning"}
    assert len(found.findings.items()) + found.more == 1 + MANY


async def test_where_the_whole_takes_too_long_what_is_stored_is_within_the_same_size():
    class TooLong:
        async def verify(self, workspace_id, raw, findings):
            raise ExaminationTooLong(15.0, 2**29)

    schemas = MemorySchemas()
    stored = SchemaStored(workspace_id="ws_1", schema_id="sch_1", valid=True, operations=1)
    full = [finding(pointer="", line=n) for n in range(MAX_FINDINGS)]
    await schemas.add(replace(SCHEMA, findings=JsonList.of(full)), b"{}", (), stored)

    await VerifySchema(schemas, TooLong())(stored)

    after = await schemas.find("ws_1", "sch_1")
    [first, *others] = after.findings.items()
    assert (first["code"], others) == ("schema.not_verified", full[:-1])
    assert (after.more_findings, after.more_deep) == (2 + 1, 0)


async def test_how_many_deep_findings_are_left_out_stays_known_when_it_is_compiled_again():
    class Deep:
        async def verify(self, workspace_id, raw, findings):
            deep = [finding(line=n, code="schema.default_invalid") for n in range(MANY)]
            return capped([*findings, *deep])

    schemas = MemorySchemas()
    stored = SchemaStored(workspace_id="ws_1", schema_id="sch_1", valid=True, operations=1)
    fast = [finding("error", pointer="", line=90)]
    schema = replace(SCHEMA, findings=JsonList.of(fast), more_findings=0, more_deep=0)
    await schemas.add(schema, b"{}", (), stored)
    await VerifySchema(schemas, Deep())(stored)
    verified = await schemas.find("ws_1", "sch_1")

    again = recompiled(verified, EXAMINED, 9)

    kept = len(verified.findings.items()) - len(fast)
    assert verified.more_findings == verified.more_deep == MANY - kept
    shown = len(again.findings.items()) - len(EXAMINED.findings.items())
    assert again.more_findings == again.more_deep == MANY - shown


def test_findings_of_the_operators_settings_are_within_the_same_size():
    [server] = EXAMINED.servers.items()
    found = with_operator_rules(SCHEMA, ScriptedOrigins(server["origin"]))

    assert fits(found.findings)
    codes = [each["code"] for each in found.findings.items()]
    assert "schema.server_refused" in codes
    assert len(codes) + found.more_findings == 9 + 1 + 2
