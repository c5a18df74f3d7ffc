"""How many steps the validator takes to say all that is wrong with a value.

It goes through every alternative of a value that fits none, so a schema that comes to the same
value in two ways takes twice as long with each level of the arguments. Here each pair of a schema
and a value is counted once, and its number used again: time goes by the pairs.
"""

from collections.abc import Iterator, Mapping
from itertools import repeat
from math import inf
from typing import Any, Final

from execution_service.domain.arguments.schema_weight import in_place, times_looked_at

MAX_STEPS: Final = 5_000
"""Within which all faults are looked for, at up to 45 µs each where alternatives are nested: the
errors of the inner ones are read again with those of the outer ones."""
_MAX_PAIRS: Final = 30_000
"""Counted; the number for more is infinite."""
_MAX_DEPTH: Final = 500
"""Of pairs within pairs: each is a call of Python's."""
_LISTED_A_STEP: Final = 8
"""Values that are listed, which are copied at once."""
_UNIONS: Final = frozenset({"anyOf", "oneOf"})

_Pair = tuple[Any, Any]


def steps(root: dict[str, Any], value: Any, *, unions: bool = True) -> float:
    """Infinite where there are too many to count. Without `unions`, as if the alternatives of each
    were one step.
    """
    return _Count(root, unions=unions).of(root, value, 0)


class _Count:
    def __init__(self, root: dict[str, Any], *, unions: bool) -> None:
        self._root = root
        self._left_out = frozenset[str]() if unions else _UNIONS
        self._known: dict[tuple[int, int], float] = {}
        """By the identities of a schema and a value, which both stay as long as this does."""

    def of(self, schema: Any, value: Any, depth: int) -> float:
        if not isinstance(schema, dict):
            return 1
        pair = id(schema), id(value)
        if pair not in self._known:
            if depth == _MAX_DEPTH or len(self._known) == _MAX_PAIRS:
                return inf
            self._known[pair] = 0  # while it is counted: the validator cuts such cycles itself
            total: float = _own(schema, value)
            for inner, within in self._pairs(schema, value):
                total += self.of(inner, within, depth + 1)
            self._known[pair] = total
        return self._known[pair]

    def _pairs(self, schema: dict[str, Any], value: Any) -> Iterator[_Pair]:
        applied = {key: each for key, each in schema.items() if key not in self._left_out}
        for part in in_place(applied, self._root):
            yield from repeat((part, value), times_looked_at(schema))
        if isinstance(value, dict):
            yield from _of_members(schema, value)
        elif isinstance(value, list):
            yield from _of_items(schema, value)


def _own(schema: Mapping[str, Any], value: Any) -> int:
    """An error names each member that is missing, and repeats what is listed."""
    missing = len(schema.get("required", ())) if isinstance(value, dict) else 0
    return 1 + missing + len(schema.get("enum", ())) // _LISTED_A_STEP


def _of_members(schema: Mapping[str, Any], value: dict[str, Any]) -> Iterator[_Pair]:
    """All patterns count for every member: to match them is the validator's work."""
    named = schema.get("properties", {})
    for name, member in value.items():
        if name in named:
            yield named[name], member
        elif "additionalProperties" in schema:
            yield schema["additionalProperties"], member
        for other in schema.get("patternProperties", {}).values():
            yield other, member
        if "unevaluatedProperties" in schema:
            yield from repeat((schema["unevaluatedProperties"], member), 2)
        if "propertyNames" in schema:
            yield schema["propertyNames"], name


def _of_items(schema: Mapping[str, Any], value: list[Any]) -> Iterator[_Pair]:
    first = schema.get("prefixItems", ())
    for index, item in enumerate(value):
        if index < len(first):
            yield first[index], item
        elif "items" in schema:
            yield schema["items"], item
        if "contains" in schema:
            yield schema["contains"], item
        if "unevaluatedItems" in schema:
            yield from repeat((schema["unevaluatedItems"], item), 2)
