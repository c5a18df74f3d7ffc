"""Documents that a lower version of the compiler made are compiled again, and what refers to them
goes on.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contracts.facts import SchemaCompiled, SchemaStored, SchemaVerified
from contracts.requests import ReadSchema as AskedSchema
from kit.errors import BusUnavailable
from kit.testing import FrozenClock
from schema_service.domain.capped_findings import capped
from schema_service.domain.compiling.version import COMPILER
from schema_service.domain.errors import (
    ExaminationKilled,
    ExaminationStalled,
    ExaminationTooLong,
    ExaminersBusy,
)
from schema_service.domain.examination import Verdict
from schema_service.domain.examined import OperationSummary, examine_text
from schema_service.domain.json_list import JsonList
from schema_service.domain.packing import packs
from schema_service.domain.source_digest import source_digest
from schema_service.usecases.brief_schema import BriefSchema
from schema_service.usecases.read_schema import ReadSchema
from schema_service.usecases.recompile_schemas import MAX_FAILURES, RecompileSchemas
from schema_service.usecases.store_schema import NewDocument, StoreSchema
from schema_service.usecases.verify_schema import VerifySchema
from services.schema.tests.fakes import (
    MemorySchemas,
    RecordedRecompilations,
    SameProcessExaminer,
    all_allowed,
)

FENCE = 7
TEXT = b"""\
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: "http://inner.example.com"}, {url: "https://api.example.com"}]
paths:
  /a: {get: {summary: s, responses: {"200": {description: x}}}}
  /b: {get: {operationId: a, summary: s, security: [], responses: {"200": {description: x}}}}
  /c: {get: {operationId: a, summary: s, responses: {"200": {description: x}}}}
"""
DEEP = {
    "severity": "warning",
    "code": "schema.default_invalid",
    "message": "deep",
    "pointer": "/paths/~1b",
    "line": 6,
    "column": 3,
    "hint": "",
    "repair": None,
}
OUT_OF_BUNDLE = {**DEEP, "code": "schema.bundle_part_missing", "pointer": "", "line": 1}


class Examiner(SameProcessExaminer):
    """Fails for the texts that the test names."""

    def __init__(self):
        self.failures = {}
        self.meanwhile = None

    async def examine_again(self, raw, source_url, known):
        if raw in self.failures:
            raise self.failures[raw]
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        return await super().examine_again(raw, source_url, known)


@pytest.fixture
def schemas():
    return MemorySchemas()


@pytest.fixture
def examiner():
    return Examiner()


@pytest.fixture
def report():
    return RecordedRecompilations()


@pytest.fixture
def recompile(schemas, examiner, report):
    case = RecompileSchemas(schemas, examiner, report)

    async def recompile():
        await case(FENCE)

    return recompile


@pytest.fixture
def store(schemas):
    ids = (f"sch_{number:03}" for number in range(100))
    now = datetime(2026, 11, 26, tzinfo=UTC)
    case = StoreSchema(
        SameProcessExaminer(), schemas, all_allowed(), lambda: next(ids), lambda: now
    )

    async def store(text=TEXT, **older):
        """As an earlier compiler made it: `older` are members of what it stored."""
        stored = await case("ws_1", NewDocument(text, "application/yaml"))
        before = replace(
            stored, compiler=1, servers=JsonList(), origins=None, findings=JsonList(), **older
        )
        schemas._schemas[stored.id] = before
        return before

    return store


def operations_of(*changes):
    found = [OperationSummary.of(o) for o in examine_text(TEXT, source_url=None).operations.items()]
    changed = [
        replace(each, **{"anonymous": None, **change})
        for each, change in zip(found, changes, strict=True)
    ]
    return JsonList.of(changed)


async def test_b9_what_an_earlier_compiler_blocked_becomes_ready_and_keeps_its_names(
    store, recompile, schemas
):
    blocked = {"origin": None, "verdict": Verdict.BLOCKED}
    before = await store(
        operations=operations_of(
            {"operation_id": "first", "name": "first", **blocked},
            {"operation_id": "second", "name": "second", **blocked},
            {"operation_id": "third", "name": "third", **blocked},
        )
    )

    await recompile()

    after = await schemas.find("ws_1", before.id)
    summaries = after.summaries()
    assert [(each.name, each.operation_id) for each in summaries] == [
        ("first", "first"),
        ("second", "second"),
        ("third", "third"),
    ]
    assert {each.origin for each in summaries} == {"https://api.example.com:443"}
    assert {each.verdict for each in summaries} <= {Verdict.READY, Verdict.READY_WITH_WARNINGS}
    assert [each.anonymous for each in summaries] == [False, True, False]
    forms = await schemas.forms("ws_1", before.id, ["third"])
    assert forms.compiler == COMPILER
    assert json.loads(forms.texts["third"])["operation_id"] == "third"
    assert [source_digest("d", each) for each in summaries] == [
        source_digest("d", each) for each in before.summaries()
    ]


RENAMED = """\
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: "https://api.acme.dev"}]
paths:
  /a/{größe}:
    post:
      operationId: made
      parameters:
      - {name: größe, in: path, required: true, schema: {type: string}}
      - {name: 名, in: query, schema: {type: string}}
      - {name: id, in: query, schema: {type: string}}
      requestBody:
        content: {application/json: {schema: {type: object, properties: {naïve: {type: string}}}}}
  /b:
    post:
      operationId: listed
      requestBody:
        content: {application/json: {schema: {type: array, items: {type: string}}}}
      responses: {"200": {description: x}}
