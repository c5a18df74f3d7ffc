"""Where a document's operations are (OAS 3.1, 4.8.8 and 4.8.9; 3.2 adds `additionalOperations`)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from contracts.wire import is_method
from schema_service.domain.compiling import rules
from schema_service.domain.compiling.looks import is_foreign_to_path_item, is_foreign_to_paths
from schema_service.domain.compiling.path_levels import fallen_out
from schema_service.domain.compiling.path_members import (
    METHODS,
    about_case,
    in_additional,
    is_method_key,
    member_meant,
    no_method,
    owner_of,
)
from schema_service.domain.compiling.references import Broken, Path, References
from schema_service.domain.compiling.wrong_types import wrong_type
from schema_service.domain.consent import is_consent
from schema_service.domain.finding import Finding

_TEMPLATE = re.compile(r"\{[^{}]+\}")
_BESIDE = frozenset({"$ref", "summary", "description", "servers", "parameters"})


@dataclass(frozen=True, slots=True)
class Place:
    """One method of one path.

    `servers` and `parameters` come with their places, from the operation outwards and from the
    path item inwards.
    """

    path: str
    """What a call matches: with a leading slash, without query and fragment."""
    path_as_written: str
    query: list[tuple[str, str]]
    """What stands behind the path's question mark, templates included."""
    method: str
    key: str
    node: dict[str, Any]
    pointer: Path
    item_pointer: Path
    servers: list[tuple[Any, Path]]
    parameters: list[tuple[Any, Path]]
    answers_of: str | None = None
    """The method above `responses` that stand beside the methods of the path item."""

    @property
    def shared(self) -> bool:
        """Whether the path item stands somewhere else, where other paths may refer to it too."""
        return self.pointer[: len(self.item_pointer)] != self.item_pointer

    @property
    def query_templates(self) -> dict[str, str]:
        """Of query members that are nothing but a template: the template's name, and theirs."""
        return {v[1:-1]: name for name, v in self.query if _TEMPLATE.fullmatch(v)}

    @property
    def has_mixed_query(self) -> bool:
        """A template amid other text, which no parameter can stand for."""
        return any("{" in v and not _TEMPLATE.fullmatch(v) for _, v in self.query)


def places_of(
    document: dict[str, Any], references: References, servers: Any, found: list[Finding]
) -> Iterator[Place]:
    paths = document.get("paths")
    if not isinstance(paths, dict) or not paths:
        if paths is None or paths == {}:
            found.append(rules.PATHS_MISSING.at(["paths"]))
        else:
            found.append(wrong_type(("paths",), name="paths", wanted="an object"))
        return
    fallen = fallen_out(paths)
    found += fallen.found
    for path, item in paths.items():
        if (path == "servers" and not servers) or path in fallen.places:
            continue  # `misplaced_servers` has the finding, or `fallen_out`
        if is_foreign_to_paths(path, item):
            continue  # `linting.strays` has it
        if not path.startswith("x-"):
            yield from _of_item(path, item, references, servers, found)


def _of_item(
    path: str, item: Any, references: References, servers: Any, found: list[Finding]
) -> Iterator[Place]:
    here: Path = ("paths", path)
    target = references.follow(item, here)
    if isinstance(target, Broken):
        found.append(target.at((*here, "$ref")))
        return
    if not isinstance(target.value, dict):
        found.append(wrong_type(here, name=f"Path {path}", wanted="an object"))
        return
    node = target.value if target.value is item else {**item, **target.value}
    own_members = frozenset(target.value)
    answers_of = owner_of("responses", node)
    around = _Around(path, here, target.path, node, servers, own_members, answers_of)
    for key, value in node.items():
        pointer = around.at(key)
        if key == "additionalOperations" and isinstance(value, dict):
            yield from _additional(value, around, pointer, found)
        elif is_method_key(key, node):
            yield from _of_method(key, value, around, pointer, found)
        elif not _is_beside(key, value):
            paths = references.document["paths"]
            own = node if node is item else {}
            found.append(no_method(path, key, value, pointer, paths, own))


def _is_beside(key: str, value: Any) -> bool:
    """Whether it is no slip of a method's name: `linting` says what it is."""
    if key in _BESIDE or key.startswith("x-"):
        return True
    if is_foreign_to_path_item(key, value):
        return True
    return is_consent(key) or member_meant(key, value) is not None


def _of_method(
    key: str, operation: Any, around: "_Around", pointer: Path, found: list[Finding]
) -> Iterator[Place]:
    if not isinstance(operation, dict):
        found.append(wrong_type(pointer, name=f"Method {key}", wanted="an object"))
        return
    if not key.islower():
        found.append(about_case(around.path, key, pointer))
    yield around.place(key.upper(), key, operation, pointer)


def _additional(
    operations: dict[str, Any], around: "_Around", pointer: Path, found: list[Finding]
) -> Iterator[Place]:
    """Methods that have no key of their own, in the letter case in which they are sent (OAS 3.2,
    4.9.1).
    """
    for method, operation in operations.items():
        where = (*pointer, method)
        if not is_method(method) or method.lower() in around.node:
            found.append(_no_additional(method, operations, around, where))
        elif not isinstance(operation, dict):
            name = f"Method {method}"
            found.append(wrong_type(where, name=name, wanted="an object"))
        else:
            yield around.place(method, method, operation, where)


def _no_additional(
    method: str, operations: dict[str, Any], around: "_Around", where: Path
) -> Finding:
    known, operation = method.lower(), operations[method]
    if known in METHODS and isinstance(operation, dict):
        if {known, known.upper()}.isdisjoint(around.node):
            return in_additional(around.path, method, where, operations)
        return no_method(around.path, method, operation, where)
    return no_method(around.path, method, None, where)


@dataclass(frozen=True, slots=True)
class _Around:
    """A path item, and what is around its operations."""

    path: str
    pointer: Path
    item_pointer: Path
    node: dict[str, Any]
    servers: Any
    referred: frozenset[str]
    """Members that stand in the item itself: others stand beside the reference to it, and are this
    path's alone.
    """
    answers_of: str | None
    """As that of each `Place`."""

    def at(self, key: str) -> Path:
        return (*(self.item_pointer if key in self.referred else self.pointer), key)

    def place(self, method: str, key: str, operation: dict[str, Any], pointer: Path) -> Place:
        plain, query = _plain(self.path)
        return Place(
            plain,
            self.path,
            query,
            method,
            key,
            operation,
            pointer,
            self.pointer,
            [
                (operation.get("servers"), (*pointer, "servers")),
                (self.node.get("servers"), self.at("servers")),
                (self.servers, ("servers",)),
            ],
            [
                (self.node.get("parameters"), self.at("parameters")),
                (operation.get("parameters"), (*pointer, "parameters")),
            ],
            self.answers_of,
        )


def _plain(written: str) -> tuple[str, list[tuple[str, str]]]:
    path, _, query = written.strip().partition("#")[0].partition("?")
    return (path if path.startswith("/") else f"/{path}"), parse_qsl(query, keep_blank_values=True)
