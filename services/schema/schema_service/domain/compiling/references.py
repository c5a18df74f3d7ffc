"""References within one document (OAS 4.8.23, RFC 3986, RFC 6901). Nothing is ever fetched."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from schema_service.domain import pointers
from schema_service.domain.compiling import rules
from schema_service.domain.finding import Rule

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a chain of references ends."""

    value: Any
    path: Path


@dataclass(frozen=True, slots=True)
class Broken:
    """A reference that leads nowhere, and why."""

    rule: Rule
    reference: str


class References:
    """Follows each distinct reference once."""

    def __init__(self, document: dict[str, Any], own_uris: Iterable[str] = ()) -> None:
        self._document = document
        self._own_uris = frozenset(own_uris)
        self._targets: dict[str, Target | Broken] = {}
        self._anchors: dict[str, Path] | None = None

    def follow(self, node: Any, path: Path) -> Target | Broken:
        """The node itself, or what its `$ref` leads to in the end."""
        if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
            return Target(node, path)
        return self.target(node["$ref"])

    def target(self, reference: str) -> Target | Broken:
        found = self._targets.get(reference)
        if found is None:
            found = self._targets[reference] = self._resolve(reference)
        return found

    def _resolve(self, reference: str) -> Target | Broken:
        seen: set[str] = set()
        current = reference
        while True:
            if current in seen:
                return Broken(rules.REFERENCE_CYCLE, reference)
            seen.add(current)
            step = self._step(current)
            if isinstance(step, Broken):
                return Broken(step.rule, current)
            value = step.value
            if not isinstance(value, dict) or not _is_alias(value):
                return step
            current = value["$ref"]

    def _step(self, reference: str) -> Target | Broken:
        uri, _, fragment = reference.partition("#")
        if uri and uri not in self._own_uris:
            return Broken(rules.REFERENCE_REMOTE, reference)
        path = self._path_of(unquote(fragment))
        value = pointers.MISSING if path is None else pointers.look_up(self._document, path)
        if path is None or value is pointers.MISSING:
            return Broken(rules.REFERENCE_DANGLING, reference)
        return Target(value, path)

    def _path_of(self, fragment: str) -> Path | None:
        if not fragment or fragment.startswith("/"):
            return tuple(pointers.split(fragment))
        if self._anchors is None:
            self._anchors = dict(_anchors(self._document))
        return self._anchors.get(fragment)


def _is_alias(node: dict[str, Any]) -> bool:
    """A reference and nothing else, so that what it points to can stand for it."""
    return isinstance(node.get("$ref"), str) and all(
        key in ("$ref", "description", "summary") for key in node
    )


def _anchors(document: dict[str, Any]) -> Iterable[tuple[str, Path]]:
    """Every `$anchor` and `$dynamicAnchor` (JSON Schema 2020-12, 8.2.2) with its place."""
    stack: list[tuple[Any, Path]] = [(document, ())]
    while stack:
        node, path = stack.pop()
        if isinstance(node, dict):
            for keyword in ("$anchor", "$dynamicAnchor"):
                if isinstance(node.get(keyword), str):
                    yield node[keyword], path
            stack += [(value, (*path, key)) for key, value in node.items()]
        elif isinstance(node, list):
            stack += [(value, (*path, index)) for index, value in enumerate(node)]
