"""Read and show JSON whose numbers and nesting are whatever an API sent."""

import json
import math
import re
import sys
from decimal import Decimal, InvalidOperation
from threading import Lock
from typing import Any, Final

MORE_LEVELS: Final = 2_048
"""Than Python's own limit: an answer has up to 1,024 and those around it."""
_PART: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},:]|[^\s"\[\]{},:]+')
_LEVEL: Final = "  "
_one_at_a_time: Final = Lock()


def read(text: str) -> Any:
    """The value of valid JSON. An `int` or `float` that cannot hold a number gives way to
    `Decimal`, and where that cannot either, to the number's text.
    """
    try:
        return _read(text)
    except RecursionError:
        return _read_deep(text)


def _read(text: str) -> Any:
    return json.loads(text, parse_int=_int, parse_float=_float)


def _read_deep(text: str) -> Any:
    """Python 3.11 counts the parser's levels like calls of functions."""
    with _one_at_a_time:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(limit + MORE_LEVELS)
        try:
            return _read(text)
        finally:
            sys.setrecursionlimit(limit)


def _int(digits: str) -> int | Decimal:
    try:
        return int(digits)
    except ValueError:  # more than 4,300 digits
        return Decimal(digits)


def _float(number: str) -> float | Decimal | str:
    value = float(number)
    if math.isfinite(value):
        return value
    try:
        return Decimal(number)
    except InvalidOperation:
        return number


def indented(text: str) -> str:
    """Valid JSON with each member on a line of its own, spelled as it is: digits, members of the
    same name, escapes. What a terminal would act on is escaped.
    """
    lines = [""]
    level = 0
    before = ""
    for part in _PART.findall(text):
        if part in ("]", "}"):
            level -= 1
        if before and _breaks(before, part):
            lines.append(_LEVEL * level)
        lines[-1] += ": " if part == ":" else _shown(part)
        if part in ("[", "{"):
            level += 1
        before = part
    return "\n".join(lines)


def _breaks(before: str, part: str) -> bool:
    """Between two parts; an empty array or object stays on its line."""
    if before in ("[", "{"):
        return part not in ("]", "}")
    return before == "," or part in ("]", "}")


def _shown(part: str) -> str:
    return part if part.isprintable() else "".join(map(_escaped, part))


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    units = character.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
