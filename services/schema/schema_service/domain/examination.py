"""The whole answer about a document: what is wrong with it, and what of it can be called."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from contracts.operation import Operation
from schema_service.domain import pointers
from schema_service.domain.compiling import swagger
from schema_service.domain.compiling.context import Context
from schema_service.domain.compiling.dialect import Dialect, dialect_of
from schema_service.domain.compiling.operations import Draft, compile_operation
from schema_service.domain.compiling.places import Place, places_of
from schema_service.domain.compiling.references import References
from schema_service.domain.compiling.schemas import Schemas
from schema_service.domain.compiling.servers import ServerRules
from schema_service.domain.finding import Finding, Severity
from schema_service.domain.reading.reading import Reading

MAX_FINDINGS = 200
_ALL_ARGUMENTS_BYTES = 64 * 1024 * 1024
_MIN_ARGUMENTS_BYTES = 4 * 1024
_MAX_ARGUMENTS_BYTES = 256 * 1024


class Verdict(StrEnum):
    READY = "ready"
    READY_WITH_WARNINGS = "ready_with_warnings"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class DetectedOperation:
    """`operation` is None exactly when the verdict is *blocked*."""

    operation_id: str
    name: str
    method: str
    path: str
    summary: str
    consequential: bool
    verdict: Verdict
    pointer: str
    operation: Operation | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """`findings` in the order of the text, each once; `more_findings` counts those not shown."""

    valid: bool
    findings: tuple[Finding, ...]
    operations: tuple[DetectedOperation, ...] = ()
    more_findings: int = 0
    title: str = ""
    version: str = ""
    dialect: Dialect | None = None
    security_schemes: Mapping[str, Any] = field(default_factory=dict)


def examine(
    reading: Reading,
    *,
    source_url: str | None = None,
    lets_through: Callable[[str], bool] = lambda _origin: False,
    server_variables: Mapping[str, str] | None = None,
) -> Examination:
    """Never raises, whatever the document holds.

    `lets_through` tells which origins may be plain http; `server_variables` are the builder's
    choices, which a document's defaults yield to.
    """
    document = reading.document
    if document is None:
        return Examination(valid=False, findings=reading.findings)
    dialect, found = dialect_of(document)
    rules = ServerRules(source_url, lets_through, server_variables or {})
    context, places = _prepared(document, dialect, rules, found)
    drafts = [compile_operation(place, context) for place in places]
    every = [*reading.findings, *found, *(f for draft in drafts for f in draft.found)]
    return _answer(reading, every, drafts, context)


def _prepared(
    document: dict[str, Any], dialect: Dialect, rules: ServerRules, found: list[Finding]
) -> tuple[Context, list[Place]]:
    own_uris = [uri for uri in (rules.source_url, document.get("$self")) if isinstance(uri, str)]
    references = References(document, own_uris)
    schemas = Schemas(references, found, alone=dialect.refs_stand_alone)
    is_swagger = dialect is Dialect.SWAGGER_2
    servers = swagger.servers_of(document, rules.source_url) if is_swagger else None
    places = list(places_of(document, references, servers or document.get("servers"), found))
    each = _ALL_ARGUMENTS_BYTES // max(1, len(places))
    context = Context(
        document,
        dialect,
        references,
        schemas,
        rules,
        max(_MIN_ARGUMENTS_BYTES, min(_MAX_ARGUMENTS_BYTES, each)),
        frozenset(p.node["operationId"] for p in places if _has_id(p)),
    )
    return context, places


def _has_id(place: Place) -> bool:
    return isinstance(place.node.get("operationId"), str)


def _answer(
    reading: Reading, every: list[Finding], drafts: list[Draft], context: Context
) -> Examination:
    ordered = _ordered(every, reading.document)
    info = context.document.get("info")
    info = info if isinstance(info, dict) else {}
    return Examination(
        valid=all(finding.severity is not Severity.ERROR for finding in ordered),
        findings=tuple(_placed(finding, reading) for finding in ordered[:MAX_FINDINGS]),
        operations=tuple(_detected(draft) for draft in drafts),
        more_findings=max(0, len(ordered) - MAX_FINDINGS),
        title=str(info.get("title") or ""),
        version=str(info.get("version") or ""),
        dialect=context.dialect,
        security_schemes=context.schemes,
    )


def _detected(draft: Draft) -> DetectedOperation:
    place = draft.place
    summary = place.node.get("summary") or place.node.get("description") or ""
    return DetectedOperation(
        draft.operation_id,
        draft.name,
        place.method,
        place.path,
        summary if isinstance(summary, str) else "",
        draft.consequential,
        _verdict(draft),
        pointers.join(place.pointer),
        draft.operation,
    )


def _verdict(draft: Draft) -> Verdict:
    if draft.operation is None:
        return Verdict.BLOCKED
    if any(finding.severity is not Severity.NOTE for finding in draft.found):
        return Verdict.READY_WITH_WARNINGS
    return Verdict.READY


def _ordered(found: Iterable[Finding], document: Any) -> list[Finding]:
    """By position in the document; a finding made twice counts once."""
    once = {(f.code, f.pointer, f.message): f for f in reversed(list(found))}
    ranks = Ranks(document)
    return sorted(once.values(), key=lambda finding: ranks.of(finding.pointer))


def _placed(finding: Finding, reading: Reading) -> Finding:
    if finding.line is not None:
        return finding
    return finding.placed(*reading.locator.place(finding.pointer))


class Ranks:
    """The order of pointers in a document, without looking at its text."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._positions: dict[int, dict[str, int]] = {}

    def of(self, pointer: str) -> tuple[int, ...]:
        here, rank = self._document, []
        for step in pointers.split(pointer):
            if isinstance(here, dict):
                position = self._of_keys(here).get(step, -1)
            else:
                position = int(step) if isinstance(here, list) and step.isdigit() else -1
            rank.append(position)
            here = pointers.look_up(here, [step])
            if here is pointers.MISSING:
                break
        return tuple(rank)

    def _of_keys(self, node: dict[str, Any]) -> dict[str, int]:
        known = self._positions.get(id(node))
        if known is None:
            known = self._positions[id(node)] = {key: i for i, key in enumerate(node)}
        return known
