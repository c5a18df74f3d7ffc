"""Bytes beside a message: sealed to the receiving service's key, ten minutes, by reference.

A request or reply may have 64 KiB. Larger content goes to the store for blobs, sealed with HPKE
(`kit.sealing`) to the public key that the receiver named, and the message holds the reference. The
key is that of one replica where a reply is large (the asker sends it in its request), and that of
all the receiver's replicas where a request is (`service_recipient`, the receiver answers it).

Workspace, purpose, id and expiry are bound into the seal. Whoever opens checks the expiry, and
deletes afterwards; what a crash or a lost answer leaves, the sweep deletes (`kit.blob_sweep`).
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from contracts.errors import Unavailable
from contracts.handover import HandedOver
from contracts.ids import WorkspaceId, new_id
from kit import logs
from kit.blobs import (
    HANDOVER,
    BlobName,
    BlobNotFound,
    BlobStore,
    BlobStoreUnavailable,
    BlobTooLarge,
    BlobUnreadable,
    expiry,
    whole,
)
from kit.sealing import Recipient, SealBroken, length_prefixed, seal_bytes
from kit.shares import FairShares
from kit.sizes import MIB

log = logs.logger("kit.handover")
LIFETIME = timedelta(minutes=10)
MAX_BYTES = 32 * MIB
SEAL_BYTES = 48
"""HPKE's encapsulated key (32 bytes) and GCM's tag."""
GIVE_SECONDS = 4.0
"""Shorter than a request over the bus waits, so that the asker gets the reason."""
TAKE_SECONDS = 10.0
"""Of the largest content from a slow store; whoever takes it answers a request meanwhile."""
_PURPOSE = b"openactions/handover/v1"


class HandoverLost(Unavailable):
    """Read already, deleted, expired, or another workspace's."""

    code = "platform.handover_lost"

    def __init__(self) -> None:
        super().__init__(
            "Content that one service handed over to another is no longer there.",
            hint="Try again; it will be handed over afresh.",
        )


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Handover:
    """One replica's end: it gives to others' keys, and takes what was sealed to its own."""

    store: BlobStore
    recipient: Recipient = field(default_factory=Recipient.fresh)
    clock: Callable[[], datetime] = _now
    give_seconds: float = GIVE_SECONDS
    take_seconds: float = TAKE_SECONDS
    shares: FairShares | None = None
    """What is held while it is read counts here, for its workspace."""

    @property
    def public_key(self) -> str:
        """What a request for large content carries as `recipient`."""
        return self.recipient.public_key

    async def give(
        self, workspace_id: WorkspaceId, purpose: str, content: bytes, recipient: str
    ) -> HandedOver:
        """`BlobTooLarge`, `RecipientInvalid`, and `BlobStoreUnavailable`, also where it is slow."""
        if len(content) > MAX_BYTES:
            raise BlobTooLarge(MAX_BYTES)
        expires_at = expiry(self.clock(), LIFETIME)
        name = BlobName(HANDOVER, workspace_id, new_id("han"), expires_at)
        sealed = await asyncio.to_thread(seal_bytes, content, recipient, _info(name, purpose))
        try:
            async with asyncio.timeout(self.give_seconds):
                await self.store.put(name, sealed)
        except TimeoutError:
            raise BlobStoreUnavailable from None
        return HandedOver(id=name.id, size=len(content), expires_at=expires_at)

    async def take(self, workspace_id: WorkspaceId, purpose: str, handed: HandedOver) -> bytes:
        """The content, once. `HandoverLost`, `SealBroken`, and `BlobStoreUnavailable`, also where
        it is slow. Before anything is read: the refusals of `shares`.
        """
        if handed.expires_at <= self.clock() or not 0 <= handed.size <= MAX_BYTES:
            raise HandoverLost
        with self._counted(workspace_id, 2 * (handed.size + SEAL_BYTES)):
            return await self._taken(workspace_id, purpose, handed)

    def _counted(self, workspace_id: WorkspaceId, count: int) -> AbstractContextManager[None]:
        """Sealed and opened it is held twice."""
        return self.shares.held(workspace_id, count) if self.shares else nullcontext()

    async def _taken(self, workspace_id: WorkspaceId, purpose: str, handed: HandedOver) -> bytes:
        try:
            name = BlobName(HANDOVER, workspace_id, handed.id, handed.expires_at)
            async with asyncio.timeout(self.take_seconds):
                sealed = await whole(self.store, name, handed.size + SEAL_BYTES)
        except (BlobNotFound, ValueError):
            raise HandoverLost from None
        except BlobUnreadable:  # longer than what was handed over
            raise SealBroken from None
        except TimeoutError:
            raise BlobStoreUnavailable from None
        info = _info(name, purpose)
        content = await asyncio.to_thread(self.recipient.open_bytes, sealed, info)
        if len(content) != handed.size:
            raise SealBroken
        await self._delete(name)
        return content

    async def _delete(self, name: BlobName) -> None:
        """It was read; where this fails the sweep does it."""
        try:
            async with asyncio.timeout(self.give_seconds):
                await self.store.delete(name)
        except (BlobStoreUnavailable, TimeoutError):
            log.info("handover_left_to_the_sweep", id=name.id)


def _info(name: BlobName, purpose: str) -> bytes:
    return length_prefixed(_PURPOSE, purpose.encode(), name.path.encode())


def service_recipient(root_key: bytes, service: str) -> Recipient:
    """A key pair that all replicas of a service derive from the same root key."""
    info = length_prefixed(b"openactions/handover-recipient/v1", service.encode())
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(root_key)
    return Recipient(X25519PrivateKey.from_private_bytes(seed))
