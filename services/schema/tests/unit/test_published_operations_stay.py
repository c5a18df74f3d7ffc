"""What a newer compiler blocks, and releases offer already (decision 39).

The stored shapes are those of commit 34937ab (compiler 2).
"""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contracts.errors import Conflict, NotFound
from contracts.operation import Operation
from contracts.requests import ReadOperations as AskedOperations
from contracts.requests import ReadSchema as AskedSchema
from kit.handover import Handover
from kit.testing import FrozenClock, MemoryBlobs
from schema_service.domain.compiled_again import GONE, compiled_again
from schema_service.domain.compiling.version import COMPILER
from schema_service.domain.errors import ExaminationTooLong
from schema_service.domain.examination import Verdict
from schema_service.domain.examined import OperationSummary, examine_text
from schema_service.domain.json_list import JsonList
from schema_service.domain.packing import packs
from schema_service.usecases.brief_schema import BriefSchema
from schema_service.usecases.read_operations import ReadOperations
from schema_service.usecases.read_schema import ReadSchema
from schema_service.usecases.recompile_schemas import MAX_FAILURES, RecompileSchemas
from schema_service.usecases.store_schema import NewDocument, StoreSchema
from services.schema.tests.fakes import (
    MemorySchemas,
    RecordedRecompilations,
    SameProcessExaminer,
    all_allowed,
)
from services.schema.tests.upgraded import (
    OLD_FORM,
    OLD_SUMMARY,
    XML_NAME,
    document_of,
    form_of,
    summary_of,
)

FENCE = 7


class FailingExaminer(SameProcessExaminer):
    async def examine_again(self, raw, source_url, known):
        raise ExaminationTooLong(5.0, 2**29)


def recompile(schemas, compiler=COMPILER):
    return RecompileSchemas(schemas, SameProcessExaminer(), RecordedRecompilations(), compiler)


@pytest.fixture
def schemas():
    return MemorySchemas()


@pytest.fixture
def store(schemas):
    now = datetime(2026, 11, 27, tzinfo=UTC)
    case = StoreSchema(SameProcessExaminer(), schemas, all_allowed(), lambda: "sch_1", lambda: now)

    async def store(text, summary, *forms):
        """As compiler 2 made it."""
        stored = await case("ws_1", NewDocument(text, "application/yaml"))
        schemas._schemas[stored.id] = replace(
            stored, compiler=2, operations=JsonList.of([summary]), findings=JsonList()
        )
        schemas._packs[stored.id] = [*packs({f["name"]: json.dumps(f).encode() for f in forms})]
        return stored.id

    return store


@pytest.fixture
def upgraded(schemas, store):
    """A document as 34937ab stored it, compiled again by this release."""

    async def upgraded(text, summary=OLD_SUMMARY, form=OLD_FORM):
        schema_id = await store(text, summary, form)
        await recompile(schemas)(FENCE)
        return schema_id

    return upgraded


async def read(schemas, schema_id, *, placed=False):
    asked = AskedOperations(workspace_id="ws_1", schema_id=schema_id, names=("add",), placed=placed)
    answer = await ReadOperations(schemas, Handover(MemoryBlobs()))(asked)
    [form] = json.loads(answer.text)
    return form


async def test_d_an_operation_that_a_newer_compiler_blocks_keeps_the_form_that_is_called(
    upgraded,
    schemas,
):
    schema_id = await upgraded(XML_NAME)

    form = await read(schemas, schema_id)

    assert form == OLD_FORM
    assert Operation.model_validate(form).body.media_type == "application/xml"
    [summary] = (await schemas.find("ws_1", schema_id)).summaries()
    assert summary.verdict is Verdict.BLOCKED
    assert summary.blocked_by.code == "schema.xml_name_invalid"


async def test_d_it_is_kept_by_the_compiler_after_that_one_too(upgraded, schemas):
    schema_id = await upgraded(XML_NAME)

    await recompile(schemas, compiler=99)(FENCE)

    assert (await schemas.find("ws_1", schema_id)).compiler == 99
    assert await read(schemas, schema_id) == OLD_FORM


async def test_d_nobody_can_bind_it_anew_and_the_builder_is_told_why(
    upgraded,
    schemas,
):
    schema_id = await upgraded(XML_NAME)
    asked = AskedSchema(workspace_id="ws_1", schema_id=schema_id, names=("add",))

    brief = await BriefSchema(schemas, ReadSchema(schemas, all_allowed()), FrozenClock())(asked)

    [operation] = brief.operations
    assert not operation.ready
    assert operation.blocked_by.code == "schema.xml_name_invalid"
    assert "a b" in operation.blocked_by.message
    assert operation.blocked_by.hint


DOT_SEGMENTS = document_of(path="/v1/../admin")
HEADER_NAME = document_of(
    parameters=[{"name": "X A", "in": "header", "required": True, "schema": {"type": "string"}}]
)
UNSAFE = {
    "schema.path_leads_elsewhere": (DOT_SEGMENTS, {"path": "/v1/../admin"}),
    "schema.header_name_invalid": (HEADER_NAME, {}),
}


