"""Nulls in a JSON merge patch (RFC 7396, section 2): what they remove has no schema to fit."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from execution_service.domain.arguments.change import Step


def with_removals(
    arguments: Mapping[str, Any], removed: Iterable[Sequence[Step]]
) -> dict[str, Any]:
    """A copy with null at these places, each within objects that are there. Nothing within a list
    is ever removed: a patch replaces lists as a whole.
    """
    merged = dict(arguments)
    copied: dict[tuple[Step, ...], dict[Any, Any]] = {(): merged}
    for path in removed:
        _own(copied, tuple(path[:-1]))[path[-1]] = None
    return merged


def _own(copied: dict[tuple[Step, ...], dict[Any, Any]], path: tuple[Step, ...]) -> dict[Any, Any]:
    """The object at this place, copied once."""
    if path not in copied:
        around = _own(copied, path[:-1])
        copied[path] = around[path[-1]] = dict(around[path[-1]])
    return copied[path]
