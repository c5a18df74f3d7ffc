"""A JSON Schema validator's errors in words a builder understands."""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from schema_service.domain.compiling.dialect import Dialect
from schema_service.domain.finding import Edit, Finding
from schema_service.domain.linting import rules
from schema_service.domain.linting.meta_schemas import INSTANCE

Kind = jsonschema_rs.ValidationErrorKind
Path = list[str | int]


def findings_of(error: Any, dialect: Dialect) -> Iterator[Finding]:
    """One finding for each mistake; of alternatives, about the one that was most likely meant."""
    kind, path = error.kind, list(error.instance_path)
    match kind:
        case Kind.AnyOf() | Kind.OneOfNotValid():
            yield from _of_alternatives(kind.context, path, dialect)
        case Kind.Required():
            yield _missing(path, kind.property)
        case Kind.AdditionalProperties() | Kind.UnevaluatedProperties():
            for name in kind.unexpected:
                yield rules.MEMBER_UNKNOWN.at([*path, name], name=name)
        case Kind.Type():
            yield rules.VALUE_OF_WRONG_TYPE.at(path, types=" or ".join(map(str, kind.types)))
        case Kind.Enum() | Kind.Constant() | Kind.Pattern() | Kind.Format():
            reason = error.message.removeprefix(INSTANCE).strip()
            yield _not_allowed(path, reason, dialect)
        case _:
            yield rules.NOT_TO_SPECIFICATION.at(path, dialect=dialect)


def _not_allowed(path: Path, reason: str, dialect: Dialect) -> Finding:
    finding = rules.VALUE_NOT_ALLOWED.at(path, reason=reason)
    if path != ["openapi"]:
        return finding
    version = f"{dialect}.0"
    return finding.repaired_by(f"Write {version}", Edit("replace", "/openapi", version))


def _missing(path: Path, name: str) -> Finding:
    finding = rules.MEMBER_MISSING.at([*path, name], name=name)
    if name not in _USUAL:
        return finding
    edit = Edit("add", finding.pointer, _USUAL[name])
    return finding.repaired_by(f"Add {name}", edit)


_USUAL: Mapping[str, Any] = {
    "description": "-",
    "info": {"title": "Untitled", "version": "1.0.0"},
    "paths": {},
    "responses": {"default": {"description": "-"}},
    "title": "Untitled",
    "version": "1.0.0",
}
"""What stands in for a missing member without saying anything."""


def _of_alternatives(branches: list[list[Any]], path: Path, dialect: Dialect) -> Iterator[Finding]:
    meant = [branch for branch in branches if branch and not _wants_reference(branch)]
    if len(meant) != 1 and not any(_depth(branch) > len(path) for branch in meant):
        yield rules.NOT_TO_SPECIFICATION.at(path, dialect=dialect)
        return
    for error in max(meant, key=_depth):
        yield from findings_of(error, dialect)


def _wants_reference(branch: list[Any]) -> bool:
    """The alternative *or a $ref*, where there is none."""
    return any(isinstance(e.kind, Kind.Required) and e.kind.property == "$ref" for e in branch)


def _depth(branch: list[Any]) -> int:
    """How far into the value the alternative came before it failed."""
    return max(len(error.instance_path) for error in branch)
