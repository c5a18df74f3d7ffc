"""Bytes beside a message: sealed to whoever receives them, for ten minutes."""

import asyncio
import os
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.errors import PlatformError, Unavailable
from kit.blob_sweep import BlobSweep
from kit.blobs import HANDOVER, BlobName, BlobStoreUnavailable, BlobTooLarge
from kit.handover import LIFETIME, MAX_BYTES, Handover, HandoverLost, service_recipient
from kit.sealing import RecipientInvalid, SealBroken
from kit.shares import BYTES, FairShares
from kit.testing import FrozenClock, MemoryBlobs

CONTENT = b"compiled operations " * 10_000
PURPOSE = "request.sample.read.v1"


@pytest.fixture
def store():
    return MemoryBlobs()


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture
def giver(store, clock):
    return Handover(store, clock=clock)


@pytest.fixture
def taker(store, clock):
    return Handover(store, clock=clock)


async def test_a_large_reply_goes_to_the_replica_that_asked_and_to_no_other(
    giver, taker, store, clock
):
    handed = await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)
    other_replica = Handover(store, clock=clock)

    for stranger in (other_replica, giver):
        with pytest.raises(SealBroken):
            await stranger.take("ws_ours", PURPOSE, handed)
    assert await taker.take("ws_ours", PURPOSE, handed) == CONTENT


async def test_a_large_request_goes_to_whichever_replica_of_its_service_takes_it(store, clock):
    root = os.urandom(32)
    replicas = [Handover(store, service_recipient(root, "sample"), clock) for _ in range(2)]
    asker = Handover(store, clock=clock)

    handed = await asker.give("ws_ours", PURPOSE, CONTENT, replicas[0].public_key)

    assert await replicas[1].take("ws_ours", PURPOSE, handed) == CONTENT
    other_service = service_recipient(root, "other")
    assert other_service.public_key != replicas[0].public_key


async def test_it_is_deleted_once_it_was_read(giver, taker, store):
    handed = await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)

    await taker.take("ws_ours", PURPOSE, handed)

    assert store.kept == {}
    with pytest.raises(HandoverLost):
        await taker.take("ws_ours", PURPOSE, handed)


async def test_the_store_is_given_no_plaintext(giver, taker, store):
    await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)

    assert not any(b"compiled" in kept for kept in store.kept.values())


async def test_f30_a_foreign_workspaces_reference_finds_nothing(giver, taker, store):
    handed = await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)

    with pytest.raises(HandoverLost):
        await taker.take("ws_theirs", PURPOSE, handed)


async def test_f30_what_is_copied_to_another_workspace_or_purpose_does_not_open(
    giver, taker, store
):
    handed = await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)
    [(path, stored)] = store.kept.items()
    store.kept[replace(BlobName.of(path), workspace_id="ws_theirs").path] = stored

    with pytest.raises(SealBroken):
        await taker.take("ws_theirs", PURPOSE, handed)
    with pytest.raises(SealBroken):
        await taker.take("ws_ours", "request.sample.other.v1", handed)


async def test_whoever_opens_checks_the_expiry(giver, taker, store, clock):
    handed = await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)

    clock.advance(LIFETIME)

    assert len(store.kept) == 1  # no sweep was there yet
    with pytest.raises(HandoverLost):
        await taker.take("ws_ours", PURPOSE, handed)


async def test_a_reference_with_a_later_expiry_opens_nothing(giver, taker, store, clock):
    handed = await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)
    later = handed.model_copy(update={"expires_at": handed.expires_at + LIFETIME})
    [(path, stored)] = store.kept.items()
    store.kept[replace(BlobName.of(path), expires_at=later.expires_at).path] = stored

    clock.advance(LIFETIME)

    with pytest.raises(SealBroken):
        await taker.take("ws_ours", PURPOSE, later)


async def test_a_changed_cut_or_longer_blob_is_refused_and_never_used(giver, taker, store):
    handed = await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)
    [(path, stored)] = store.kept.items()

    for spoilt in (stored[:-1], stored[:40], b"", stored[:99] + b"\0" + stored[100:]):
        store.kept[path] = spoilt
        with pytest.raises(SealBroken):
            await taker.take("ws_ours", PURPOSE, handed)


async def test_a_reference_that_says_another_size_is_refused(giver, taker):
    handed = await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)

    for size in (handed.size + 1, handed.size - 1, MAX_BYTES + 1):
        with pytest.raises(Unavailable):
            await taker.take("ws_ours", PURPOSE, handed.model_copy(update={"size": size}))


