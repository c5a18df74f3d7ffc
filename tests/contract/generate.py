"""Write every document that is generated from code: `./openactions contracts`.

Golden schemas, golden compiled operations, the contracts' page, each service's OpenAPI and AsyncAPI
documents, the OpenAPI document of all services, and the pages that the edge serves. Refuses to
overwrite a golden schema with one that would break whoever relies on it, and golden operations
where the compiler's version was not raised.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.contract import golden, pages
from tests.contract.asyncapi import asyncapi_of
from tests.contract.combined import combined
from tests.contract.compiled_documents import FOLDER, compiled_documents, promised, unannounced
from tests.contract.readme import readme
from tests.contract.survey import ROOT, services

CONTRACTS = ROOT / "shared/contracts"
GOLDEN = CONTRACTS / "golden"
PUBLIC = ROOT / "infra/edge/public"


def documents() -> dict[Path, str]:
    """Every generated file's text. The same code gives the same text, byte for byte."""
    surveyed = services()
    texts = {GOLDEN / f"{subject}.json": _json(one) for subject, one in golden.frozen().items()}
    for name, compiled in compiled_documents().items():
        texts[FOLDER / f"{name}.json"] = _json(compiled)
    texts[CONTRACTS / "README.md"] = readme(surveyed)
    for service in surveyed:
        texts[service.folder / "openapi.json"] = _json(service.api.openapi())
        texts[service.folder / "asyncapi.json"] = _json(asyncapi_of(service))
    whole = combined({service.name: service.api.openapi() for service in surveyed})
    texts[PUBLIC / "openapi.json"] = _json(whole)
    texts[PUBLIC / "docs.html"] = pages.docs(whole)
    return texts


def breaking() -> list[str]:
    """What is no longer as its golden file promises."""
    now = golden.frozen()
    faults = []
    for path in sorted(GOLDEN.glob("*.json")):
        promised = json.loads(path.read_text())
        if path.stem not in now:
            faults.append(f"{path.stem} is gone; it stays as long as anybody may listen to it")
        else:
            faults += [f"{path.stem}: {fault}" for fault in golden.breaks(promised, now[path.stem])]
    return faults


def _json(document: Any) -> str:
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    if faults := breaking():
        sys.exit("\n".join([*faults, "Nothing was written: declare a new class with version=2."]))
    if faults := unannounced(promised(), compiled_documents()):
        sys.exit("\n".join([*faults, "Nothing was written."]))
    FOLDER.mkdir(exist_ok=True, parents=True)
    for path, text in documents().items():
        path.write_text(text)


if __name__ == "__main__":
    main()
