"""Values that were written as another type than the one that is declared: `2024` for a text."""

import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import orjson

from schema_service.domain import pointers

Path = tuple[str | int, ...]
Written = Callable[[Path], str | None]
"""The characters of the scalar at a place of the document, where it shows any."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_FLAGS: Final = {"true": True, "false": False}


def is_of(value: Any, kind: str) -> bool:
    """Whether the value has that type (JSON Schema 2020-12, Core, 4.2.1)."""
    if kind == "integer":
        return _is_number(value) and value == int(value)
    if kind == "number":
        return _is_number(value)
    return isinstance(value, _CLASSES.get(kind, ()))


def fits(value: Any, kinds: Sequence[str]) -> bool:
    return any(is_of(value, kind) for kind in kinds)


def fitted(value: Any, kinds: Sequence[str]) -> Any:
    """The value as the first of these types that can say it; MISSING where none can."""
    if fits(value, kinds):
        return value
    for kind in kinds:
        found = _AS[kind](value) if kind in _AS else pointers.MISSING
        if found is not pointers.MISSING:
            return found
    return pointers.MISSING


def as_declared(value: Any, kinds: Sequence[str], path: Path, written: Written) -> Any:
    """As `fitted`; what was meant as a text has the characters that stand in the document, since
    `007` and `1.10` are more than the numbers that were read there.
    """
    read = fitted(value, kinds)
    if isinstance(read, str) and not isinstance(value, str):
        return written(path) or read
    return read


def once(values: Sequence[Any]) -> list[Any]:
    """Each value once. `1` and `1.0` are equal, `1` and `true` are not (Core, 4.2.2)."""
    if all(type(value) is str for value in values):
        return [*dict.fromkeys(values)]
    found: dict[str, Any] = {}
    for value in values:
        found.setdefault(same_as(value), value)
    return list(found.values())


def is_among(value: Any, values: Iterable[Any]) -> bool:
    """Whether it equals one of them, as in `once`."""
    return same_as(value) in map(same_as, values)


def same_as(value: Any) -> str:
    """The same text for values that are equal, and for no others."""
    if type(value) is str:
        return f'"{value}'  # no other value's text begins with a quote
    if type(value) is int:
        return str(value)
    plain = int(value) if is_of(value, "integer") else value
    return json.dumps(plain, default=str, sort_keys=True)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return orjson.dumps(value).decode() if isinstance(value, float) else pointers.MISSING


def _integer(value: Any) -> Any:
    return int(value) if isinstance(value, str) and _INTEGER.fullmatch(value) else pointers.MISSING


def _number(value: Any) -> Any:
    if isinstance(value, str) and len(value) < _LONG and _NUMBER.fullmatch(value):
        return orjson.loads(value)
    return pointers.MISSING


def _flag(value: Any) -> Any:
    return _FLAGS.get(value, pointers.MISSING) if isinstance(value, str) else pointers.MISSING


_LONG = 18
_AS = {"string": _text, "integer": _integer, "number": _number, "boolean": _flag}
_CLASSES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}
