"""A service's own blobs: encrypted before they leave it, and used only as they were stored."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from kit.blobs import BlobNotFound, BlobTooLarge, BlobUnreadable
from kit.envelope import EnvelopeKeyRing
from kit.key_ring import KeyUnknown
from kit.sealed_blobs import CHUNK_BYTES, SealedBlobs
from kit.testing import FrozenClock, MemoryBlobs

HOUR = timedelta(hours=1)
KEYS = EnvelopeKeyRing({"k1": os.urandom(32)})
CONTENT = os.urandom(3 * CHUNK_BYTES + 17)


@pytest.fixture
def store():
    return MemoryBlobs()


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture
def blobs(store, clock):
    return SealedBlobs(store, KEYS, "execution", clock, max_bytes=2_000_000)


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1])
async def test_content_of_any_size_comes_back(blobs, size):
    name = await blobs.put("ws_ours", "art_1", CONTENT[:size], HOUR)

    assert await blobs.read(name) == CONTENT[:size]


async def test_it_comes_in_chunks(blobs):
    name = await blobs.put("ws_ours", "art_1", CONTENT, HOUR)

    chunks = [chunk async for chunk in blobs.stream(name)]

    assert len(chunks) == 4
    assert b"".join(chunks) == CONTENT


async def test_the_store_is_given_no_plaintext_and_never_the_same_twice(blobs, store):
    content = b"a sentence of a customer " * 100
    first = await blobs.put("ws_ours", "art_1", content, HOUR)
    second = await blobs.put("ws_ours", "art_2", content, HOUR)

    kept = [store.kept[name.path] for name in (first, second)]
    assert not any(b"sentence" in each for each in kept)
    assert kept[0][-100:] != kept[1][-100:]


async def test_f30_a_changed_cut_or_longer_blob_is_refused_and_never_used(blobs, store):
    name = await blobs.put("ws_ours", "art_1", CONTENT, HOUR)
    stored = store.kept[name.path]
    chunk = CHUNK_BYTES + 16
    head = len(stored) - 3 * chunk - 17 - 16
    spelled = stored[4:head].replace(b":", b": ", 1)
    spoilt = {
        "the same head, otherwise spelled": (
            len(spelled).to_bytes(4, "big") + spelled + stored[head:]
        ),
        "first byte": b"\1" + stored[1:],
        "head": stored[:40] + bytes([stored[40] ^ 1]) + stored[41:],
        "content": stored[:-30] + bytes([stored[-30] ^ 1]) + stored[-29:],
        "cut": stored[:-1],
        "cut at a chunk": stored[: head + 2 * chunk],
        "without its end": stored[: head + 3 * chunk],
        "cut in the head": stored[:100],
        "only a length": stored[:4],
        "empty": b"",
        "longer": stored + b"x",
        "chunks swapped": (
            stored[:head]
            + stored[head + chunk : head + 2 * chunk]
            + stored[head : head + chunk]
            + stored[head + 2 * chunk :]
        ),
        "no JSON": (5).to_bytes(4, "big") + b"hello" + stored[head:],
        "another kind of JSON": (2).to_bytes(4, "big") + b"[]" + stored[head:],
    }
    for what, content in spoilt.items():
        store.kept[name.path] = content
        with pytest.raises(BlobUnreadable):
            pytest.fail(f"{what}: {len(await blobs.read(name))} bytes were read")


@pytest.mark.parametrize(
    "elsewhere",
    [{"workspace_id": "ws_theirs"}, {"id": "art_2"}, {"area": "schema"}],
    ids=["workspace", "id", "area"],
)
async def test_f30_what_is_copied_to_another_place_does_not_open_there(blobs, store, elsewhere):
    name = await blobs.put("ws_ours", "art_1", CONTENT, HOUR)
    other = replace(name, **elsewhere)
    store.kept[other.path] = store.kept[name.path]

    with pytest.raises(BlobUnreadable):
        await blobs.read(other)


async def test_a_later_expiry_does_not_make_it_live_longer(blobs, store):
    name = await blobs.put("ws_ours", "art_1", CONTENT, HOUR)
    later = replace(name, expires_at=name.expires_at + HOUR)
    store.kept[later.path] = store.kept[name.path]

    with pytest.raises(BlobUnreadable):
        await blobs.read(later)


async def test_what_has_expired_is_not_read_though_it_is_still_there(blobs, clock):
    name = await blobs.put("ws_ours", "art_1", CONTENT, HOUR)

    clock.advance(HOUR)

    with pytest.raises(BlobNotFound):
        await blobs.read(name)


async def test_a_key_that_is_gone_is_named_as_the_reason(blobs, store, clock):
    name = await blobs.put("ws_ours", "art_1", CONTENT, HOUR)
    others = SealedBlobs(
        store, EnvelopeKeyRing({"k2": os.urandom(32)}), "execution", clock, 2_000_000
    )

    with pytest.raises(KeyUnknown):
        await others.read(name)


async def test_too_much_is_refused_before_anything_is_stored(blobs, store):
    with pytest.raises(BlobTooLarge):
        await blobs.put("ws_ours", "art_1", b"x" * 2_000_001, HOUR)

    assert store.kept == {}


async def test_more_than_may_be_read_is_not(blobs):
    """Of a release that stores more."""
    name = await replace(blobs, max_bytes=len(CONTENT)).put("ws_ours", "art_1", CONTENT, HOUR)

    with pytest.raises(BlobUnreadable):
        await replace(blobs, max_bytes=len(CONTENT) - 1).read(name)


async def test_f30_a_head_that_claims_to_be_long_is_refused_before_it_is_read(clock):
    class Counting(MemoryBlobs):
        chunks = 0

        async def stream(self, name):
            async for chunk in super().stream(name):
                self.chunks += 1
                yield chunk

    store = Counting()
    blobs = SealedBlobs(store, KEYS, "execution", clock)
    name = await blobs.put("ws_ours", "art_1", CONTENT, HOUR)
    store.kept[name.path] = (2**31).to_bytes(4, "big") + store.kept[name.path][4:]

    with pytest.raises(BlobUnreadable):
        await blobs.read(name)
    assert store.chunks == 1


async def test_it_is_gone_once_it_is_deleted(blobs):
    name = await blobs.put("ws_ours", "art_1", CONTENT, HOUR)

    await blobs.delete(name)

    with pytest.raises(BlobNotFound):
        await blobs.read(name)
