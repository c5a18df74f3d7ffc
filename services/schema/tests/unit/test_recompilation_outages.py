"""While no process reads any document, none is blamed for not being compiled again."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from schema_service.adapters.process_examiner import ProcessExaminer
from schema_service.adapters.worker_processes import (
    QUICK_BYTES,
    WorkerPools,
    WorkLimits,
)
from schema_service.domain.compiling.version import COMPILER
from schema_service.domain.errors import (
    ExaminationKilled,
    ExaminationStalled,
    ExaminersBusy,
    ExaminersUnavailable,
)
from schema_service.usecases.recompile_schemas import MAX_FAILURES, RecompileSchemas
from schema_service.usecases.store_schema import NewDocument, StoreSchema
from services.schema.tests.fakes import (
    MemorySchemas,
    RecordedRecompilations,
    SameProcessExaminer,
    all_allowed,
)

FENCE = 7
TEXT = b"openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {responses: {}}}}\n"


class Examiner(SameProcessExaminer):
    """Raises `first` for the first text, `others` for all others; `probed` are sizes."""

    first = others = None

    def __init__(self):
        self.probed = []

    async def examine_again(self, raw, source_url, known):
        error = self.first if raw == TEXT else self.others
        if error is not None:
            raise error
        return await super().examine_again(raw, source_url, known)

    async def probe(self, size):
        self.probed.append(size)
        if self.others is not None:
            raise self.others


@pytest.fixture
async def schemas():
    """Two documents that an earlier compiler made."""
    stored = MemorySchemas()
    now, ids = datetime(2026, 11, 26, tzinfo=UTC), iter(("sch_0", "sch_1"))
    store = StoreSchema(
        SameProcessExaminer(), stored, all_allowed(), lambda: next(ids), lambda: now
    )
    for text in (TEXT, TEXT + b"#"):
        schema = await store("ws_1", NewDocument(text, "application/yaml"))
        stored._schemas[schema.id] = replace(schema, compiler=1)
    return stored


@pytest.mark.parametrize(
    ("first", "others"),
    [
        (ExaminationKilled(), ExaminationKilled()),
        (ExaminationKilled(), ExaminersUnavailable()),
        (ExaminationKilled(), ExaminersBusy()),
        (ExaminationKilled(), ExaminationStalled(20.0)),
        (ExaminersUnavailable(), None),
    ],
    ids=repr,
)
async def test_an_outage_of_all_processes_counts_against_no_document(schemas, first, others):
    examiner, report = Examiner(), RecordedRecompilations()
    recompile = RecompileSchemas(schemas, examiner, report)
    examiner.first, examiner.others = first, others
    for _ in range(MAX_FAILURES + 1):
        await recompile(FENCE)
    assert (report.done, report.failures) == ([], [])
    examiner.first = examiner.others = None

    await recompile(FENCE)

    assert report.done == [("sch_0", COMPILER), ("sch_1", COMPILER)]


async def test_where_processes_were_killed_others_of_that_size_are_asked(schemas):
    examiner, report = Examiner(), RecordedRecompilations()
    examiner.first = ExaminationKilled()

    await RecompileSchemas(schemas, examiner, report)(FENCE)

    assert examiner.probed == [len(TEXT)]
    assert (report.done, len(report.failures)) == ([("sch_1", COMPILER)], 1)


class Processes:
    """`WorkerProcesses` that only say what they were asked; `error` is raised."""

    limits = WorkLimits(1, 60, 1)

    def __init__(self, error=None):
        self.asked, self.error = [], error

    async def run(self, key, size, work, *arguments):
        self.asked.append(size)
        if self.error is not None:
            raise self.error
        return work(*arguments)

    async def let_others_go_first(self):
        return


@pytest.mark.parametrize(("size", "quick"), [(14, [14]), (QUICK_BYTES + 1, [])])
async def test_a_probe_runs_wherever_a_document_of_its_size_may_be_read(size, quick):
    pools = WorkerPools(Processes(), Processes())
    await ProcessExaminer(pools).probe(size)
    assert (pools.quick.asked, pools.long.asked) == (quick, [size])


async def test_a_probe_of_a_short_document_fails_where_the_long_ones_are_killed():
    pools = WorkerPools(Processes(), Processes(ExaminationKilled()))
    with pytest.raises(ExaminationKilled):
        await ProcessExaminer(pools).probe(14)
