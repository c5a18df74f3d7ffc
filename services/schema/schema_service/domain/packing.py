"""Compiled operations, several together and compressed: dozens for a large API, not thousands."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

MAX_PACK_BYTES = 900 * 1024
"""Before compression; one operation may be more."""
LEVEL = 3
"""Of zlib: half of the time of its default, for a quarter more bytes."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The JSON texts of some operations by name, compressed."""

    names: tuple[str, ...]
    data: bytes

    def unpacked(self, names: frozenset[str]) -> dict[str, bytes]:
        """Those of the named operations that are in it."""
        texts: dict[str, str] = orjson.loads(zlib.decompress(self.data))
        return {name: text.encode() for name, text in texts.items() if name in names}


def packs(compiled: Mapping[str, bytes]) -> Iterator[Pack]:
    """All of the operations, in their order."""
    together: dict[str, str] = {}
    size = 0
    for name, text in compiled.items():
        if together and size + len(text) > MAX_PACK_BYTES:
            yield _pack(together)
            together, size = {}, 0
        together[name] = text.decode()
        size += len(text)
    if together:
        yield _pack(together)


def _pack(texts: dict[str, str]) -> Pack:
    return Pack(tuple(texts), zlib.compress(orjson.dumps(texts), LEVEL))
