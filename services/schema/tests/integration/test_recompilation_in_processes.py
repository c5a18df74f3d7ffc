"""Documents whose processes are killed while they are compiled again, with real processes."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kit.sizes import MIB
from schema_service.adapters.process_examiner import ProcessExaminer
from schema_service.adapters.worker_processes import (
    NO_WORKSPACE,
    WorkerPools,
    WorkerProcesses,
    WorkLimits,
)
from schema_service.domain.compiling.version import COMPILER
from schema_service.domain.errors import ExaminationKilled
from schema_service.usecases.recompile_schemas import MAX_FAILURES, RecompileSchemas
from schema_service.usecases.store_schema import NewDocument, StoreSchema
from services.schema.tests.document_work import killed, without_server
from services.schema.tests.fakes import (
    MemorySchemas,
    RecordedRecompilations,
    SameProcessExaminer,
    all_allowed,
)

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

FENCE = 7
TEXT = b"openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {responses: {}}}}\n"
LIMITS = WorkLimits(1, 60, 400 * MIB, waiting_seconds=60)


class DeadlyTexts(ProcessExaminer):
    """Some texts kill the process that reads them."""

    def __init__(self, pools, deadly):
        super().__init__(pools)
        self.pools, self.deadly = pools, deadly

    async def examine_again(self, raw, source_url, known):
        if raw in self.deadly:
            return await self.pools.run(NO_WORKSPACE, len(raw), *self.deadly[raw])
        return await super().examine_again(raw, source_url, known)


@pytest.fixture
async def pools():
    both = WorkerPools(WorkerProcesses(LIMITS), WorkerProcesses(LIMITS, "long"))
    yield both
    await both.close()


@pytest.fixture
async def schemas():
    """Three documents that an earlier compiler made."""
    stored = MemorySchemas()
    ids = (f"sch_{number:03}" for number in range(3))
    now = datetime(2026, 11, 26, tzinfo=UTC)
    store = StoreSchema(
        SameProcessExaminer(), stored, all_allowed(), lambda: next(ids), lambda: now
    )
    for number in range(3):
        schema = await store("ws_1", NewDocument(TEXT + b"#" * number, "application/yaml"))
        stored._schemas[schema.id] = replace(schema, compiler=1)
    return stored


@pytest.mark.parametrize("kills", ["itself", "what it was forked from"])
async def test_a_document_whose_processes_are_killed_holds_up_none_and_is_given_up(
    pools, schemas, tmp_path, kills
):
    work = (killed,) if kills == "itself" else (without_server, tmp_path / "mark")
    report = RecordedRecompilations()
    recompile = RecompileSchemas(schemas, DeadlyTexts(pools, {TEXT: work}), report)

    for _ in range(MAX_FAILURES + 1):
        await recompile(FENCE)

    assert report.done == [("sch_001", COMPILER), ("sch_002", COMPILER)]
    tries = [False] * (MAX_FAILURES - 1) + [True]
    assert report.failures == [("sch_000", ExaminationKilled, given_up) for given_up in tries]


async def test_a_document_counts_nothing_where_no_process_can_start(schemas):
    nothing_fits = WorkerProcesses(replace(LIMITS, memory_bytes=MIB))
    report = RecordedRecompilations()
    examiner = ProcessExaminer(WorkerPools(nothing_fits, nothing_fits))

    await RecompileSchemas(schemas, examiner, report)(FENCE)

    assert (report.done, report.failures) == ([], [])
