"""The result of an examination as plain data, which processes exchange and the store keeps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from contracts.errors import PlatformError
from schema_service.domain.examination import (
    MAX_FINDINGS,
    DetectedOperation,
    Examination,
    Verdict,
    examine,
)
from schema_service.domain.finding import Finding
from schema_service.domain.json_list import JsonList
from schema_service.domain.packing import Pack, packs
from schema_service.domain.reading.read_document import read_document

OriginOf = Callable[[str], str]
"""The origin of a server URL; raises the refusal of what may never be called."""


@dataclass(frozen=True, slots=True)
class OperationSummary:
    operation_id: str
    name: str
    method: str
    path: str
    summary: str = ""
    consequential: bool = True
    verdict: Verdict = Verdict.BLOCKED
    pointer: str = ""
    origin: str | None = None
    """`scheme://host:port`; None where it cannot be called."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "OperationSummary":
        """Read what any release stored. Unknown members are left out; an unknown verdict, or none,
        becomes *blocked*, so that the operation is not called.
        """
        known = {each.name: data[each.name] for each in fields(cls) if each.name in data}
        verdict = data.get("verdict")
        return cls(**{**known, "verdict": Verdict(verdict if verdict in _VERDICTS else "blocked")})


_VERDICTS = frozenset(Verdict)


@dataclass(frozen=True, slots=True)
class Examined:
    """The findings and the operations (`OperationSummary`) of a document, in the order of its text.

    `compiled` holds the callable operations; it is empty where they were not asked for.
    """

    readable: bool
    valid: bool
    title: str
    version: str
    dialect: str | None
    findings: JsonList
    more_findings: int
    operations: JsonList = field(default_factory=JsonList)
    compiled: tuple[Pack, ...] = ()

    def with_first(self, findings: Sequence[dict[str, Any]]) -> "Examined":
        """A copy with these findings before the others, `MAX_FINDINGS` in all; the rest counts."""
        if not findings:
            return self
        together = [*findings, *self.findings.items()]
        more = self.more_findings + max(0, len(together) - MAX_FINDINGS)
        return replace(self, findings=JsonList.of(together[:MAX_FINDINGS]), more_findings=more)


def examine_text(
    raw: bytes,
    *,
    source_url: str | None,
    lets_through: Callable[[str], bool],
    origin_of: OriginOf,
    compiled: bool = False,
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
        findings=JsonList.of(found.findings),
        more_findings=found.more_findings,
        operations=JsonList.of(summaries),
        compiled=tuple(packs(_compiled(found, summaries))) if compiled else (),
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
        detected.name: detected.operation.model_dump_json().encode()
        for detected, summary in zip(found.operations, summaries, strict=True)
        if detected.operation is not None and summary.origin is not None
    }
