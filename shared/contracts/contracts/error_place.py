"""Where an error of the validator is, with every step as it is written.

jsonschema-rs gives a number for the name of a member that reads as one: 7 for `7`, `007` and `+7`.
It leaves out names that are empty.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Path = tuple[str | int, ...]
MAX_LOOKED_AT = 10_000
"""Values on the way to the one that an error is about."""


class NamesInUse:
    """The names that read as numbers, of each object that was asked about."""

    def __init__(self) -> None:
        self._of: dict[int, tuple[Mapping[str, Any], dict[str, str]]] = {}
        """With the object, so that its id is no other's meanwhile."""

    def of_number(self, plain: str, members: Mapping[str, Any]) -> str | None:
        """The first member that reads as the number that `plain` is."""
        if id(members) not in self._of:
            self._of[id(members)] = (members, _by_number(members))
        _, known = self._of[id(members)]
        number = _number(plain)
        return None if number is None else known.get(number)


def path_within(value: Any, steps: Sequence[str | int], names: NamesInUse | None = None) -> Path:
    """`steps`, which lead into `value`, with the names that its members have. With `names`, which
    may be given for many errors of one document, each object is gone through once.
    """
    names = names or NamesInUse()
    path: list[str | int] = []
    for step in steps:
        if isinstance(value, Mapping):
            step = name_of(step, value, names)  # noqa: PLW2901 - the same step
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step]
        path.append(step)
    return tuple(path)


def with_empty_names(value: Any, path: Path, instance: Any) -> Path:
    """The path of `path_within` with the empty names on the way to `instance`, the value that the
    error is about; as it is where that is not found.
    """
    waiting: list[tuple[Any, Path, int]] = [(value, (), 0)]
    for _ in range(MAX_LOOKED_AT):
        if not waiting:
            break
        here, passed, taken = waiting.pop()
        if taken == len(path) and here == instance:
            return passed
        if isinstance(here, Mapping) and "" in here:
            waiting.append((here[""], (*passed, ""), taken))
        if taken < len(path):
            below = _below(here, path[taken])
            waiting += [(each, (*passed, path[taken]), taken + 1) for each in below]
    return path


def _below(value: Any, step: str | int) -> list[Any]:
    if isinstance(value, Mapping):
        return [value[step]] if step in value else []
    is_item = isinstance(value, list) and isinstance(step, int) and step < len(value)
    return [value[step]] if is_item else []


def name_of(step: str | int, members: Mapping[str, Any], names: NamesInUse | None = None) -> str:
    """The member that a step means; where several read as the same number, the plainest one."""
    plain = str(step)
    if plain in members:
        return plain
    return (names or NamesInUse()).of_number(plain, members) or plain


def _by_number(members: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in members:
        if (number := _number(name)) is not None:
            found.setdefault(number, name)
    return found


def _number(name: str) -> str | None:
    digits = name.removeprefix("+")
    return digits.lstrip("0") if digits.isdecimal() else None
