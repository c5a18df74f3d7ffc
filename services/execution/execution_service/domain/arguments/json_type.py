"""The types of JSON values (JSON Schema 2020-12, Core, 4.2.1), and from which to which they can be
converted without loss.
"""

import json
import re
from collections.abc import Hashable, Iterator
from decimal import Decimal
from typing import Any, Final, NamedTuple

from execution_service.domain.arguments.change import Change
from execution_service.domain.arguments.exact_json import (
    MAX_DIGITS,
    ExactNumber,
    read_json,
    with_values,
    write_json,
)
from execution_service.domain.arguments.json_value import Found, survey

MAX_TEXT_BYTES = 64 * 1024
"""Of JSON text that is taken for an object or a list."""
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_FLAGS: Final = {"true": True, "false": False}
_CLASSES: Final = {"string": str, "boolean": bool, "array": list, "object": dict}
_CONTAINERS: Final = {
    "object": ("{", dict, Change.TEXT_TO_OBJECT),
    "array": ("[", list, Change.TEXT_TO_ARRAY),
}


class Converted(NamedTuple):
    value: Any
    change: Change


def has_type(value: Any, kind: str) -> bool:
    if kind == "null":
        return value is None
    if kind in _CLASSES:
        return type(value) is _CLASSES[kind]
    number = _number(value)
    return number is not None and (kind == "number" or number == int(number))


def key_of(value: Any) -> Hashable:
    """Equal for values that are equal as JSON: `1` and `1.0` are, `1` and `true` are not."""
    if isinstance(value, dict):
        return dict, frozenset((name, key_of(each)) for name, each in value.items())
    if isinstance(value, list):
        return list, tuple(map(key_of, value))
    return type(value) is bool, with_values(value)


def same(one: Any, other: Any) -> bool:
    return key_of(one) == key_of(other)


def conversions(value: Any, kind: str) -> Iterator[Converted]:
    """The value as one of that type: one, or none."""
    if kind == "string":
        yield from _as_text(value)
    elif type(value) is not str:
        return
    elif kind in _CONTAINERS:
        yield from _as_container(value, kind)
    elif kind == "boolean" and value in _FLAGS:
        yield Converted(_FLAGS[value], Change.TEXT_TO_BOOLEAN)
    elif len(value) > MAX_DIGITS:
        return
    elif kind == "integer" and _INTEGER.fullmatch(value):
        yield Converted(read_json(value.encode()), Change.TEXT_TO_INTEGER)
    elif kind == "number" and _NUMBER.fullmatch(value):
        yield from _as_number(value)


def _as_text(value: Any) -> Iterator[Converted]:
    if type(value) is bool:
        yield Converted("true" if value else "false", Change.BOOLEAN_TO_TEXT)
    elif type(value) in (int, float, ExactNumber):
        yield Converted(write_json(value).decode(), Change.NUMBER_TO_TEXT)


def _as_number(text: str) -> Iterator[Converted]:
    number = read_json(text.encode())
    if type(number) is not ExactNumber or number.is_bounded:
        yield Converted(number, Change.TEXT_TO_NUMBER)


def _as_container(text: str, kind: str) -> Iterator[Converted]:
    begins, wanted, change = _CONTAINERS[kind]
    if len(text) > MAX_TEXT_BYTES or not text.lstrip(" \t\r\n").startswith(begins):
        return
    written = text.encode()
    if len(written) > MAX_TEXT_BYTES:
        return
    try:
        value = read_json(written)
        _refuse_repeated_names(text)
    except (ValueError, RecursionError):
        return
    if type(value) is wanted and survey(value) is not Found.FLAWED:
        yield Converted(value, change)


def _refuse_repeated_names(text: str) -> None:
    """Raises ValueError where an object has a name twice: nobody can tell which one is meant."""
    json.loads(text, object_pairs_hook=_members, parse_int=str, parse_float=str)


def _members(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name is repeated")


def _number(value: Any) -> int | float | Decimal | None:
    if type(value) is ExactNumber:
        return value.value
    return value if type(value) in (int, float) else None
