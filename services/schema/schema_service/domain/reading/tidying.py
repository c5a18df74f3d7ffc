"""What YAML can say and JSON cannot, made JSON: keys, merges, infinities, sets, huge integers."""

import math
from dataclasses import dataclass, field
from typing import Any

from schema_service.domain.reading.limits import MAX_NODES

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


def tidy(root: Any) -> Tidied:
    """The same tree in place, with only what JSON has; iterative, so depth costs nothing."""
    tidied = Tidied()
    holder = [root]
    stack: list[tuple[Any, tuple[str, ...]]] = [(holder, ())]
    visited = 0
    while stack:
        container, path = stack.pop()
        visited += len(container)
        if visited > MAX_NODES:
            tidied.too_many = True
            return tidied
        _tidy_one(container, path, tidied, stack)
    tidied.root = holder[0]
    return tidied


def _tidy_one(container: Any, path: tuple[str, ...], tidied: Tidied, stack: list[Any]) -> None:
    if type(container) is dict:
        if any(type(key) is not str for key in container):
            _rename_keys(container, path, tidied)
        if MERGE in container:
            _merge(container, path, tidied)
        places: Any = container.items()
    else:
        places = enumerate(container)
    for key, value in list(places):
        kind = type(value)
        if kind is str or kind is bool or value is None:
            continue
        here = (*path, str(key)) if path or type(container) is dict else path
        if kind is not dict and kind is not list:
            value = container[key] = _plain(value, here, tidied)  # noqa: PLW2901 - goes on below
        if type(value) is dict or type(value) is list:
            stack.append((value, here))


def _plain(value: Any, path: tuple[str, ...], tidied: Tidied) -> Any:
    if isinstance(value, int):
        if _MIN_INT <= value <= _MAX_INT:
            return value
        tidied.numbers.append(path)
        return _as_float(value)
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        tidied.numbers.append(path)
        return None
    tidied.others.append(path)
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
        container.setdefault(text, value)


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
