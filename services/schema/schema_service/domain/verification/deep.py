"""The findings of openapi-spec-validator about a document, part by part.

To be run in a process of its own that may be killed: it takes seconds for large documents and can
be made to take for ever. An exception in one part never loses the others.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped] # has no stubs
from jsonschema_path.paths import SchemaPath
from openapi_spec_validator.validation.exceptions import (
    DuplicateOperationIDError,
    ExtraParametersError,
    ParameterDuplicateError,
    UnresolvableParameterError,
)
from referencing.exceptions import Unresolvable

from schema_service.domain import pointers
from schema_service.domain.compiling.dialect import Dialect, dialect_of
from schema_service.domain.compiling.path_members import METHODS
from schema_service.domain.finding import Finding
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.verification import rules
from schema_service.domain.verification.placed_validators import rules_for

MAX_FINDINGS = 500
_SEPARATOR = "\0"
"""Between the steps of a path; the default, #, stands in paths of real documents."""
_SAID_ALREADY = (DuplicateOperationIDError, ParameterDuplicateError, UnresolvableParameterError)

Path = tuple[str, ...]
Check = Callable[[], Iterator[ValidationError]]


class RemoteReference(Exception):
    """The document points out of itself, and nothing is fetched for that."""


class _Refusing(dict[str, Any]):
    """A handler for every scheme: for those it lacks, the library would open the URL itself."""

    def __contains__(self, scheme: object) -> bool:
        return True

    def __missing__(self, scheme: str) -> Callable[[str], Any]:
        def refuse(uri: str) -> Any:
            raise RemoteReference(uri)

        return refuse


def verify(raw: bytes) -> list[Finding]:
    """The findings of the whole document, with lines and columns. Never raises."""
    reading = read_document(raw)
    if reading.document is None:
        return []
    dialect, _ = dialect_of(reading.document)
    found: dict[tuple[str, str], Finding] = {}
    for finding in deep_findings(reading.document, dialect):
        found.setdefault((finding.pointer, finding.code), finding)
        if len(found) >= MAX_FINDINGS:
            break
    return [finding.placed(*reading.locator.place(finding.pointer)) for finding in found.values()]


def deep_findings(document: dict[str, Any], dialect: Dialect) -> Iterator[Finding]:
    """As they come; whoever runs out of time keeps those that came."""
    root = SchemaPath.from_dict(
        document, separator=_SEPARATOR, handlers=_Refusing(), resolved_cache_maxsize=128
    )
    for path, check in _checks(document, root, dialect):
        try:
            for error in check():
                yield from _finding_of(error, path)
        except (RemoteReference, Unresolvable):
            continue  # our own rules have said so
        except Exception as error:  # noqa: BLE001 - it raises whatever dirty documents provoke
            yield rules.NOT_VERIFIED.at(path, reason=type(error).__name__)


def _checks(
    document: dict[str, Any], root: SchemaPath, dialect: Dialect
) -> Iterator[tuple[Path, Check]]:
    registry = rules_for(dialect)
    if isinstance(document.get("tags"), list):
        yield ("tags",), partial(_rule, registry, "tags", root, ("tags",))
    for path, item in _objects(document.get("paths")):
        for key, _ in _objects(item):
            if key in METHODS:
                where = ("paths", path, key)
                yield where, partial(_operation, registry, root, where)
        if "parameters" in item:
            where = ("paths", path, "parameters")
            yield where, partial(_rule, registry, "parameters", root, where)
    is_swagger = dialect is Dialect.SWAGGER_2
    section = ("definitions",) if is_swagger else ("components", "schemas")
    for name, _ in _objects(pointers.look_up(document, section)):
        where = (*section, name)
        yield where, partial(_rule, registry, "schema", root, where)


def _rule(registry: Any, name: str, root: SchemaPath, where: Path) -> Iterator[ValidationError]:
    yield from registry[name](_at(root, where))


def _operation(registry: Any, root: SchemaPath, where: Path) -> Iterator[ValidationError]:
    _, path, method = where
    item = root / "paths" / path
    shared = item / "parameters" if "parameters" in item else None
    yield from registry["operation"](path, method, item / method, shared)


def _at(root: SchemaPath, steps: Path) -> SchemaPath:
    here = root
    for step in steps:
        here = here / step
    return here


def _objects(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, value in node.items() if isinstance(node, dict) else ():
        if isinstance(value, dict):
            yield key, value


def _finding_of(error: ValidationError, path: Path) -> Iterator[Finding]:
    if isinstance(error, _SAID_ALREADY):
        return
    place = getattr(error, "place", path)
    if getattr(error, "about_default", False):
        rule = rules.DEFAULT_INVALID
    elif isinstance(error, ExtraParametersError):
        rule = rules.REQUIRED_UNDEFINED
    else:
        rule = rules.SCHEMA_INVALID if hasattr(error, "place") else rules.DOCUMENT_INVALID
    yield rule.at(place, reason=error.message)
