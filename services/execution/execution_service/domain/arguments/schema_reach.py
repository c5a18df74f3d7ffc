"""How often a schema may come to one value, known before any value is seen.

Two alternatives that both name a member whose schema is the next one's double the work with each
level. The validator remembers what it found of a value only where a schema refers to itself; where
a hundred schemas refer to one another in a row, it starts anew each time.
"""

from collections.abc import Iterator
from math import inf
from typing import Any, NamedTuple

from execution_service.domain.arguments.keyword_cost import keyword_cost
from execution_service.domain.arguments.schema_weight import in_place, times_looked_at

MAX_DEPTH = 200
"""Of schemas within schemas; beyond, the number is infinite."""


class Reach(NamedTuple):
    steps: float
    """The most for one value and one path of values within it; an estimate that is rather high."""
    refers_to_itself: bool


def reach(root: dict[str, Any]) -> Reach:
    walk = _Walk(root)
    return Reach(walk.of(root, 0), walk.cycles)


class _Walk:
    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self._known: dict[int, float | None] = {}
        """By the schema's identity; None while it is looked at."""
        self.cycles = False

    def of(self, schema: Any, depth: int) -> float:
        if not isinstance(schema, dict):
            return 1
        if id(schema) not in self._known:
            if depth == MAX_DEPTH:
                return inf
            self._known[id(schema)] = None
            total: float = 1 + keyword_cost(schema)
            times = times_looked_at(schema)
            for part in in_place(schema, self._root):
                total += times * self.of(part, depth + 1)
            total += self._most_within(schema, depth + 1)
            self._known[id(schema)] = total
        known = self._known[id(schema)]
        self.cycles = self.cycles or known is None
        return known or 0

    def _most_within(self, schema: dict[str, Any], depth: int) -> float:
        """Of one member or item: the one that has most."""
        named: float = 0
        for keyword in ("properties", "prefixItems"):
            for each in _schemas(schema.get(keyword)):
                named = max(named, self.of(each, depth))
        for each in _for_any(schema):
            named += self.of(each, depth)
        return named


_ANY = (
    "additionalProperties",
    "propertyNames",
    "items",
    "contains",
    "unevaluatedProperties",
    "unevaluatedItems",
)
_TWICE = ("unevaluatedProperties", "unevaluatedItems")
"""Looked at to say what is evaluated, and to say what is wrong."""


def _for_any(schema: dict[str, Any]) -> Iterator[Any]:
    yield from _schemas(schema.get("patternProperties"))
    yield from (schema[keyword] for keyword in _ANY if keyword in schema)
    yield from (schema[keyword] for keyword in _TWICE if keyword in schema)


def _schemas(found: Any) -> Iterator[Any]:
    if isinstance(found, dict):
        yield from found.values()
    elif isinstance(found, list):
        yield from found
