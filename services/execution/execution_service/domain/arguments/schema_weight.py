"""How much work a schema can ask for on one value, known before any value is seen (H71)."""

from collections.abc import Iterator
from math import inf
from typing import Any, NamedTuple

MAX_WEIGHT = 5_000
"""Real operations stay below a few hundred; doubling references reach it in twelve steps."""
MAX_DEPTH = 200
"""Of nesting, and of a chain of references; the validator itself recurses through both."""

_ONE = ("not", "if", "then", "else")
_LIST = ("allOf", "anyOf", "oneOf")
_UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")


def weight(root: dict[str, Any]) -> float:
    """The most subschemas that apply to one value at once, each reference followed every time.

    A reference to a schema that is being weighed already adds nothing: the validator cuts such
    cycles itself. Infinite beyond MAX_DEPTH.
    """
    weighed: dict[int, _Weight] = {}
    return max(_weigh(each, root, weighed, depth).total for each, depth in _subschemas(root))


class _Weight(NamedTuple):
    total: float
    height: int


def _weigh(schema: Any, root: dict[str, Any], weighed: dict[int, _Weight], depth: int) -> _Weight:
    if depth > MAX_DEPTH:
        return _Weight(inf, depth)
    if not isinstance(schema, dict):
        return _Weight(1, 1)
    if id(schema) not in weighed:
        weighed[id(schema)] = _Weight(0, 0)
        parts = [_weigh(part, root, weighed, depth + 1) for part in in_place(schema, root)]
        height = 1 + max((part.height for part in parts), default=0)
        total = inf if height > MAX_DEPTH else 1 + sum(part.total for part in parts)
        weighed[id(schema)] = _Weight(total, height)
    return weighed[id(schema)]


def in_place(schema: dict[str, Any], root: dict[str, Any]) -> Iterator[Any]:
    """The schemas within it that apply to the same value."""
    yield from (schema[keyword] for keyword in _ONE if keyword in schema)
    for keyword in _LIST:
        if isinstance(parts := schema.get(keyword), list):
            yield from parts
    if isinstance(parts := schema.get("dependentSchemas"), dict):
        yield from parts.values()
    if isinstance(reference := schema.get("$ref"), str):
        yield target(reference, root)


def times_looked_at(schema: dict[str, Any]) -> int:
    """How often the validator goes through what applies to the same value: again, and once more
    within `allOf`, to find out what is evaluated.
    """
    return 3 if any(keyword in schema for keyword in _UNEVALUATED) else 1


def target(reference: str, root: dict[str, Any]) -> Any:
    """A dangling reference weighs nothing here: compiling the schema refuses it."""
    found: Any = root
    for escaped in reference.removeprefix("#").split("/")[1:]:
        step = escaped.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
    return found


def _subschemas(root: dict[str, Any]) -> Iterator[tuple[Any, int]]:
    """Every object with its depth: what is no schema weighs little, and nothing is missed."""
    pending: list[tuple[Any, int]] = [(root, 0)]
    while pending:
        value, depth = pending.pop()
        if isinstance(value, dict):
            yield value, depth
            pending.extend((each, depth + 1) for each in value.values())
        elif isinstance(value, list):
            pending.extend((each, depth + 1) for each in value)
