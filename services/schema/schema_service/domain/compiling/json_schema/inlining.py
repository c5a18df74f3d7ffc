"""Schemas that are written out where a reference to them stood, as many as a document may have."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from schema_service.domain.compiling.references import Path

MAX_INLINED = 5_000
"""In a document: schemas that refer to each other could stand for millions."""
MAX_WORK = 200_000
"""Schemas and deciding values within all that is written out in a document. What is written out
again costs as much again, although it is converted once: every operation takes it along.
"""
MAX_PARTS_DEEP = 8
MAX_BRANCHES_DEEP = 2
T = TypeVar("T")


class Inlining(Generic[T]):
    """No schema is written out within itself. `T` is what a schema becomes."""

    def __init__(self) -> None:
        self._open: list[Path] = []
        self._left = MAX_INLINED
        self._work = MAX_WORK
        self._known: dict[Hashable, tuple[T, int]] = {}

    @property
    def around(self) -> tuple[Path, ...]:
        """What is being written out, from the outermost on: what is made depends on it."""
        return tuple(self._open)

    @property
    def is_exhausted(self) -> bool:
        return self._work <= 0

    def may_hold(self, path: Path, deepest: int) -> bool:
        fits = len(self._open) < deepest and path not in self._open
        return fits and self._left > 0 and self._work > 0

    def count_schema(self) -> None:
        """What is converted where it stands is as large as the document."""
        if self._open:
            self._work -= 1

    def count_values(self, amount: int) -> None:
        self._work -= amount

    def known(self, key: Hashable) -> T | None:
        """What was made before under this key; it counts again."""
        made = self._known.get(key)
        if made is None:
            return None
        self._work -= made[1]
        return made[0]

    @contextmanager
    def of(self, path: Path) -> Iterator[None]:
        self._left -= 1
        self._open.append(path)
        try:
            yield
        finally:
            self._open.pop()

    @contextmanager
    def making(self, key: Hashable, made: T) -> Iterator[None]:
        """`made` is finished, and known under this key, at the end."""
        before = self._work
        yield
        self._known[key] = made, before - self._work
