"""How many steps the validator takes to say all that is wrong with a value.

It goes through every alternative of a value that fits none, so a schema that comes to the same
value in two ways takes twice as long with each level of the arguments. Here each pair of a schema
and a value is counted once, and its number used again. A schema may still have hundreds of patterns
and a value thousands of names: counting ends after so many looks at a pair.
"""

from collections.abc import Iterator, Mapping
from itertools import repeat
from math import inf
from typing import Any, Final

from execution_service.domain.arguments.keyword_cost import keyword_cost
from execution_service.domain.arguments.schema_weight import in_place, times_looked_at

MAX_STEPS: Final = 5_000
"""Within which all faults are looked for, at up to 45 µs each where alternatives are nested: the
errors of the inner ones are read again with those of the outer ones."""
MAX_LOOKS: Final = 40_000
"""At pairs, at 1 µs each; the number for more is infinite."""
_LOOKS_AT_A_NEW_ONE: Final = 4
_PASSED_A_LOOK: Final = 8
"""Members or items that are gone through in the time of a look."""
CHARACTERS_A_STEP: Final = 32
"""Of a text that a pattern is looked for in."""
_MAX_DEPTH: Final = 500
"""Of pairs within pairs: each is a call of Python's."""
_LISTED_A_STEP: Final = 8
"""Values that are listed, which are copied at once."""
_UNIONS: Final = frozenset({"anyOf", "oneOf"})

_Pair = tuple[Any, Any]


def steps(
    root: dict[str, Any], value: Any, *, unions: bool = True, only_asked: bool = False
) -> float:
    """Infinite where there are too many to count. Without `unions`, as if the alternatives of each
    were one step. With `only_asked`, to say whether it fits, in shorter steps.
    """
    try:
        return _Count(root, unions=unions, only_asked=only_asked).of(root, value, 0)
    except _TooManyError:
        return inf


def amount(value: Any) -> int:
    """Values within it and itself, and the steps that reading its texts once takes."""
    found, waiting = 0, [value]
    while waiting:
        each = waiting.pop()
        found += 1
        if isinstance(each, str):
            found += len(each) // CHARACTERS_A_STEP
        elif isinstance(each, dict):
            found += sum(map(len, each)) // CHARACTERS_A_STEP
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return found


class _TooManyError(Exception):
    """Whatever is left to be counted, the number is infinite."""


class _Count:
    def __init__(self, root: dict[str, Any], *, unions: bool, only_asked: bool) -> None:
        self._root = root
        self._looks_left = MAX_LOOKS
        self._costs: dict[int, int] | None = {} if only_asked else None
        """Of keywords, by the schema's identity."""
        self._left_out = frozenset[str]() if unions else _UNIONS
        self._known: dict[tuple[int, int], float] = {}
        """By the identities of a schema and a value, which both stay as long as this does."""

    def of(self, schema: Any, value: Any, depth: int) -> float:
        self._look(1)
        if not isinstance(schema, dict):
            return 1
        pair = id(schema), id(value)
        if pair not in self._known:
            if depth == _MAX_DEPTH:
                raise _TooManyError
            self._look(_LOOKS_AT_A_NEW_ONE - 1)
            if isinstance(value, dict | list):
                self._look(len(value) // _PASSED_A_LOOK)
            self._known[pair] = 0  # while it is counted: the validator cuts such cycles itself
            total: float = _own(schema, value) + self._of_keywords(schema)
            for inner, within in self._pairs(schema, value):
                total += self.of(inner, within, depth + 1)
            self._known[pair] = total
        return self._known[pair]

    def _look(self, times: int) -> None:
        self._looks_left -= times
        if self._looks_left < 0:
            raise _TooManyError

    def _of_keywords(self, schema: dict[str, Any]) -> int:
        if self._costs is None:
            return 0
        if id(schema) not in self._costs:
            self._costs[id(schema)] = keyword_cost(schema)
        return self._costs[id(schema)]

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
    own = 1 + len(schema.get("enum", ())) // _LISTED_A_STEP
    if isinstance(value, dict):
        patterns = len(schema.get("patternProperties", ()))
        read = sum(map(len, value)) // CHARACTERS_A_STEP if patterns else 0
        return own + len(schema.get("required", ())) + patterns * read
    if isinstance(value, str) and "pattern" in schema:
        return own + len(value) // CHARACTERS_A_STEP
    return own


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