"""


async def test_arguments_keep_the_names_that_callers_know(store, recompile, schemas):
    before = await store(RENAMED.encode())
    stored = await schemas.forms("ws_1", before.id, ["made", "listed"])
    texts = {name: json.loads(text) for name, text in stored.texts.items()}
    for parameter in texts["made"]["parameters"]:
        parameter["argument"] = {"größe": "gr_e", "名": "id", "id": "id_query"}[parameter["name"]]
    texts["made"]["body"]["members"] = {"na_ve": "naïve"}
    texts["listed"]["body"]["argument"] = "payload"
    schemas._packs[before.id] = [*packs({n: json.dumps(t).encode() for n, t in texts.items()})]

    await recompile()

    forms = await schemas.forms("ws_1", before.id, ["made", "listed"])
    made, listed = (json.loads(forms.texts[name]) for name in ("made", "listed"))
    assert forms.compiler == COMPILER
    names = {each["name"]: each["argument"] for each in made["parameters"]}
    assert names == {"größe": "gr_e", "名": "id", "id": "id_query"}
    assert made["body"]["members"] == {"na_ve": "naïve"}
    assert {*made["arguments"]["properties"]} == {"gr_e", "id", "id_query", "na_ve"}
    assert listed["body"]["argument"] == "payload"


async def test_a_new_argument_takes_no_name_that_is_kept(store, recompile, schemas):
    before = await store(RENAMED.encode())
    [text] = (await schemas.forms("ws_1", before.id, ["made"])).texts.values()
    form = json.loads(text)
    form["parameters"] = [{**form["parameters"][1], "argument": "id"}]
    schemas._packs[before.id] = [*packs({"made": json.dumps(form).encode()})]

    await recompile()

    [text] = (await schemas.forms("ws_1", before.id, ["made"])).texts.values()
    names = {each["name"]: each["argument"] for each in json.loads(text)["parameters"]}
    assert names["名"] == "id"
    assert names["id"] == "id_query"


async def test_an_operation_that_an_earlier_compiler_did_not_find_takes_no_name_that_is_kept(
    store, recompile, schemas
):
    found = examine_text(TEXT, source_url=None).operations.items()
    kept = OperationSummary.of(found[2])
    before = await store(operations=JsonList.of([replace(kept, name="a", operation_id="a")]))

    await recompile()

    names = [each.name for each in (await schemas.find("ws_1", before.id)).summaries()]
    assert names[2] == "a"
    assert len({*names}) == 3


async def test_the_server_that_was_compiled_is_kept_as_long_as_the_document_has_it(
    store, recompile, schemas
):
    inner = {"origin": "http://inner.example.com:80"}
    before = await store(
        operations=operations_of(inner, {}, {"origin": "https://gone.example.com:443"})
    )

    await recompile()

    assert [each.origin for each in (await schemas.find("ws_1", before.id)).summaries()] == [
        "http://inner.example.com:80",
        "https://api.example.com:443",
        "https://api.example.com:443",
    ]


async def test_the_fact_says_which_document_and_which_compiler_once(store, recompile, schemas):
    before = await store()

    await recompile()
    await recompile()

    [fact] = schemas.facts.of(SchemaCompiled)
    assert (fact.schema_id, fact.compiler, fact.voids) == (before.id, COMPILER, True)


async def test_findings_of_the_compiler_are_replaced_and_those_of_others_stay(
    store, recompile, schemas
):
    before = await store()
    stale = {**DEEP, "severity": "error", "code": "schema.server_not_https", "pointer": "/servers"}
    findings = JsonList.of([OUT_OF_BUNDLE, stale, DEEP])
    seen = replace(before, valid=False, verified=True, findings=findings)
    schemas._schemas[before.id] = seen

    await recompile()

    after = await schemas.find("ws_1", before.id)
    codes = [finding["code"] for finding in after.findings.items()]
    assert codes[0] == OUT_OF_BUNDLE["code"]
    assert DEEP in after.findings.items()
    assert "schema.server_not_https" not in codes
    assert "schema.operation_id_missing" in codes
    assert after.verified
    assert not after.valid, "an operationId is repeated"
    assert (after.title, after.digest, after.line_id) == (seen.title, seen.digest, seen.line_id)


async def test_what_this_compiler_or_a_higher_one_made_is_left_as_it_is(
    store, recompile, schemas, report
):
    newer = replace(await store(), compiler=COMPILER + 1)
    schemas._schemas[newer.id] = newer

    await recompile()

    assert await schemas.find("ws_1", newer.id) == newer
    assert report.done == []


@pytest.mark.parametrize(
    "error",
    [ExaminationTooLong(5.0, 2**29), ExaminationStalled(20.0), ExaminationKilled(), ValueError()],
)
async def test_a_document_that_fails_keeps_its_form_holds_up_none_and_is_given_up(
    store, recompile, examiner, schemas, report, error
):
    failing, fine = await store(), await store(TEXT + b"#")
    examiner.failures[TEXT] = error

    for _ in range(MAX_FAILURES + 2):
        await recompile()

    assert await schemas.find("ws_1", failing.id) == failing
    assert (await schemas.find("ws_1", fine.id)).compiler == COMPILER
    failed = [(failing.id, type(error), False)] * (MAX_FAILURES - 1)
    assert report.failures == [*failed, (failing.id, type(error), True)]


async def test_a_document_that_was_given_up_is_tried_by_a_higher_version(
    store, recompile, examiner, schemas, report
):
    failing = await store()
    examiner.failures[TEXT] = ExaminationTooLong(5.0, 2**29)
    for _ in range(MAX_FAILURES):
        await recompile()
    examiner.failures.clear()

    await RecompileSchemas(schemas, examiner, report, compiler=COMPILER + 1)(FENCE)

    assert report.done == [(failing.id, COMPILER + 1)]


@pytest.mark.parametrize("error", [ExaminersBusy(), BusUnavailable("away")])
async def test_where_others_need_the_examiners_it_ends_and_begins_anew_later(
    store, recompile, examiner, report, error
):
    stored = [await store(TEXT + b"#" * number) for number in range(3)]
    examiner.failures[TEXT + b"#"] = error

    await recompile()
    assert report.done == [(stored[0].id, COMPILER)]
    examiner.failures.clear()
    await recompile()

    assert [id_ for id_, _ in report.done] == [each.id for each in stored]
    assert report.failures == []


async def test_a_verification_meanwhile_is_not_lost(store, recompile, examiner, schemas, report):
    before = await store()

    async def verify():
        verified = replace(before, verified=True, findings=JsonList.of([DEEP]))
        fact = SchemaVerified(workspace_id="ws_1", schema_id=before.id, valid=True, complete=True)
        await schemas.replace_findings(before, verified, fact)

    examiner.meanwhile = verify
    await recompile()

    after = await schemas.find("ws_1", before.id)
    assert (after.compiler, after.verified) == (COMPILER, True)
    assert DEEP in after.findings.items()
    assert report.done == [(before.id, COMPILER)]


async def test_a_recompilation_during_a_verification_is_not_undone(store, recompile, schemas):
    before = await store()
    [cause] = schemas.facts.of(SchemaStored)

    class Verifier:
        tries = 0

        async def verify(self, workspace_id, raw, findings):
            self.tries += 1
            if self.tries == 1:
                await recompile()
            return capped([*findings, DEEP])

    verifier = Verifier()
    await VerifySchema(schemas, verifier)(cause)

    after = await schemas.find("ws_1", before.id)
    assert verifier.tries == 2
    assert (after.compiler, after.verified) == (COMPILER, True)
    codes = [finding["code"] for finding in after.findings.items()]
    assert "schema.operation_id_missing" in codes, "of the new compiler"
    assert DEEP["code"] in codes


async def test_until_then_a_brief_reads_from_the_forms_who_signs_in(store, schemas):
    before = await store(operations=operations_of({}, {}, {}))
    asked = AskedSchema(workspace_id="ws_1", schema_id=before.id)

    brief = await BriefSchema(schemas, ReadSchema(schemas, all_allowed()), FrozenClock())(asked)

    assert [each.anonymous for each in brief.operations] == [False, True, False]
    assert len({each.source_digest for each in brief.operations}) == 3
