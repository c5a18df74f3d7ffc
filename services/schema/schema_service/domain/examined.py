"""An examination as plain data: what crosses processes, is stored and is shown."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import orjson

from contracts.errors import PlatformError
from schema_service.domain.examination import (
    MAX_FINDINGS,
    DetectedOperation,
    Examination,
    Verdict,
    examine,
)
from schema_service.domain.finding import Finding
from schema_service.domain.reading.read_document import read_document

OriginOf = Callable[[str], str]
"""The origin of a server URL; raises the refusal of what may never be called."""


@dataclass(frozen=True, slots=True)
class OperationSummary:
    operation_id: str
    name: str
    method: str
    path: str
    summary: str
    consequential: bool
    verdict: Verdict
    pointer: str
    origin: str | None
    """`scheme://host:port`; None where it cannot be called."""


@dataclass(frozen=True, slots=True)
class Examined:
    """`compiled` maps the names of callable operations to their JSON text."""

    readable: bool
    valid: bool
    title: str
    version: str
    dialect: str | None
    findings: list[dict[str, Any]]
    more_findings: int
    operations: list[OperationSummary] = field(default_factory=list)
    compiled: dict[str, bytes] = field(default_factory=dict)

    def with_first(self, findings: Sequence[dict[str, Any]]) -> "Examined":
        """With findings about the whole before the others, and no more than are shown."""
        together = [*findings, *self.findings]
        more = self.more_findings + max(0, len(together) - MAX_FINDINGS)
        return replace(self, findings=together[:MAX_FINDINGS], more_findings=more)


def examine_text(
    raw: bytes,
    *,
    source_url: str | None,
    lets_through: Callable[[str], bool],
    origin_of: OriginOf,
) -> Examined:
    """Read, judge and compile a document; never raises for anything that is in it."""
    reading = read_document(raw)
    found = examine(reading, source_url=source_url, lets_through=lets_through)
    summaries = [_summary(operation, origin_of) for operation in found.operations]
    return Examined(
        readable=reading.document is not None,
        valid=found.valid,
        title=found.title,
        version=found.version,
        dialect=found.dialect,
        findings=[as_data(finding) for finding in found.findings],
        more_findings=found.more_findings,
        operations=summaries,
        compiled=_compiled(found, summaries),
    )


def as_data(finding: Finding) -> dict[str, Any]:
    data = asdict(finding)
    data["severity"] = finding.severity.value
    return data


def _summary(detected: DetectedOperation, origin_of: OriginOf) -> OperationSummary:
    origin, verdict = None, detected.verdict
    if detected.operation is not None:
        try:
            origin = origin_of(detected.operation.server)
        except PlatformError:
            verdict = Verdict.BLOCKED
    return OperationSummary(
        detected.operation_id,
        detected.name,
        detected.method,
        detected.path,
        detected.summary,
        detected.consequential,
        verdict,
        detected.pointer,
        origin,
    )


def _compiled(found: Examination, summaries: list[OperationSummary]) -> dict[str, bytes]:
    return {
        detected.name: orjson.dumps(detected.operation.model_dump(mode="json"))
        for detected, summary in zip(found.operations, summaries, strict=True)
        if detected.operation is not None and summary.origin is not None
    }
