"""What a few documents are compiled to, kept beside the contracts: `Operation` travels as text and
is stored for years, so no change of it goes unseen.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from schema_service.domain.compiling.version import COMPILER
from schema_service.domain.examination import examine
from schema_service.domain.examples import EXAMPLES
from schema_service.domain.reading.read_document import read_document

FOLDER = Path(__file__).parents[2] / "shared/contracts/golden/operations"
DOCUMENTS = Path(__file__).with_name("documents")
RAISE = "raise COMPILER (schema_service.domain.compiling.version) and run ./openactions contracts"

Compiled = dict[str, Any]


def compiled_documents() -> dict[str, Compiled]:
    """By the name of the golden file: the compiler's version, and its operations."""
    return {name: _compiled(text) for name, text in _texts()}


def _texts() -> Iterator[tuple[str, str]]:
    for example in EXAMPLES:
        yield f"example-{example.key}", example.text
    for path in sorted(DOCUMENTS.iterdir()):
        yield path.stem, path.read_text()


def _compiled(text: str) -> Compiled:
    found = examine(read_document(text.encode()))
    operations = [each.operation for each in found.operations if each.operation is not None]
    forms = [operation.model_dump(mode="json") for operation in operations]
    return {"compiler": COMPILER, "operations": forms}


def unannounced(promised: dict[str, Compiled], now: dict[str, Compiled]) -> list[str]:
    """Documents that the same version of the compiler compiles to something else."""
    return [
        f"{name} is compiled to something else than by version {golden['compiler']}: {RAISE}"
        for name, golden in sorted(promised.items())
        if name in now and now[name] != golden and now[name]["compiler"] <= golden["compiler"]
    ]


def promised() -> dict[str, Compiled]:
    return {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
