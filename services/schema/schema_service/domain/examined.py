"""The result of an examination as plain data, which processes exchange and the store keeps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

import orjson

from schema_service.domain.blocking import Blocking
from schema_service.domain.capped_findings import capped
from schema_service.domain.compiling.kept import Kept, argument_names
from schema_service.domain.compiling.written_once import WrittenOnce
from schema_service.domain.examination import (
    DetectedOperation,
    Examination,
    Verdict,
    examine,
)
from schema_service.domain.finding import Finding
from schema_service.domain.json_list import JsonList
from schema_service.domain.needed_values import NO_VALUES, NeededValues
from schema_service.domain.origin_rules import OriginRules
from schema_service.domain.packing import Pack, packs
from schema_service.domain.reading.read_document import read_document


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
    anonymous: bool | None = None
    """`Operation.anonymous`; None where commit b35d436 stored it, which did not note it here."""
    wants_credential: bool | None = None
    """Whether the document names security schemes for it; None where an earlier release stored it,
    and where it cannot be called.
    """
    server: str = ""
    """Its base URL, where it is called at another server of its document than the compiled form has
    (`operator_rules`). Never stored.
    """
    lacks_server: bool = False
    """Whether nothing but its server keeps it from being called. False where an earlier release
    stored it."""
    blocked_by: Blocking | None = None
    """None where it is not blocked, and where an earlier release stored it."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "OperationSummary":
        """Read what any release stored. Unknown members are left out; an unknown verdict, or none,
        becomes *blocked*, so that the operation is not called.
        """
        known = {each.name: data[each.name] for each in fields(cls) if each.name in data}
        known["blocked_by"] = Blocking.read(data.get("blocked_by"))
        verdict = data.get("verdict")
        return cls(**{**known, "verdict": Verdict(verdict if verdict in _VERDICTS else "blocked")})


_VERDICTS = frozenset(Verdict)


@dataclass(frozen=True, slots=True)
class Examined:
    """The findings and the operations (`OperationSummary`) of a document, in the order of its text.

    `servers` are the `Server`s at which they are called, `origins` theirs; None where they are too
    many. `other_origins` are those of their fallbacks.
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
    servers: JsonList = field(default_factory=JsonList)
    origins: tuple[str, ...] | None = ()
    other_origins: tuple[str, ...] = ()
    compiled: tuple[Pack, ...] = ()

    def with_first(self, findings: Sequence[dict[str, Any]]) -> "Examined":
        """A copy with these findings before the others; those that are left out count."""
        if not findings:
            return self
        kept = capped(self.findings.items(), findings)
        return replace(self, findings=kept.findings, more_findings=self.more_findings + kept.more)


def examine_text(
    raw: bytes,
    *,
    source_url: str | None,
    compiled: bool = False,
    known: Kept | None = None,
    values: NeededValues = NO_VALUES,
    origins: OriginRules | None = None,
) -> Examined:
    """Read, lint and compile a document; never raises for anything that is in it."""
    reading = read_document(raw)
    found = examine(
        reading,
        source_url=source_url,
        server_variables=values.server_variables,
        base_url=values.base_url,
        known=known,
        origins=origins,
    )
    summaries = [_summary(operation) for operation in found.operations]
    return Examined(
        readable=found.dialect is not None,
        valid=found.valid,
        title=found.title,
        version=found.version,
        dialect=found.dialect,
        findings=JsonList.of(found.findings),
        more_findings=found.more_findings,
        operations=JsonList.of(summaries),
        servers=JsonList.of(found.servers),
        origins=_origins(found),
        other_origins=_other_origins(found),
        compiled=tuple(packs(_compiled(found))) if compiled else (),
    )


def kept_of(operations: Iterable[OperationSummary], compiled: Iterable[bytes]) -> Kept:
    """What must stay of operations, of which `compiled` are the JSON texts as far as there are."""
    names = {}
    for text in compiled:
        form = orjson.loads(text)
        names[form["name"]] = argument_names(form)
    return Kept.of(operations, names)


def as_data(finding: Finding) -> dict[str, Any]:
    data = asdict(finding)
    data["severity"] = finding.severity.value
    return data


def _origins(found: Examination) -> tuple[str, ...] | None:
    listed = tuple(server.origin for server in found.servers)
    called = {operation.origin for operation in found.operations if operation.origin}
    return listed if called <= {*listed} else None


def _other_origins(found: Examination) -> tuple[str, ...]:
    fallbacks = [each for server in found.servers for each in server.fallbacks]
    return tuple({other.origin: None for each in fallbacks for other in each.others})


def _summary(detected: DetectedOperation) -> OperationSummary:
    operation = detected.operation or detected.unplaced
    return OperationSummary(
        detected.operation_id,
        detected.name,
        detected.method,
        detected.path,
        detected.summary,
        detected.consequential,
        detected.verdict,
        detected.pointer,
        detected.origin,
        operation is not None and operation.anonymous,
        bool(operation.security) and not operation.anonymous if operation else None,
        lacks_server=detected.unplaced is not None,
        blocked_by=Blocking.of_finding(detected.blocked_by) if detected.blocked_by else None,
    )


def _compiled(found: Examination) -> dict[str, bytes]:
    written = WrittenOnce()
    return {
        detected.name: written.text_of(form)
        for detected in found.operations
        if (form := detected.operation or detected.unplaced) is not None
    }
