from collections.abc import Sequence
from time import process_time
from typing import Any

import orjson

from contracts.ids import WorkspaceId
from contracts.operation import Operation
from contracts.tool_forms.definition import Flavour
from schema_service.adapters.worker_processes import NO_WORKSPACE, WorkerPools
from schema_service.domain.comparing.diff import differences
from schema_service.domain.compiled_again import compiled_again
from schema_service.domain.document_text import document_text
from schema_service.domain.examined import Examined, OperationSummary, as_data, examine_text
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.json_list import JsonList
from schema_service.domain.needed_values import NO_VALUES, NeededValues
from schema_service.domain.repairing.repair import Repaired
from schema_service.domain.repairing.rounds import repair_all
from schema_service.domain.repairing.terms import MAX_ROUNDS, Budget, Terms
from schema_service.domain.submission import Submission, unwrapped
from schema_service.domain.toolbox import Toolbox, toolbox
from schema_service.ports import CompiledBefore, RepairedDocument, RepairOrder

UNWRAPPED_HERE_BYTES = 64 * 1024
"""Read in a fraction of a millisecond, less than the way to a process and back takes."""
REPAIRING_PART = 1 / 3
"""Of the processor time after which a process is ended: repairs end well before."""
_SHORTEST = b"openapi: 3.1.0"


class ProcessExaminer:
    """All work on documents in processes of their own, where a hostile one harms nobody else."""

    def __init__(self, pools: WorkerPools) -> None:
        self._pools = pools

    async def unwrap(self, workspace_id: WorkspaceId, body: bytes) -> Submission:
        if len(body) <= UNWRAPPED_HERE_BYTES:
            return unwrapped(body)
        return await self._pools.run(workspace_id, len(body), unwrapped, body)

    async def examine(
        self,
        workspace_id: WorkspaceId,
        raw: bytes,
        source_url: str | None,
        *,
        compiled: bool = False,
        values: NeededValues = NO_VALUES,
    ) -> Examined:
        return await self._pools.run(
            workspace_id, len(raw), examine_document, raw, source_url, compiled, values
        )

    async def examine_again(
        self, raw: bytes, source_url: str | None, known: CompiledBefore
    ) -> Examined:
        await self._pools.let_others_go_first(len(raw))
        return await self._pools.run(
            NO_WORKSPACE,
            len(raw),
            _examine_again,
            raw,
            source_url,
            known.operations.text,
            known.forms,
        )

    async def probe(self, size: int) -> None:
        await self._pools.let_others_go_first(size)
        await self._pools.run_in_each(NO_WORKSPACE, size, examine_document, _SHORTEST, None)

    async def format(self, workspace_id: WorkspaceId, raw: bytes) -> bytes:
        return await self._pools.run(workspace_id, len(raw), _format, raw)

    async def repair(
        self, workspace_id: WorkspaceId, raw: bytes, order: RepairOrder
    ) -> RepairedDocument:
        seconds = self._pools.seconds_for(len(raw)) * REPAIRING_PART
        return await self._pools.run(workspace_id, len(raw), _repair, raw, order, seconds)

    async def tools(
        self,
        workspace_id: WorkspaceId,
        compiled: Sequence[bytes],
        flavour: Flavour,
        *,
        strict: bool,
    ) -> Toolbox:
        size = sum(map(len, compiled))
        return await self._pools.run(workspace_id, size, _tools, list(compiled), flavour, strict)

    async def compare(
        self, workspace_id: WorkspaceId, old: Sequence[bytes], new: Sequence[bytes]
    ) -> JsonList:
        size = sum(map(len, old)) + sum(map(len, new))
        return await self._pools.run(workspace_id, size, _compare, list(old), list(new))


def examine_document(
    raw: bytes,
    source_url: str | None,
    compiled: bool = False,  # noqa: FBT001, FBT002 - positional across processes
    values: NeededValues = NO_VALUES,
) -> Examined:
    return examine_text(raw, source_url=source_url, compiled=compiled, values=values)


def _examine_again(
    raw: bytes, source_url: str | None, operations: bytes, forms: Sequence[bytes]
) -> Examined:
    summaries = [OperationSummary.of(data) for data in JsonList(operations).items()]
    return compiled_again(raw, source_url, summaries, forms)


def repair_document(
    text: str, repairs: Sequence[dict[str, Any]], terms: Terms, seconds: float | None = None
) -> Repaired:
    """`repairs` first; in further rounds whatever the findings about the new text offer."""
    chosen = [Repair.of(each["title"], map(Edit.of, each["edits"])) for each in repairs]
    return repair_all(text, chosen, terms, Budget(seconds=seconds, clock=process_time))


def _repair(raw: bytes, order: RepairOrder, seconds: float) -> RepairedDocument:
    rounds = MAX_ROUNDS if order.all_rounds else 1
    terms = Terms(order.source_url, order.values, order.rules, rounds)
    repaired = repair_document(document_text(raw), order.repairs, terms, seconds)
    examined = examine_document(repaired.text.encode(), order.source_url)
    examined = examined.with_first([as_data(each) for each in repaired.unused])
    text_json = orjson.dumps(repaired.text)
    return RepairedDocument(text_json, repaired.applied, repaired.skips, examined)


def _format(raw: bytes) -> bytes:
    from schema_service.domain.formatting import formatted  # noqa: PLC0415 - 5 MB, rarely needed

    return formatted(document_text(raw)).encode()


def _tools(compiled: list[bytes], flavour: Flavour, strict: bool) -> Toolbox:  # noqa: FBT001 - positional across processes
    return toolbox(compiled, flavour, strict=strict)


def _compare(old: list[bytes], new: list[bytes]) -> JsonList:
    return JsonList.of(differences(_operations(old), _operations(new)))


def _operations(compiled: list[bytes]) -> list[Operation]:
    return [Operation.model_validate(orjson.loads(text)) for text in compiled]
