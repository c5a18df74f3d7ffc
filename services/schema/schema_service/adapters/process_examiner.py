from collections.abc import Sequence
from typing import Any

import orjson

from contracts.operation import Operation
from egress import EgressSettings, parse_server_url
from schema_service.adapters.worker_processes import WorkerProcesses
from schema_service.domain.comparing.change import Change
from schema_service.domain.comparing.diff import differences
from schema_service.domain.examined import Examined, examine_text
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.repairing.repair import Repaired, repair


class ProcessExaminer:
    """All work on documents that takes long enough to be felt by other requests."""

    def __init__(self, egress: EgressSettings, workers: WorkerProcesses) -> None:
        self._egress = egress
        self._workers = workers

    async def examine(self, raw: bytes, source_url: str | None) -> Examined:
        return await self._workers.run(len(raw), examine_document, raw, source_url, self._egress)

    async def format(self, text: str) -> str:
        return await self._workers.run(len(text), _format, text)

    async def repair(self, text: str, repairs: Sequence[dict[str, Any]]) -> Repaired:
        return await self._workers.run(len(text), repair_document, text, list(repairs))

    async def compare(self, old: Sequence[bytes], new: Sequence[bytes]) -> list[Change]:
        size = sum(map(len, old)) + sum(map(len, new))
        return await self._workers.run(size, _compare, list(old), list(new))


def examine_document(raw: bytes, source_url: str | None, egress: EgressSettings) -> Examined:
    origins: dict[str, str] = {}

    def origin_of(server: str) -> str:
        if server not in origins:
            origins[server] = parse_server_url(server, egress).origin
        return origins[server]

    return examine_text(
        raw, source_url=source_url, lets_through=egress.lets_through, origin_of=origin_of
    )


def repair_document(text: str, repairs: list[dict[str, Any]]) -> Repaired:
    chosen = [
        Repair(each["title"], tuple(Edit(**edit) for edit in each["edits"])) for each in repairs
    ]
    return repair(text, chosen)


def _format(text: str) -> str:
    from schema_service.domain.formatting import formatted  # noqa: PLC0415 - 5 MB, rarely needed

    return formatted(text)


def _compare(old: list[bytes], new: list[bytes]) -> list[Change]:
    return differences(_operations(old), _operations(new))


def _operations(compiled: list[bytes]) -> list[Operation]:
    return [Operation.model_validate(orjson.loads(text)) for text in compiled]
