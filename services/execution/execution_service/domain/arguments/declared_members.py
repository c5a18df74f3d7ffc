"""The members that a schema names, whatever it is combined of."""

from collections.abc import Iterator, Mapping
from typing import Any

MAX_PARTS = 1_000
"""Of one schema; members of what it is combined of beyond count as not named."""
_COMBINED = ("allOf", "anyOf", "oneOf")
_DEFINITIONS = "#/$defs/"


def declared_members(schema: Any, root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Their schemas by name; `root` is the schema whose `$defs` it refers to."""
    found: dict[str, Any] = {}
    for part in _parts(schema, root.get("$defs", {})):
        for name, member in (part.get("properties") or {}).items():
            found.setdefault(name, member)
    return found


def _parts(schema: Any, definitions: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What says something of the same value, references followed, each once."""
    waiting, seen = [schema], set[int]()
    while waiting and len(seen) < MAX_PARTS:
        part = waiting.pop()
        if not isinstance(part, Mapping) or id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        waiting += [each for keyword in _COMBINED for each in part.get(keyword) or ()]
        if isinstance(part.get("$ref"), str):
            waiting.append(definitions.get(part["$ref"].removeprefix(_DEFINITIONS)))
