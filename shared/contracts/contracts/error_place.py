"""Where an error of the validator is, with every step as it is written.

jsonschema-rs gives a number for the name of a member that reads as one: 7 for `7`, `007` and `+7`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Path = tuple[str | int, ...]


def path_within(value: Any, steps: Sequence[str | int]) -> Path:
    """`steps` with the names that the members of `value` have there."""
    path: list[str | int] = []
    for step in steps:
        if isinstance(value, Mapping):
            step = name_of(step, value)  # noqa: PLW2901 - the same step
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            value = None
        path.append(step)
    return tuple(path)


def name_of(step: str | int, members: Mapping[str, Any]) -> str:
    """The member that a step means; where several read as the same number, the plainest one."""
    plain = str(step)
    if plain in members or isinstance(step, str):
        return plain
    return next((name for name in members if _number(name) == _number(plain)), plain)


def _number(name: str) -> str | None:
    digits = name.removeprefix("+")
    return digits.lstrip("0") if digits.isascii() and digits.isdecimal() else None
