"""The whole answer about a document: what is wrong with it, and what of it can be called."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any

from contracts.operation import Operation
from schema_service.domain import pointers
from schema_service.domain.blockers import Blockers
from schema_service.domain.bundling.schema_ids import own_references, redirected
from schema_service.domain.compiling.dialect import Dialect, dialect_of
from schema_service.domain.compiling.document import CompiledDocument, compile_document
from schema_service.domain.compiling.kept import Kept
from schema_service.domain.compiling.operations import Draft
from schema_service.domain.compiling.path_rules import (
    METHOD_BESIDE_PATH,
    OPERATION_MISPLACED,
    PATH_INSIDE_OPERATION,
    PATH_INSIDE_PATH,
    PATH_MISPLACED,
)
from schema_service.domain.compiling.references import Path
from schema_service.domain.compiling.security import credentials_of
from schema_service.domain.compiling.server.choice import Other, ServerRules, Written
from schema_service.domain.doubted import Doubts
from schema_service.domain.finding import Edit, Finding, Severity
from schema_service.domain.given_values import unknown_variables, unused_base_url
from schema_service.domain.linting.advice import (
    FORM_RULES,
    OPERATION_RULES,
    Described,
    components_schemas,
)
from schema_service.domain.linting.broken_references import broken_references
from schema_service.domain.linting.grammar import grammar_findings, not_reported
from schema_service.domain.linting.hidden_text import hidden_elsewhere, pointers_of
from schema_service.domain.linting.left_out import LeftOut
from schema_service.domain.linting.misplaced_first import misplaced_first
from schema_service.domain.linting.misspelt_members import (
    misspelt_members,
    without_what_renaming_mends,
)
from schema_service.domain.linting.rules import MEMBER_MISPLACED
from schema_service.domain.linting.security_advice import Requirement, security_several
from schema_service.domain.linting.strays import strays
from schema_service.domain.ordering import explained, most_important, unrepeated
from schema_service.domain.origin_rules import OriginRules
from schema_service.domain.reading.gc_pause import gc_paused
from schema_service.domain.reading.reading import Reading, Syntax
from schema_service.domain.reading.recognised import foreign_tree
from schema_service.domain.reading.rules import KEY_WITHOUT_SPACE, PATHS_AT_MARGIN, unparsable

MAX_FINDINGS = 200
MAX_FINDINGS_BYTES = 1024 * 1024
"""As JSON; the findings of most documents are below a tenth of it."""
MAX_PLACES = 100
"""Places in the document at which one origin is reported; the first ones count."""
MAX_SERVERS = 50
"""Servers whose place in the text is kept, each with at most MAX_EDITS."""
MAX_EDITS = 200


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
    origin: str | None = None
    """Where it is called, `scheme://host:port`; None as `operation`."""
    unplaced: Operation | None = None
    """Where it is blocked by nothing but its server: without one."""
    blocked_by: Finding | None = None
    """Where it is blocked, what does so."""


@dataclass(frozen=True, slots=True)
class Fallback:
    """Operations with the servers, beside their own, that an operator may allow; `place` is that of
    the list in which they stand.
    """

    place: str
    others: tuple[Other, ...]
    operations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedAgain:
    """A further place that names the same origin, with what writes a base URL there."""

    url: str
    pointer: str
    line: int | None
    column: int | None
    replacing: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Server:
    """An origin at which operations are called, and where the document first names it.

    `edits` make it https wherever it is written with http; `replacing` put a base URL of the
    builder's in its place, there where it is named first.
    """

    origin: str
    url: str
    pointer: str
    line: int | None = None
    column: int | None = None
    edits: tuple[Edit, ...] = ()
    replacing: tuple[Edit, ...] = ()
    fallbacks: tuple[Fallback, ...] = ()
    again: tuple[NamedAgain, ...] = ()
    """In other lists of servers, each of which has operations of its own."""


@dataclass(frozen=True, slots=True)
class Examination:
    """`findings` in the order of the text, each once; `more_findings` counts those not shown.
    `dialect` is None exactly where no OpenAPI document could be read.

    It follows from the document alone: whether an operator's settings let its servers be called is
    asked later (`operator_rules`).
    """

    valid: bool
    findings: tuple[Finding, ...]
    operations: tuple[DetectedOperation, ...] = ()
    more_findings: int = 0
    errors: int = 0
    """Of all findings, also of those not shown."""
    title: str = ""
    version: str = ""
    dialect: Dialect | None = None
    security_schemes: Mapping[str, Any] = field(default_factory=dict)
    servers: tuple[Server, ...] = ()


def examine(
    reading: Reading,
    *,
    source_url: str | None = None,
    server_variables: Mapping[str, str] | None = None,
    base_url: str | None = None,
    known: Kept | None = None,
    origins: OriginRules | None = None,
) -> Examination:
    """Never raises, whatever the document holds.

    `server_variables` are the builder's choices, which a document's defaults yield to; `base_url`
    counts where none of its servers can be called, by `origins` if the operator's settings are to
    count for that. `known` are its operations as they were compiled before.
    """
    if reading.document is None:
        return _unread(reading.findings)
    foreign = foreign_tree(reading.document)
    if foreign is not None:
        placed = [_placed(each, reading) for each in (unparsable(foreign), *reading.findings)]
        return _unread(placed)
    rules = ServerRules(source_url, server_variables or {}, base_url, origins)
    with gc_paused(len(reading.raw)):
        return _examined(reading, reading.document, rules, known or Kept())


def _unread(found: Sequence[Finding]) -> Examination:
    """Of a text that is no document, in which all findings have their places."""
    shown = most_important(found, None, MAX_FINDINGS, MAX_FINDINGS_BYTES)
    errors = sum(finding.severity is Severity.ERROR for finding in found)
    findings = tuple(shown.findings)
    return Examination(valid=False, findings=findings, more_findings=shown.more, errors=errors)


def _examined(
    reading: Reading, document: dict[str, Any], allowed: ServerRules, kept: Kept
) -> Examination:
    dialect, found = dialect_of(document)
    document, references = _by_own_ids(document, reading, dialect, allowed.source_url)
    compiled = compile_document(document, dialect, allowed, kept, reading.written_scalar)
    found += _advised(compiled, dialect)
    found += [*reading.findings, *compiled.found]
    found += [finding for draft in compiled.drafts for finding in draft.found]
    found += _unused(compiled.drafts, document, allowed)
    found += components_schemas(document)
    requirements = _requirements(document, compiled.drafts)
    found += security_several(compiled.schemes, compiled.schemes_path, requirements)
    found += hidden_elsewhere(document, reading.raw, pointers_of(found))
    found += _strayed(document, dialect, reading, found)
    said = {finding.pointer for finding in found}
    found += [each for each in misspelt_members(document, dialect) if each.pointer not in said]
    found += broken_references(document, references, compiled.references, said)
    grammar = grammar_findings(document, dialect, reading.written_scalar)
    found += not_reported(grammar, found)
    left_out = LeftOut(document, dialect, compiled.references)
    found += left_out.findings(draft.place for draft in compiled.drafts)
    found = unrepeated(explained(found, _WHOLE))
    found = without_what_renaming_mends(found)
    found = misplaced_first(found)
    errors = sum(finding.severity is Severity.ERROR for finding in found)
    blockers, doubts = Blockers(found), Doubts(found, document)
    shown = most_important(found, document, MAX_FINDINGS, MAX_FINDINGS_BYTES)
    info = document.get("info")
    about = info if isinstance(info, dict) else {}
    return Examination(
        valid=not errors,
        findings=tuple(sorted((_placed(each, reading) for each in shown.findings), key=_position)),
        operations=tuple(_detected(draft, blockers, doubts) for draft in compiled.drafts),
        more_findings=shown.more,
        errors=errors,
        title=str(about.get("title") or ""),
        version=str(about.get("version") or ""),
        dialect=dialect,
        security_schemes=compiled.schemes,
        servers=tuple(_servers(compiled.drafts, reading)),
    )


def _by_own_ids(
    document: dict[str, Any], reading: Reading, dialect: Dialect, source_url: str | None
) -> tuple[dict[str, Any], frozenset[str]]:
    """With pointers in place of references that lead into the document by the URI of one of its
    schemas, or its own; and all texts under a key `$ref`. 3.0 has no such URIs.
    """
    if not reading.survey.has_ids or dialect.refs_stand_alone:
        return document, reading.survey.references
    texts = own_references(document, source_url)
    return redirected(document, texts), reading.survey.references | {*texts.values()}


def _strayed(
    document: dict[str, Any], dialect: Dialect, reading: Reading, found: list[Finding]
) -> Iterator[Finding]:
    """What stands in the wrong place, where no other error says so already."""
    errors = [each for each in found if each.severity is Severity.ERROR]
    said = {each.pointer for each in errors}
    said |= {
        edit.pointer
        for each in errors
        if each.code in _OF_PATHS and each.repair
        for edit in each.repair.edits
    }
    if any(each.code == PATHS_AT_MARGIN.code for each in errors):
        said |= {pointers.join((name,)) for name in document if name.startswith("/")}
    columns = reading.locator.place if reading.syntax is Syntax.YAML else None
    for each in strays(document, dialect, columns):
        steps = pointers.split(each.pointer)
        above = (pointers.join(steps[:depth]) for depth in range(2, len(steps)))
        if each.pointer not in said and said.isdisjoint(above):
            yield each


_OF_PATHS = (METHOD_BESIDE_PATH.code, PATH_INSIDE_PATH.code)
_WHOLE = (
    KEY_WITHOUT_SPACE.code,
    OPERATION_MISPLACED.code,
    PATH_INSIDE_OPERATION.code,
    PATH_MISPLACED.code,
    MEMBER_MISPLACED.code,
)
"""What explains whatever is found below it."""


def _advised(compiled: CompiledDocument, dialect: Dialect) -> list[Finding]:
    """What makes an operation worse to call joins its own findings; the rest, about what is written
    there, is said once, however many paths refer to it.
    """
    found: list[Finding] = []
    credentials = credentials_of(compiled.schemes)
    looked_at: set[Path] = set()
    for draft in compiled.drafts:
        described = Described(
            draft.place,
            draft.operation_id,
            draft.parameters,
            credentials,
            needs_responses=dialect.refs_stand_alone,
        )
        draft.found += [each for rule in OPERATION_RULES for each in rule(described)]
        if draft.place.pointer not in looked_at:
            looked_at.add(draft.place.pointer)
            found += [each for rule in FORM_RULES for each in rule(described)]
    return found


def _requirements(document: dict[str, Any], drafts: list[Draft]) -> list[Requirement]:
    """What the document and its operations ask for as `security`, each with its place."""
    own = [
        (draft.place.node.get("security"), (*draft.place.pointer, "security")) for draft in drafts
    ]
    return [(document.get("security"), ("security",)), *own]


def _unused(drafts: list[Draft], document: dict[str, Any], given: ServerRules) -> Iterator[Finding]:
    """What the builder said, and the document has no place for."""
    yield from unknown_variables(document, given.variables)
    origins = {draft.server.origin: draft.server.url for draft in drafts if draft.server}
    yield from unused_base_url(given.base_url, origins)


def _servers(drafts: list[Draft], reading: Reading) -> Iterator[Server]:
    places: dict[str, dict[str, Written]] = {}
    fallbacks = _fallbacks(drafts)
    for draft in drafts:
        server = draft.server
        if server and (server.origin in places or len(places) < MAX_SERVERS):
            places.setdefault(server.origin, {}).setdefault(server.pointer, server)
    for origin, written in places.items():
        first, *others = islice(written.values(), MAX_PLACES)
        edits = [edit for server in written.values() for edit in server.edits]
        line, column = reading.locator.place(first.pointer)
        https = tuple(edits[:MAX_EDITS])
        yield Server(
            origin,
            first.url,
            first.pointer,
            line,
            column,
            https,
            first.replacing,
            tuple(fallbacks.get(origin, ())),
            tuple(
                NamedAgain(
                    each.url, each.pointer, *reading.locator.place(each.pointer), each.replacing
                )
                for each in others
            ),
        )


def _fallbacks(drafts: list[Draft]) -> dict[str, list[Fallback]]:
    """By the origin that the operations have."""
    names: dict[tuple[str, str, tuple[Other, ...]], list[str]] = defaultdict(list)
    for draft in drafts:
        if draft.server and draft.others and draft.operation:
            names[draft.server.origin, draft.servers_place, draft.others].append(draft.name)
    found: dict[str, list[Fallback]] = defaultdict(list)
    for (origin, place, others), operations in names.items():
        found[origin].append(Fallback(place, others, tuple(operations)))
    return found


def _detected(draft: Draft, blockers: Blockers, doubts: Doubts) -> DetectedOperation:
    place = draft.place
    summary = place.node.get("summary") or place.node.get("description") or ""
    return DetectedOperation(
        draft.operation_id,
        draft.name,
        place.method,
        place.path,
        summary if isinstance(summary, str) else "",
        draft.consequential,
        _verdict(draft, doubts),
        pointers.join(place.pointer),
        draft.operation,
        draft.server.origin if draft.operation and draft.server else None,
        draft.unplaced,
        None if draft.operation else blockers.of(draft),
    )


def _verdict(draft: Draft, doubts: Doubts) -> Verdict:
    if draft.operation is None:
        return Verdict.BLOCKED
    if draft.warned or any(finding.severity is not Severity.NOTE for finding in draft.found):
        return Verdict.READY_WITH_WARNINGS
    return Verdict.READY_WITH_WARNINGS if doubts.concern(draft) else Verdict.READY


def _position(finding: Finding) -> tuple[int, int]:
    """Findings at the same place keep the order of their pointers."""
    return finding.line or 0, finding.column or 0


def _placed(finding: Finding, reading: Reading) -> Finding:
    if finding.line is not None:
        return finding
    return finding.placed(*reading.locator.place(finding.pointer))
