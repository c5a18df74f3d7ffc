"""Large texts between processes, past the interpreter lock.

Pickling or joining 16 MB holds the lock for 20 ms, in whatever thread. What writes and reads files
lets it go; so large texts travel in a file that is only in memory (memfd_create(2)), of which the
other process learns the place, and only what is around them is pickled.
"""

import io
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LARGE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file of both processes, and at most one object at a time in it."""

    path: str

    def put(self, content: object) -> bytes:
        """What to hand over so that the other side can `take` it."""
        with Path(self.path).open("wb", buffering=0) as texts:
            letter = io.BytesIO()
            _Pickler(letter, texts).dump(content)
            return letter.getvalue()

    def take(self, letter: bytes) -> Any:
        with Path(self.path).open("rb", buffering=0) as texts:
            return _Unpickler(io.BytesIO(letter), texts).load()


@contextmanager
def parcel() -> Iterator[Parcel]:
    file = os.memfd_create("parcel")
    try:
        yield Parcel(f"/proc/{os.getpid()}/fd/{file}")
    finally:
        os.close(file)


class _Pickler(pickle.Pickler):
    def __init__(self, letter: io.BytesIO, texts: io.FileIO) -> None:
        super().__init__(letter)
        self._texts = texts

    def persistent_id(self, content: object) -> tuple[int, int] | None:
        if type(content) is not bytes or len(content) < _LARGE_BYTES:
            return None
        start, rest = self._texts.tell(), memoryview(content)
        while rest:
            rest = rest[self._texts.write(rest) :]
        return start, len(content)


class _Unpickler(pickle.Unpickler):
    def __init__(self, letter: io.BytesIO, texts: io.FileIO) -> None:
        super().__init__(letter)
        self._texts = texts

    def persistent_load(self, place: tuple[int, int]) -> bytes:
        start, length = place
        text = os.pread(self._texts.fileno(), length, start)
        if len(text) != length:
            raise pickle.UnpicklingError(f"{len(text)} of {length} bytes arrived")
        return text
