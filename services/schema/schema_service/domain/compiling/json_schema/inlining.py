"""Schemas that are written out where a reference to them stood, as many as a document may have."""

from collections.abc import Iterator
from contextlib import contextmanager

from schema_service.domain.compiling.references import Path

MAX_INLINED = 5_000
"""In a document: schemas that refer to each other could stand for millions."""
MAX_PARTS_DEEP = 8
MAX_BRANCHES_DEEP = 2


class Inlining:
    """No schema is written out within itself."""

    def __init__(self) -> None:
        self._open: list[Path] = []
        self._left = MAX_INLINED

    def may_hold(self, path: Path, deepest: int) -> bool:
        return self._left > 0 and len(self._open) < deepest and path not in self._open

    @contextmanager
    def of(self, path: Path) -> Iterator[None]:
        self._left -= 1
        self._open.append(path)
        try:
            yield
        finally:
            self._open.pop()
