"""A whole document, compiled: its operations, and what there is to say about its parts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from schema_service.domain.compiling import rules, schema_rules, swagger
from schema_service.domain.compiling.context import Context
from schema_service.domain.compiling.dialect import Dialect
from schema_service.domain.compiling.json_schema.schemas import Schemas
from schema_service.domain.compiling.json_schema.typed import Written
from schema_service.domain.compiling.kept import Kept
from schema_service.domain.compiling.names import Names
from schema_service.domain.compiling.operations import Draft, compile_operation
from schema_service.domain.compiling.paths import equal_paths
from schema_service.domain.compiling.places import Place, places_of
from schema_service.domain.compiling.references import References
from schema_service.domain.compiling.security import credentials_of, schemes_of
from schema_service.domain.compiling.server.choice import ServerRules
from schema_service.domain.finding import Finding

KIB = 1024
_ALL_ARGUMENTS_BYTES = 64 * KIB * KIB
_MIN_ARGUMENTS_BYTES = 4 * KIB
_MAX_ARGUMENTS_BYTES = 256 * KIB
MAX_OPERATIONS = 6_000
MAX_PARAMETERS = 40_000
"""Counted for each operation that has them; path items may share one long list of them."""


@dataclass(frozen=True, slots=True)
class CompiledDocument:
    drafts: list[Draft]
    schemes: dict[str, Any]
    schemes_path: tuple[str, ...]
    references: References
    found: list[Finding] = field(default_factory=list)


def compile_document(
    document: dict[str, Any],
    dialect: Dialect,
    allowed: ServerRules,
    kept: Kept,
    written: Written,
) -> CompiledDocument:
    """`written` gives the characters of a scalar of the document's text."""
    found: list[Finding] = []
    own_uris = [uri for uri in (allowed.source_url, document.get("$self")) if isinstance(uri, str)]
    references = References(document, own_uris, written)
    is_swagger = dialect is Dialect.SWAGGER_2
    servers = swagger.servers_of(document, allowed.source_url) if is_swagger else None
    every = places_of(document, references, servers or document.get("servers"), found)
    places = _affordable(every, found)
    schemes = schemes_of(document, is_swagger=is_swagger)
    context = Context(
        document,
        dialect,
        references,
        Schemas(references, found, alone=dialect.refs_stand_alone),
        allowed,
        _room_for_each(len(places)),
        credentials_of(schemes),
        schemes=schemes,
        operation_ids=Names((*_declared_ids(places), *kept.operation_ids)),
        kept=kept,
        names=Names(kept.names),
    )
    drafts = [compile_operation(place, context) for place in places]
    if context.schemas.is_exhausted:
        found.append(schema_rules.COMBINED_TOO_OFTEN.at(()))
    found += equal_paths(document.get("paths"))
    path = ("securityDefinitions",) if is_swagger else ("components", "securitySchemes")
    return CompiledDocument(drafts, schemes, path, references, found)


def _affordable(places: Iterator[Place], found: list[Finding]) -> list[Place]:
    """The first so many; path items that refer to each other can stand for millions."""
    chosen: list[Place] = []
    parameters = 0
    for place in places:
        parameters += sum(len(each) for each, _ in place.parameters if isinstance(each, list))
        if len(chosen) >= MAX_OPERATIONS or parameters > MAX_PARAMETERS:
            finding = rules.OPERATIONS_TOO_MANY.at(place.pointer, limit=f"{len(chosen):,}")
            found.append(finding)
            break
        chosen.append(place)
    return chosen


def _room_for_each(operations: int) -> int:
    """Bytes of definitions for one operation, so that all together stay within memory."""
    each = _ALL_ARGUMENTS_BYTES // max(1, operations)
    return max(_MIN_ARGUMENTS_BYTES, min(_MAX_ARGUMENTS_BYTES, each))


def _declared_ids(places: list[Place]) -> Iterator[str]:
    for place in places:
        declared = place.node.get("operationId")
        if isinstance(declared, str):
            yield declared.strip()
