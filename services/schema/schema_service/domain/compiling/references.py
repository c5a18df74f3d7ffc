"""References within one document (OAS 4.8.23, RFC 3986, RFC 6901). Nothing is ever fetched."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeGuard
from urllib.parse import unquote, urljoin

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
        """`own_uris` are the document's names for itself: where it came from, its `$self`."""
        self._document = document
        self._own_uris = tuple(own_uris)
        self._targets: dict[str, Target | Broken] = {}
        self._anchors: dict[str, Path] | None = None

    def follow(self, node: Any, path: Path) -> Target | Broken:
        """The node itself, or what its `$ref` leads to in the end."""
        if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
            return Target(node, path)
        return self.target(node["$ref"])

    def target(self, reference: str) -> Target | Broken:
        if reference not in self._targets:
            self._resolve(reference)
        return self._targets[reference]

    def _resolve(self, reference: str) -> None:
        """Everything on the way has the same end, so that a long chain is walked only once."""
        passed: dict[str, None] = {}
        current = reference
        while current not in passed and current not in self._targets:
            passed[current] = None
            end = self._step(current)
            if isinstance(end, Broken) or not _is_alias(end.value):
                break
            current = end.value["$ref"]
        else:
            end = self._targets.get(current) or Broken(rules.REFERENCE_CYCLE, current)
        for each in passed:
            self._targets[each] = Broken(end.rule, each) if _is_cycle(end) else end

    def _step(self, reference: str) -> Target | Broken:
        uri, _, fragment = reference.partition("#")
        if uri and not self._is_own(uri):
            return Broken(rules.REFERENCE_REMOTE, reference)
        path = self._path_of(unquote(fragment))
        value = pointers.MISSING if path is None else pointers.look_up(self._document, path)
        if path is None or value is pointers.MISSING:
            return Broken(rules.REFERENCE_DANGLING, reference)
        return Target(value, path)

    def _is_own(self, uri: str) -> bool:
        """A relative one is resolved first (RFC 3986, 5.2)."""
        try:
            return any(urljoin(own, uri) == own for own in self._own_uris)
        except ValueError:
            return False

    def _path_of(self, fragment: str) -> Path | None:
        if not fragment or fragment.startswith("/"):
            return tuple(pointers.split(fragment))
        if self._anchors is None:
            self._anchors = dict(_anchors(self._document))
        return self._anchors.get(fragment)


def _is_alias(node: Any) -> bool:
    """A reference and nothing else, so that what it points to can stand for it."""
    return (
        isinstance(node, dict)
        and isinstance(node.get("$ref"), str)
        and all(key in ("$ref", "description", "summary") for key in node)
    )


def _is_cycle(end: Target | Broken) -> TypeGuard[Broken]:
    return isinstance(end, Broken) and end.rule is rules.REFERENCE_CYCLE


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
