"""The way to a value in a tree, written down only for the few values that are told of."""

from typing import Any

Trail = tuple[Any, Any] | None
"""The way to a value's container, and its key or index there; None of the root."""


def path_of(trail: Trail) -> tuple[str, ...]:
    steps = []
    while trail is not None:
        trail, step = trail
        steps.append(str(step))
    return tuple(reversed(steps))