@pytest.mark.parametrize("id_", ["../../etc/passwd", "", "a/b", "han_1\0"])
async def test_no_reference_leads_out_of_the_store(giver, taker, id_):
    handed = await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)

    with pytest.raises(HandoverLost):
        await taker.take("ws_ours", PURPOSE, handed.model_copy(update={"id": id_}))


async def test_a_receiver_that_dies_between_reading_and_deleting_leaves_it_to_the_sweep(
    giver, taker, store, clock
):
    handed = await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)

    class DiesBeforeItDeletes(MemoryBlobs):
        async def delete(self, name):
            raise asyncio.CancelledError

    dying = Handover(DiesBeforeItDeletes(store.kept), taker.recipient, clock)
    with pytest.raises(asyncio.CancelledError):
        await dying.take("ws_ours", PURPOSE, handed)

    sweep = BlobSweep("sample", store, (HANDOVER,), clock)
    assert await sweep.delete_overdue() == 0
    clock.advance(LIFETIME)
    assert await sweep.delete_overdue() == 1


async def test_what_cannot_be_deleted_was_read_all_the_same(giver, taker, store, clock):
    handed = await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)

    class KeepsAll(MemoryBlobs):
        async def delete(self, name):
            raise BlobStoreUnavailable

    keeping = Handover(KeepsAll(store.kept), taker.recipient, clock)
    assert await keeping.take("ws_ours", PURPOSE, handed) == CONTENT


async def test_a_store_that_is_away_or_slow_is_said_before_the_asker_stops_waiting(taker, clock):
    class Slow(MemoryBlobs):
        async def put(self, name, content):
            await asyncio.sleep(10)

    for store in (MemoryBlobs(away=True), Slow()):
        giver = Handover(store, clock=clock, give_seconds=0.01)
        with pytest.raises(BlobStoreUnavailable) as refused:
            await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)
        assert refused.value.code == "platform.blob_store_unavailable"
        assert "BLOBS_" in refused.value.hint


async def test_a_store_that_is_slow_to_read_is_unavailable_in_time(giver, taker, store, clock):
    handed = await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)

    class Slow(MemoryBlobs):
        async def stream(self, name):
            yield self.kept[name.path][:10]
            await asyncio.sleep(10)

    slow = Handover(Slow(store.kept), taker.recipient, clock, take_seconds=0.01)
    with pytest.raises(BlobStoreUnavailable):
        await slow.take("ws_ours", PURPOSE, handed)


async def test_a_blob_longer_than_what_was_handed_over_is_not_opened(giver, taker, store):
    handed = await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)
    [path] = store.kept
    store.kept[path] += b"more"

    with pytest.raises(SealBroken):
        await taker.take("ws_ours", PURPOSE, handed)


@pytest.mark.parametrize("size", [MAX_BYTES + 1, -1])
async def test_a_reference_to_more_than_may_be_handed_over_reads_nothing(giver, taker, store, size):
    handed = await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)
    store.away = True  # which is not noticed

    with pytest.raises(HandoverLost):
        await taker.take("ws_ours", PURPOSE, handed.model_copy(update={"size": size}))


async def test_b7_what_is_read_counts_for_its_workspace_while_it_is_read(giver, clock, store):
    shares = FairShares("sample", BYTES, 10 * len(CONTENT))
    seen = []

    class Watched(MemoryBlobs):
        async def stream(self, name):
            seen.append(shares.in_use)
            yield self.kept[name.path]

    taker = Handover(Watched(store.kept), clock=clock, shares=shares)
    handed = await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)

    assert await taker.take("ws_ours", PURPOSE, handed) == CONTENT
    assert seen[0] >= 2 * len(CONTENT)
    assert shares.in_use == 0


async def test_b7_what_finds_no_room_is_refused_before_it_is_read(giver, clock, store):
    taker = Handover(store, clock=clock, shares=FairShares("sample", BYTES, len(CONTENT)))
    handed = await giver.give("ws_ours", PURPOSE, CONTENT, taker.public_key)
    store.away = True  # which is not noticed

    with pytest.raises(PlatformError) as refused:
        await taker.take("ws_ours", PURPOSE, handed)

    assert refused.value.code == "platform.full"
    store.away = False
    assert len(store.kept) == 1


async def test_too_much_or_for_nobody_is_refused(giver, taker, store):
    with pytest.raises(BlobTooLarge):
        await giver.give("ws_ours", PURPOSE, bytes(MAX_BYTES + 1), taker.public_key)
    for key in ("", "no key", "AAAA"):
        with pytest.raises(RecipientInvalid):
            await giver.give("ws_ours", PURPOSE, CONTENT, key)
    assert store.kept == {}


def test_ten_minutes_is_how_long_it_is_kept():
    assert timedelta(minutes=10) == LIFETIME
