"""A service's own blobs, encrypted before they leave the process.

Each has a data key of its own, sealed by the service's `KeyRing` for exactly this workspace, area
and id. The content is AES-256-GCM in chunks after the STREAM construction: the nonce counts them
and marks the last one, so chunks neither move nor go missing. Every chunk is bound to the head and
to the blob's name, and with that to its expiry.

    length of the head (4 bytes) · head {"v", "key_id", "envelope"} · chunks
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from contracts.ids import WorkspaceId
from kit.blobs import BlobName, BlobNotFound, BlobStore, BlobTooLarge, BlobUnreadable, expiry
from kit.envelope import TAG_BYTES
from kit.key_ring import KeyRing, Place, Sealed, SecretUnreadable
from kit.key_strength import KEY_BYTES
from kit.sealing import Secret, length_prefixed
from kit.sizes import MIB

VERSION = 1
CHUNK_BYTES = 256 * 1024
MAX_HEAD_BYTES = 4 * 1024
MAX_BYTES = 64 * MIB


@dataclass(frozen=True, slots=True)
class SealedBlobs:
    """Of one service: `area` begins with its name. A workspace reads its own blobs only, because
    its id is in the name, in the key's place and in what every chunk is bound to.
    """

    store: BlobStore
    keys: KeyRing
    area: str
    clock: Callable[[], datetime]
    max_bytes: int = MAX_BYTES

    async def put(
        self, workspace_id: WorkspaceId, id_: str, content: bytes, lifetime: timedelta
    ) -> BlobName:
        """Encrypt and store; the name is what to keep. `BlobTooLarge` beyond `max_bytes`."""
        if len(content) > self.max_bytes:
            raise BlobTooLarge(self.max_bytes)
        name = BlobName(self.area, workspace_id, id_, expiry(self.clock(), lifetime))
        data_key = os.urandom(KEY_BYTES)
        sealed = await self.keys.seal(Secret(data_key), _place(name))
        head = orjson.dumps({"v": VERSION, "key_id": sealed.key_id, "envelope": sealed.envelope})
        stored = await asyncio.to_thread(_encrypted, name, head, data_key, content)
        await self.store.put(name, stored)
        return name

    async def read(self, name: BlobName) -> bytes:
        """All of it, once all of it proved to be what was stored."""
        chunks: list[bytes] = []
        size = 0
        async for chunk in self.stream(name):
            size += len(chunk)
            if size > self.max_bytes:
                raise BlobUnreadable
            chunks.append(chunk)
        return b"".join(chunks)

    async def stream(self, name: BlobName) -> AsyncIterator[bytes]:
        """Chunks as they prove to be what was stored. Only the end proves that none is missing:
        whoever uses chunks before it must be able to take that back.

        `BlobNotFound` also for what has expired.
        """
        if name.expires_at <= self.clock():
            raise BlobNotFound
        stored = _Reader(self.store.stream(name))
        size = int.from_bytes(await stored.exactly(4), "big")
        if not 0 < size <= MAX_HEAD_BYTES:
            raise BlobUnreadable
        head = await stored.exactly(size)
        cipher = AESGCM(await self._data_key(head, name))
        bound, number, last = _bound(name, head), 0, False
        while not last:
            chunk = await stored.upto(CHUNK_BYTES + TAG_BYTES)
            last = await stored.ended()
            try:
                yield cipher.decrypt(_nonce(number, last=last), chunk, bound)
            except (InvalidTag, ValueError):
                raise BlobUnreadable from None
            number += 1

    async def delete(self, name: BlobName) -> None:
        await self.store.delete(name)

    async def _data_key(self, head: bytes, name: BlobName) -> bytes:
        try:
            said = orjson.loads(head)
            sealed = Sealed(said["key_id"], said["envelope"])
            opened = await self.keys.open(sealed, _place(name))
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, SecretUnreadable):
            raise BlobUnreadable from None
        return opened.reveal()


def _place(name: BlobName) -> Place:
    return Place(name.workspace_id, name.area, name.id, "content", VERSION)


def _bound(name: BlobName, head: bytes) -> bytes:
    return length_prefixed(b"openactions/blob/v1", name.path.encode(), head)


def _nonce(number: int, *, last: bool) -> bytes:
    """Never twice for a key: every blob has one of its own."""
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")


def _encrypted(name: BlobName, head: bytes, data_key: bytes, content: bytes) -> bytes:
    cipher, bound = AESGCM(data_key), _bound(name, head)
    parts = [len(head).to_bytes(4, "big"), head]
    for number, (chunk, last) in enumerate(_chunks(content)):
        parts.append(cipher.encrypt(_nonce(number, last=last), chunk, bound))
    return b"".join(parts)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bool]]:
    """At least one, which may be empty."""
    for start in range(0, max(1, len(content)), CHUNK_BYTES):
        yield content[start : start + CHUNK_BYTES], start + CHUNK_BYTES >= len(content)


class _Reader:
    """Takes counts of bytes from a stream of chunks."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self._kept = bytearray()

    async def upto(self, count: int) -> bytes:
        await self._fill(count)
        taken = bytes(self._kept[:count])
        del self._kept[:count]
        return taken

    async def exactly(self, count: int) -> bytes:
        taken = await self.upto(count)
        if len(taken) < count:
            raise BlobUnreadable
        return taken

    async def ended(self) -> bool:
        await self._fill(1)
        return not self._kept

    async def _fill(self, count: int) -> None:
        while len(self._kept) < count:
            chunk = await anext(self._chunks, None)
            if chunk is None:
                return
            self._kept += chunk