@pytest.mark.parametrize("code", UNSAFE)
async def test_d_what_a_rule_of_safety_blocks_is_refused_with_its_finding(
    upgraded,
    schemas,
    code,
):
    text, changes = UNSAFE[code]
    schema_id = await upgraded(text, summary_of(**changes), form_of(**changes))

    with pytest.raises(Conflict) as refused:
        await read(schemas, schema_id)

    assert refused.value.code == code
    [finding] = refused.value.findings
    assert finding["code"] == code
    assert refused.value.sentence == f"The operation add is blocked: {finding['message']}"
    assert finding["hint"] in refused.value.hint
    assert f"GET /v1/schemas/{schema_id}" in refused.value.hint
    assert "publishes the GPT" in refused.value.hint


@pytest.mark.parametrize(
    "server",
    ["https://acme.dev:port/v1", "/v1", "https://{host}.acme.dev", "https://{x}:y/", "", "/v1/.."],
)
@pytest.mark.parametrize("path", ["/v1/../admin", "/v1/%2e%2e/admin", "/v1/./a"])
async def test_o9b5_an_unsafe_path_is_so_below_a_server_that_is_broken_too(
    upgraded, schemas, server, path
):
    text = document_of(path=path, servers=[{"url": server}])
    schema_id = await upgraded(text, summary_of(path=path), form_of(path=path))

    with pytest.raises(Conflict) as refused:
        await read(schemas, schema_id)

    assert refused.value.code == "schema.path_leads_elsewhere"


NOWHERE = document_of(servers=[{"url": "https://acme.dev:port/v1"}])
VARIABLE = document_of(
    servers=[{"url": "https://{host}.acme.dev", "variables": {"host": {"default": "evil.io/"}}}]
)


async def test_d_where_only_the_server_blocks_it_is_called_where_it_was(
    upgraded,
    schemas,
):
    schema_id = await upgraded(NOWHERE)

    form = await read(schemas, schema_id)

    [summary] = (await schemas.find("ws_1", schema_id)).summaries()
    assert (summary.origin, summary.lacks_server) == (None, True)
    assert form["server"] == OLD_FORM["server"]
    assert form["arguments"]["properties"] == {}, "of this compiler"
    assert form["digest"] != OLD_FORM["digest"]


async def test_d_a_server_that_leads_elsewhere_is_not_kept_and_a_bindings_is_called(
    upgraded,
    schemas,
):
    old = {"server": "https://evil.io/.acme.dev"}
    origin = {"origin": "https://evil.io:443"}
    schema_id = await upgraded(VARIABLE, summary_of(**origin), form_of(**old))

    with pytest.raises(Conflict) as refused:
        await read(schemas, schema_id)

    assert refused.value.code == "schema.server_variable_ends_host"
    assert (await read(schemas, schema_id, placed=True))["server"] == ""


async def test_d_an_operation_that_is_found_no_more_stays_blocked_with_its_form(
    upgraded,
    schemas,
):
    schema_id = await upgraded(XML_NAME, summary_of(path="/old"), form_of(path="/old"))

    form = await read(schemas, schema_id)

    gone = [s for s in (await schemas.find("ws_1", schema_id)).summaries() if s.path == "/old"]
    assert [(each.name, each.verdict, each.blocked_by) for each in gone] == [
        ("add", Verdict.BLOCKED, GONE)
    ]
    assert form["path"] == "/old"


async def test_d_what_an_earlier_upgrade_lost_is_refused_with_its_finding(
    store,
    schemas,
):
    """Compiled again by a release that kept no form."""
    [now] = examine_text(XML_NAME, source_url=None).operations.items()
    schema_id = await store(XML_NAME, now)

    with pytest.raises(Conflict) as refused:
        await read(schemas, schema_id)

    assert refused.value.code == "schema.xml_name_invalid"


async def test_d_where_no_reason_is_known_the_refusal_has_its_own_code(store, schemas):
    schema_id = await store(XML_NAME, summary_of(verdict="blocked"))

    with pytest.raises(Conflict) as refused:
        await read(schemas, schema_id)

    assert refused.value.code == "schema.operation_blocked"
    assert "its document has errors" in refused.value.sentence


async def test_d_what_never_was_is_not_found(upgraded, schemas):
    schema_id = await upgraded(XML_NAME)
    asked = AskedOperations(workspace_id="ws_1", schema_id=schema_id, names=("other",))

    with pytest.raises(NotFound):
        await ReadOperations(schemas, Handover(MemoryBlobs()))(asked)


def test_d_an_operation_that_is_unblocked_again_is_called_where_it_was():
    text = document_of(servers=[{"url": "https://a.acme.dev"}, {"url": "https://b.acme.dev"}])
    blocked = OperationSummary.of(summary_of(origin=None, verdict="blocked"))
    form = json.dumps(form_of(server="https://b.acme.dev")).encode()

    [summary] = compiled_again(text, None, [blocked], [form]).operations.items()

    assert summary["origin"] == "https://b.acme.dev:443"


async def test_e_a_pass_says_how_many_wait_and_how_many_are_left(store, schemas):
    await store(XML_NAME, OLD_SUMMARY, OLD_FORM)
    report = RecordedRecompilations()

    for _ in range(MAX_FAILURES):
        await RecompileSchemas(schemas, FailingExaminer(), report)(FENCE)
    await RecompileSchemas(schemas, SameProcessExaminer(), report, COMPILER + 1)(FENCE)
    await RecompileSchemas(schemas, SameProcessExaminer(), report, COMPILER + 1)(FENCE)

    waits = [("begun", 1), ("ended", 1, 1)]
    done = [("begun", 1), ("ended", 1, 0)]
    assert report.counts == [*waits * (MAX_FAILURES - 1), *done, *done, ("begun", 0)]
