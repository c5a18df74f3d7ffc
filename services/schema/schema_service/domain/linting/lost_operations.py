"""Paths and methods where none belong: nothing calls their operations, and a text whose line begins
in the wrong column may read so.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from schema_service.domain.compiling.dialect import Dialect
from schema_service.domain.compiling.path_rules import (
    METHOD_BESIDE_PATH,
    OPERATIONS_LOST,
    PATH_INSIDE_OPERATION,
    PATH_INSIDE_PATH,
)
from schema_service.domain.finding import Finding
from schema_service.domain.linting.known_members import MEMBERS
from schema_service.domain.linting.misspelt_members import objects
from schema_service.domain.reading import openapi_names
from schema_service.domain.reading.rules import PATHS_AT_MARGIN

MAX_FINDINGS = 20
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_OF_OPERATIONS = frozenset({"operationId", "responses", "requestBody"})
_OWN = frozenset({"schema", "swagger parameter", "swagger header"})
"""Objects whose members may have any name."""
_LOST = frozenset(
    rule.code
    for rule in (
        METHOD_BESIDE_PATH,
        OPERATIONS_LOST,
        PATHS_AT_MARGIN,
        PATH_INSIDE_OPERATION,
        PATH_INSIDE_PATH,
    )
)
_Path = tuple[str | int, ...]


def with_lost_operations(
    found: list[Finding], document: dict[str, Any], dialect: Dialect
) -> list[Finding]:
    """In place of what else was said there. Where operations are lost, other findings have no
    repair: what is invalid because a line is in the wrong column must not become valid without
    them.
    """
    said = {each.pointer for each in found if each.code in _LOST}
    lost = [each for each in _lost(document, dialect) if each.pointer not in said]
    if not said and not lost:
        return found
    places = {each.pointer for each in lost}
    others = [each for each in found if each.pointer not in places]
    kept = [each if _may_stay(each) else replace(each, repair=None) for each in others]
    return [*kept, *lost[:MAX_FINDINGS]]


def _may_stay(finding: Finding) -> bool:
    """What edits the text may be what brings them back."""
    edits = finding.repair.edits if finding.repair else ()
    return finding.code in _LOST or any(edit.op == "text" for edit in edits)


def _lost(document: dict[str, Any], dialect: Dialect) -> Iterator[Finding]:
    for node, kind, path in objects(document, dialect):
        if _is_misplaced(node, kind, path):
            yield OPERATIONS_LOST.at(path, name=path[-1])
        answers = node.get("responses") if kind == "operation" else None
        for name in answers if isinstance(answers, dict) else ():
            if str(name).startswith("/"):
                yield OPERATIONS_LOST.at((*path, "responses", name), name=name)
        if kind in _OWN or MEMBERS[kind].keys() >= node.keys():
            continue
        for name, value in node.items():
            if name not in MEMBERS[kind] and _is_lost(name, value, kind):
                yield OPERATIONS_LOST.at((*path, name), name=name)


def _is_misplaced(node: dict[str, Any], kind: str, path: _Path) -> bool:
    """Among the paths, or among the answers, where any name may stand."""
    if kind == "path":
        return path[:-1] == ("paths",) and _is_no_path(node, path[-1])
    return kind == "response" and _is_method(path[-1], node)


def _is_no_path(node: dict[str, Any], name: str | int) -> bool:
    """`responses`, with the next method below it."""
    return name in openapi_names.PLAIN and any(_is_method(key, node[key]) for key in node)


def _is_lost(name: Any, value: Any, kind: str) -> bool:
    if not isinstance(name, str):
        return False
    if not name.startswith("/"):
        return kind != "path" and _is_method(name, value)
    if kind == "path":
        return value is None  # a path with methods has a rule of its own there
    has_methods = isinstance(value, dict) and not _METHODS.isdisjoint(value)
    return value is None or has_methods


def _is_method(name: Any, value: Any) -> bool:
    is_operation = isinstance(value, dict) and not _OF_OPERATIONS.isdisjoint(value)
    return name in _METHODS and is_operation
