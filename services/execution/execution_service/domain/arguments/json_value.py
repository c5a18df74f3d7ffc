"""What any arguments must be, whatever an operation's schema says: finite, plain, shallow JSON."""

from collections.abc import Iterator
from enum import Enum
from itertools import islice
from math import isfinite
from typing import Any

from execution_service.domain.arguments.exact_json import MAX_DIGITS, ExactNumber
from execution_service.domain.arguments.fault import MAX_FAULTS, Fault, fault, place

MAX_DEPTH = 64
"""Levels of an argument, and of JSON text that is taken for one or for a part of one."""
MAX_MEANT_DEPTH = 2 * MAX_DEPTH
"""Levels of an argument in which such text stands."""
INTEGERS = range(-(2**63), 2**64)
"""What the encoder writes of Python's integers; larger ones are read as exact numbers."""
_SCALARS = frozenset({str, int, bool, type(None)})


class Found(Enum):
    PLAIN = "plain"
    FLOATS = "floats"
    """Plain, and floats are among the values."""
    EXACT = "exact"
    """Plain, and exact numbers are among the values."""
    FLAWED = "flawed"


def survey(container: Any, levels: int = MAX_DEPTH) -> Found:
    """Whether a dict or list holds nothing but JSON types and bounded numbers, within so many
    levels, of which it is one.

    It leaves the encodability of strings to the JSON encoder.
    """
    found = Found.PLAIN
    for value in container.values() if type(container) is dict else container:
        kind = type(value)
        if kind in _SCALARS:
            continue
        if kind is dict or kind is list:
            inner = survey(value, levels - 1) if levels > 1 else Found.FLAWED
        elif kind is float:
            inner = Found.FLOATS if isfinite(value) else Found.FLAWED
        elif kind is ExactNumber and value.is_bounded:
            inner = Found.EXACT
        else:
            inner = Found.FLAWED
        if inner is Found.FLAWED:
            return inner
        if inner is not Found.PLAIN and found is not Found.EXACT:
            found = inner
    return found


def flaws(arguments: dict[Any, Any], levels: int = MAX_DEPTH) -> tuple[Fault, ...]:
    """Everything that `survey` or the encoder objects to, by name; never empty. Each argument may
    have so many levels.
    """
    found = tuple(islice(_flaws(arguments, (), levels), MAX_FAULTS))
    return found or (fault("not_json", (), "The arguments are not plain JSON."),)


def _flaws(value: Any, path: tuple[str | int, ...], levels: int) -> Iterator[Fault]:
    if isinstance(value, dict | list):
        yield from _container_flaws(value, path, levels)
    elif isinstance(value, ExactNumber):
        if not value.is_bounded:
            text = f"{place(path)} is a number of more than {MAX_DIGITS:,} digits."
            yield fault("number_too_long", path, text)
    elif reason := _scalar_flaw(value):
        yield fault("not_json", path, f"{place(path)} {reason}.")


def _container_flaws(
    value: dict[Any, Any] | list[Any], path: tuple[str | int, ...], levels: int
) -> Iterator[Fault]:
    if len(path) > levels:
        # Only the argument's name: the path itself would fill the message.
        text = f"{place(path[:1])} is nested more than {levels} levels deep."
        yield fault("too_deep", path[:1], text)
        return
    is_object = isinstance(value, dict)
    for step, item in value.items() if isinstance(value, dict) else enumerate(value):
        if is_object and not (isinstance(step, str) and _is_unicode(step)):
            text = f"{place(path)} has a member whose name is not text."
            yield fault("not_json", (*path, str(step)), text)
        else:
            yield from _flaws(item, (*path, step), levels)


def _scalar_flaw(value: Any) -> str | None:
    if isinstance(value, str):
        return None if _is_unicode(value) else "contains half of a surrogate pair"
    if isinstance(value, float):
        return None if isfinite(value) else "is NaN or infinite, which JSON cannot express"
    if value is None or isinstance(value, int):
        return None if value is None or value in INTEGERS else "is an integer of more than 64 bits"
    return "is not a JSON value"


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
