"""While no process reads any document, none is blamed for not being compiled again."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

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
    """Raises `first` for the first text, `others` for all others."""

    first = others = None

    async def examine_again(self, raw, source_url, known):
        error = self.first if raw == TEXT else self.others
        if error is not None:
            raise error
        return await super().examine_again(raw, source_url, known)


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
