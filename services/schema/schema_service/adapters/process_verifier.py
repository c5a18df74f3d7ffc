from collections.abc import Sequence
from typing import Any

from contracts.ids import WorkspaceId
from kit.shares import ShareExceeded
from schema_service.adapters.worker_processes import WorkerProcesses
from schema_service.domain.capped_findings import CappedFindings, capped
from schema_service.domain.errors import ExaminersBusy
from schema_service.domain.examined import as_data
from schema_service.domain.finding import Finding, Severity
from schema_service.domain.verification.merging import merged


class ProcessVerifier:
    """openapi-spec-validator takes seconds, and may take for ever: always in a process."""

    def __init__(self, workers: WorkerProcesses) -> None:
        self._workers = workers

    async def verify(
        self, workspace_id: WorkspaceId, raw: bytes, findings: Sequence[dict[str, Any]]
    ) -> CappedFindings:
        try:
            return await self._workers.run(workspace_id, len(raw), _verify, raw, list(findings))
        except ShareExceeded:  # no caller to refuse: the fact is redelivered later
            raise ExaminersBusy from None


def _verify(raw: bytes, findings: list[dict[str, Any]]) -> CappedFindings:
    """Capped here: what is long does not pass the event loop."""
    from schema_service.domain.verification.deep import (  # noqa: PLC0415 - 15 MB, needed there only
        verify,
    )

    known = {_key(finding): finding for finding in findings}
    fast = [_finding(finding) for finding in findings]
    together = [as_data(finding) for finding in merged(fast, verify(raw))]
    return capped([known.get(_key(finding), finding) for finding in together])


def _key(finding: dict[str, Any]) -> tuple[str, str, str]:
    return finding["code"], finding["pointer"], finding["message"]


def _finding(data: dict[str, Any]) -> Finding:
    """Without its repair, which its data keep."""
    return Finding(
        Severity(data["severity"]),
        data["code"],
        data["message"],
        data["pointer"],
        data["line"],
        data["column"],
        data["hint"],
    )
