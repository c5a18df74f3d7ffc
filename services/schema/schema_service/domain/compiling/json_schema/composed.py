"""What a schema says together with those that it is made of: its `allOf`, its references."""

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from schema_service.domain.compiling.references import Path, References, Target

MAX_PARTS = 200
"""Schemas that one is made of; the rest of a larger one is not looked at."""
MAX_PARTS_IN_ALL = 1_000_000
"""Of one document, counted whenever they are gone through, some microseconds each; then a schema is
looked at without what it is made of."""
NOTHING: frozenset[str] = frozenset()
T = TypeVar("T")


class Composed:
    """Of one document."""

    def __init__(self, references: References, most: int = MAX_PARTS_IN_ALL) -> None:
        self._references = references
        self._left = most
        self._read_only = _Kept[frozenset[str]]()
        self._are_read_only = _Kept[bool]()
        self._required = _Kept[frozenset[str]]()
        self.alike: dict[tuple[str, ...], bool] = {}
        """Of branches that are nothing but these references: whether they are alike."""

    @property
    def is_exhausted(self) -> bool:
        """Whether schemas are looked at alone from now on."""
        return self._left < 0

    def parts(self, node: Any, path: Path) -> Iterator[tuple[dict[str, Any], Path]]:
        """The schema itself and all that apply with it, each with its place, each once."""
        waiting, seen = [(node, path)], set[int]()
        while waiting and len(seen) < MAX_PARTS:
            here, where = waiting.pop(0)
            if not isinstance(here, dict) or id(here) in seen:
                continue
            seen.add(id(here))
            yield here, where
            self._left -= 1
            if self._left < 0:
                return
            if "$ref" in here:
                target = self._references.target(here["$ref"])
                if isinstance(target, Target):
                    waiting.append((target.value, target.path))
            several = here.get("allOf")
            if isinstance(several, list):
                waiting += [(each, (*where, "allOf", i)) for i, each in enumerate(several)]

    def members(self, node: Any, path: Path) -> dict[str, tuple[Any, Path]]:
        """Its properties, each with its place, those of the outermost schema first."""
        found: dict[str, tuple[Any, Path]] = {}
        for part, where in self.parts(node, path):
            properties = part.get("properties")
            for name, each in properties.items() if isinstance(properties, dict) else ():
                found.setdefault(name, (each, (*where, "properties", name)))
        return found

    def read_only(self, node: dict[str, Any]) -> frozenset[str]:
        """Members that are only ever received (OAS 3.0.4, 4.7.24.2): nobody is asked for them."""
        if "properties" not in node and "allOf" not in node:
            return NOTHING
        alone = "allOf" not in node and "$ref" not in node
        return self._read_only.of(node, self._own_read_only if alone else self._read_only_members)

    def _own_read_only(self, node: dict[str, Any]) -> frozenset[str]:
        properties = node.get("properties")
        if not isinstance(properties, dict):
            return NOTHING
        names = [name for name, each in properties.items() if self.is_read_only(each)]
        return frozenset(names) if names else NOTHING

    def _read_only_members(self, node: dict[str, Any]) -> frozenset[str]:
        each = [self._own_read_only(part) for part, _ in self.parts(node, ())]
        return NOTHING.union(*each)

    def is_read_only(self, node: Any) -> bool:
        if not isinstance(node, dict):
            return False
        if node.get("readOnly") is True:
            return True
        if "$ref" not in node and "allOf" not in node:
            return False
        target = self._references.follow(node, ())
        whole = target.value if isinstance(target, Target) and "allOf" not in node else node
        return isinstance(whole, dict) and self._are_read_only.of(whole, self._says_read_only)

    def _says_read_only(self, node: dict[str, Any]) -> bool:
        if "$ref" not in node and "allOf" not in node:
            return node.get("readOnly") is True
        return any(part.get("readOnly") is True for part, _ in self.parts(node, ()))

    def required(self, node: dict[str, Any]) -> frozenset[str]:
        """All that it, or what it is made of, requires."""
        return self._required.of(node, self._all_required)

    def _all_required(self, node: dict[str, Any]) -> frozenset[str]:
        lists = [part.get("required") for part, _ in self.parts(node, ())]
        return frozenset(
            name
            for names in lists
            if isinstance(names, list)
            for name in names
            if isinstance(name, str)
        )


class _Kept(Generic[T]):
    """What was found out about a schema, by identity; it holds the schema, so that no other one
    has its place in memory meanwhile.
    """

    def __init__(self) -> None:
        self._found: dict[int, tuple[dict[str, Any], T]] = {}

    def of(self, node: dict[str, Any], find: Callable[[dict[str, Any]], T]) -> T:
        known = self._found.get(id(node))
        if known is None:
            known = self._found[id(node)] = node, find(node)
        return known[1]
