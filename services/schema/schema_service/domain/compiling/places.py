"""Where a document's operations are (OAS 3.1, 4.8.8 and 4.8.9; 3.2 adds `additionalOperations`)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from schema_service.domain.compiling import rules
from schema_service.domain.compiling.references import Broken, Path, References
from schema_service.domain.finding import Finding

METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "query"})
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
            found.append(rules.WRONG_TYPE.at(["paths"], name="paths", wanted="an object"))
        return
    for path, item in paths.items():
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
        found.append(rules.WRONG_TYPE.at(here, name=f"Path {path}", wanted="an object"))
        return
    plain, query = _plain(path)
    node = target.value if target.value is item else {**item, **target.value}
    for key, operation in node.items():
        pointer = (*target.path, key)
        if key in METHODS and isinstance(operation, dict):
            yield Place(
                plain,
                path,
                query,
                key.upper(),
                key,
                operation,
                pointer,
                here,
                [
                    (operation.get("servers"), (*pointer, "servers")),
                    (node.get("servers"), (*target.path, "servers")),
                    (servers, ("servers",)),
                ],
                [
                    (node.get("parameters"), (*target.path, "parameters")),
                    (operation.get("parameters"), (*pointer, "parameters")),
                ],
            )
        elif key in METHODS:
            found.append(rules.WRONG_TYPE.at(pointer, name=f"Method {key}", wanted="an object"))
        elif key == "additionalOperations" and isinstance(operation, dict):
            found += [
                rules.METHOD_UNKNOWN.at((*pointer, name), path=path, method=name)
                for name in operation
            ]
        elif key not in _BESIDE and not key.startswith("x-"):
            found.append(rules.METHOD_UNKNOWN.at(pointer, path=path, method=key))


def _plain(written: str) -> tuple[str, list[tuple[str, str]]]:
    path, _, query = written.partition("#")[0].partition("?")
    return (path if path.startswith("/") else f"/{path}"), parse_qsl(query, keep_blank_values=True)
