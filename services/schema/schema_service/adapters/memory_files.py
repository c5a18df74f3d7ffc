"""Pass large texts between processes in files that are only in memory (memfd_create(2)).

Pickling or joining 16 MB holds the interpreter lock for 20 ms, in whatever thread; reading and
writing files releases it. So bytes of 256 KiB or more are written to the file, and the pickle of
what contains them holds their place in it (pickle's persistent ids).
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
class MemoryFile:
    """A file that both processes open; it holds the large texts of one object at a time."""

    path: str

    def put(self, content: object) -> bytes:
        """Write the large texts; returns the pickle with which another process can `take` them."""
        with Path(self.path).open("wb", buffering=0) as texts:
            pickled = io.BytesIO()
            _Pickler(pickled, texts).dump(content)
            return pickled.getvalue()

    def take(self, pickled: bytes) -> Any:
        with Path(self.path).open("rb", buffering=0) as texts:
            return _Unpickler(io.BytesIO(pickled), texts).load()


@contextmanager
def memory_file() -> Iterator[MemoryFile]:
    file = os.memfd_create("exchange")
    try:
        yield MemoryFile(f"/proc/{os.getpid()}/fd/{file}")
    finally:
        os.close(file)


class _Pickler(pickle.Pickler):
    def __init__(self, pickled: io.BytesIO, texts: io.FileIO) -> None:
        super().__init__(pickled)
        self._texts = texts

    def persistent_id(self, content: object) -> tuple[int, int] | None:
        if type(content) is not bytes or len(content) < _LARGE_BYTES:
            return None
        start, rest = self._texts.tell(), memoryview(content)
        while rest:
            rest = rest[self._texts.write(rest) :]
        return start, len(content)


class _Unpickler(pickle.Unpickler):
    def __init__(self, pickled: io.BytesIO, texts: io.FileIO) -> None:
        super().__init__(pickled)
        self._texts = texts

    def persistent_load(self, place: tuple[int, int]) -> bytes:
        start, length = place
        text = os.pread(self._texts.fileno(), length, start)
        if len(text) != length:
            raise pickle.UnpicklingError(f"{len(text)} of {length} bytes arrived")
        return text
