"""What YAML can say and JSON cannot, made JSON: keys, merges, infinities, sets, huge integers."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from schema_service.domain.reading.limits import MAX_NODES
from schema_service.domain.reading.trails import Trail, path_of

MERGE = "<<"
_MAX_INT = 2**64 - 1
_MIN_INT = -(2**63)


@dataclass(slots=True)
class Tidied:
    """The tree, and what had to be changed, by path."""

    root: Any = None
    keys: list[tuple[tuple[str, ...], Any]] = field(default_factory=list)
    """The path of a member whose key was no string, and that key."""
    merges: list[tuple[str, ...]] = field(default_factory=list)
    numbers: list[tuple[str, ...]] = field(default_factory=list)
    others: list[tuple[str, ...]] = field(default_factory=list)
    too_many: bool = False
    repeated: bool = False
    """Whether two keys of one object became the same text."""
    complex_key: bool = False
    """Whether a list or an object is a key somewhere."""


def tidy(root: Any) -> Tidied:
    """The same tree in place, with only what JSON has; iterative, so depth costs nothing."""
    tidied = Tidied()
    holder = [root]
    stack: list[tuple[Any, Trail]] = [(holder, None)]
    visited = 0
    while stack:
        container, trail = stack.pop()
        visited, above = visited + len(container), len(stack)
        if visited > MAX_NODES:
            tidied.too_many = True
            return tidied
        if type(container) is dict:
            _tidy_keys(container, trail, tidied)
            _tidy_values(container, container.items(), trail, tidied, stack)
        else:
            _tidy_values(container, enumerate(container), trail, tidied, stack)
        stack[above:] = reversed(stack[above:])  # in the order of the document
    tidied.root = holder[0]
    return tidied


def _tidy_values(
    container: Any, members: Iterable[Any], trail: Trail, tidied: Tidied, stack: list[Any]
) -> None:
    for key, value in members:
        kind = type(value)
        if kind is str or kind is bool or value is None:
            continue
        if kind is dict or kind is list:
            stack.append((value, (trail, key)))
        else:
            container[key] = _plain(value, (trail, key), tidied)


def _tidy_keys(container: dict[Any, Any], trail: Trail, tidied: Tidied) -> None:
    for key in container:
        if type(key) is not str:
            _rename_keys(container, _path(trail), tidied)
            break
    if MERGE in container:
        _merge(container, _path(trail), tidied)


def _path(trail: Trail) -> tuple[str, ...]:
    """Its steps from the root on; the first is that of the list which holds the root."""
    return path_of(trail)[1:]


def _plain(value: Any, trail: Trail, tidied: Tidied) -> Any:
    if isinstance(value, int):
        if _MIN_INT <= value <= _MAX_INT:
            return value
        tidied.numbers.append(_path(trail))
        return _as_float(value)
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        tidied.numbers.append(_path(trail))
        return None
    tidied.others.append(_path(trail))
    if isinstance(value, set | frozenset | tuple):
        return sorted((_as_json(item) for item in value), key=str)
    return str(value)


def _as_float(value: int) -> float | None:
    try:
        return float(value)
    except OverflowError:
        return None


def _as_json(item: Any) -> Any:
    """An item of a set or a complex key; both are rare enough to be shown as text."""
    return item if isinstance(item, str | bool) or item is None else _key_text(item)


def _rename_keys(container: dict[Any, Any], path: tuple[str, ...], tidied: Tidied) -> None:
    members = list(container.items())
    container.clear()
    for key, value in members:
        text = key if isinstance(key, str) else _key_text(key)
        if not isinstance(key, str):
            tidied.keys.append(((*path, text), key))
            tidied.complex_key = tidied.complex_key or isinstance(key, tuple | frozenset)
        tidied.repeated = tidied.repeated or text in container
        container[text] = value


def _key_text(key: Any) -> str:
    """As a person would have written it; booleans and null as JSON has them."""
    if key is None:
        return "null"
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, int) and not _MIN_INT <= key <= _MAX_INT:
        return "number"
    return str(key)


def _merge(container: dict[str, Any], path: tuple[str, ...], tidied: Tidied) -> None:
    """YAML 1.1's merge key: own members first, then those of the earlier source."""
    value = container[MERGE]
    sources = value if isinstance(value, list) else [value]
    if not sources or not all(isinstance(source, dict) for source in sources):
        return
    del container[MERGE]
    tidied.merges.append((*path, MERGE))
    waiting = list(reversed(sources))
    while waiting:
        source = waiting.pop()
        inner = source.get(MERGE)
        for key, member in source.items():
            if key != MERGE:
                container.setdefault(key, member)
        if inner is not None:
            more = inner if isinstance(inner, list) else [inner]
            waiting.extend(item for item in reversed(more) if isinstance(item, dict))
