"""What compiled operations take in memory: `just bench operation_memory [DOCUMENT…]`.

Without a document: one of 75 kB whose components refer to each other, so that every operation
takes all of them along, bound to five GPTs. Each case runs in a process of its own; figures are of
resident memory, because a validator's memory is not Python's: with few or small operations, what
the process had free before hides them.
"""

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson

from contracts.ids import ActionId, MemberId, SchemaId, WorkspaceId
from contracts.operation import Operation
from contracts.principal import Principal, Role, Via
from contracts.requests import OperationsText, ReadRelease, ReleaseAction, ReleasePage, ReleaseTool
from egress import EgressSettings
from execution_service.adapters.cached_operations import CachedOperations
from execution_service.adapters.cached_releases import CachedReleases
from execution_service.domain.arguments.argument_schema import ArgumentSchema
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.errors import OperationUnusable
from execution_service.domain.invocation import WantedCall
from kit.cache import Limits, Unchanging
from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from tests.bench.summary import table

ACTION = ReleaseAction(
    action_id=ActionId("act_1"), name="API", schema_id=SchemaId("sch_1"), origin_set=""
)
CALLER = Principal(
    WorkspaceId("ws_1"), MemberId("mem_1"), Role.OWNER, Via.TOKEN, frozenset(), None, "tok_1"
)
GPTS = 5
COMPONENTS = 100
OPERATIONS = 110
MIB = 1024 * 1024
Texts = Sequence[bytes]


def interwoven() -> bytes:
    """A document of 75 kB."""
    schemas = {f"Model{number}": _component(number) for number in range(COMPONENTS)}
    paths = {f"/things{number}/{{id}}": {"post": _post(number)} for number in range(OPERATIONS)}
    return orjson.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "Interwoven", "version": "1"},
            "servers": [{"url": "https://api.example.com"}],
            "paths": paths,
            "components": {"schemas": schemas},
        }
    )


def _component(number: int) -> dict[str, Any]:
    return {
        "type": "object",
        "description": f"The model number {number} of this API.",
        "properties": {
            "id": {"type": "string", "description": "Its identifier"},
            "name": {"type": "string", "maxLength": 80},
            "kind": {"type": "string", "enum": ["small", "medium", "large"]},
            "count": {"type": "integer", "minimum": 0},
            "next": {"$ref": f"#/components/schemas/Model{(number + 1) % COMPONENTS}"},
            "others": {
                "type": "array",
                "items": {"$ref": f"#/components/schemas/Model{(number * 7 + 3) % COMPONENTS}"},
            },
        },
    }


def _post(number: int) -> dict[str, Any]:
    body = {"$ref": f"#/components/schemas/Model{number % COMPONENTS}"}
    return {
        "operationId": f"putThing{number}",
        "summary": f"Put thing {number}",
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "requestBody": {"content": {"application/json": {"schema": body}}},
        "responses": {"200": {"description": "ok"}},
    }


def operations_of(document: bytes) -> Texts:
    """The JSON of each operation that can be called."""
    found = [each.operation for each in examine(read_document(document)).operations]
    return [orjson.dumps(each.model_dump(mode="json")) for each in found if each and usable(each)]


def usable(operation: Operation) -> bool:
    try:
        CompiledOperation.of(operation)
    except OperationUnusable:
        return False
    return True


def tool(name: str) -> ReleaseTool:
    return ReleaseTool(
        name=name,
        action_id=ACTION.action_id,
        operation=name,
        source_digest="0" * 64,
        origin="",
        method="GET",
        consequential=False,
        anonymous=False,
    )


class Neighbours:
    """Catalog and schema: every GPT offers every operation of one schema."""

    def __init__(self, texts: Texts) -> None:
        self._texts = {orjson.loads(text)["name"]: text.decode() for text in texts}

    async def ask(self, question: Any) -> ReleasePage | OperationsText:
        if isinstance(question, ReadRelease):
            return ReleasePage(
                gpt_id=question.gpt_id,
                stage=question.stage,
                number=1,
                name="GPT",
                actions=(ACTION,),
                tools=tuple(map(tool, self._texts)),
            )
        return OperationsText(text=f"[{self._texts[question.names[0]]}]")

    def on(self, *_: object) -> None:
        """No fact comes."""


class InSync(Unchanging, Neighbours):
    def __init__(self) -> None:
        """A watch that receives; nothing happens."""


def bound_to_gpts(texts: Texts, max_bytes: int) -> CachedOperations:
    limits = Limits(20_000, max_bytes, 3_600)
    bus, watch = Neighbours(texts), InSync()
    releases = CachedReleases(bus, watch, limits)
    cached = CachedOperations(bus, watch, releases, EgressSettings(), limits)
    names = [orjson.loads(text)["name"] for text in texts]

    async def call_each() -> None:
        for gpt in range(GPTS):
            for name in names:
                await cached.find(WantedCall(CALLER, CALLER.workspace_id, f"gpt_{gpt}", name, {}))

    asyncio.run(call_each())
    return cached


def estimated(cached: CachedOperations) -> int:
    return cached._compiled.bytes + cached._releases._releases.bytes


CASES: dict[str, Callable[[Texts], Any]] = {
    "its text": lambda texts: [bytes(bytearray(text)) for text in texts],
    "as Python objects": lambda texts: [
        Operation.model_validate(orjson.loads(text)) for text in texts
    ],
    "its validator alone": lambda texts: [
        ArgumentSchema.of(orjson.loads(text)["arguments"]) for text in texts
    ],
    "compiled": lambda texts: [
        CompiledOperation.of(Operation.model_validate(orjson.loads(text))) for text in texts
    ],
    f"cached, bound to {GPTS} GPTs": lambda texts: bound_to_gpts(texts, 4096 * MIB),
    f"the same in a cache of {16} MiB": lambda texts: bound_to_gpts(texts, 16 * MIB),
}


def resident() -> int:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def measured(case: Callable[[Texts], Any], texts: Texts) -> tuple[float, float]:
    """Bytes, and what the cache estimates (0 where there is none), from a child of its own."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    if (child := os.fork()) == 0:
        case(texts[:1])
        before = resident()
        kept = case(texts)
        grown = resident() - before
        guess = estimated(kept) if isinstance(kept, CachedOperations) else 0
        os.write(writing, f"{grown} {guess}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        grown, guess = answer.read().split()
    return float(grown), float(guess)


def report(name: str, document: bytes) -> None:
    texts = operations_of(document)
    rows = []
    for case, make in CASES.items():
        grown, guess = measured(make, texts)
        share = f"{guess / 1e6:.1f}" if guess else ""
        rows.append([case, f"{grown / len(texts) / 1e3:.0f}", f"{grown / 1e6:.1f}", share])
    print(f"{name}: {len(document) / 1e3:.0f} kB, {len(texts)} operations\n")
    print(table(["an operation", "kB each", "MB in all", "MB by the cache's estimate"], rows), "\n")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("documents", nargs="*", type=Path)
    chosen = arguments.parse_args().documents
    for path in chosen:
        report(path.name, path.read_bytes())
    if not chosen:
        report("Interwoven", interwoven())
