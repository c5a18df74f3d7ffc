"""A key for each workspace and root key: a root seals it, and it wraps data keys (`kit.envelope`).

It is 32 random bytes, made when a workspace first seals something, stored sealed in the service's
own database, and deleted with the workspace: what was sealed under it then opens nowhere, whoever
has a copy of the records. Opened, it stays in memory for five minutes at most.
"""

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakValueDictionary

from cachetools import LRUCache
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from contracts.errors import Unavailable
from contracts.ids import WorkspaceId
from kit import cache_figures, logs
from kit.clock import elapsed_seconds
from kit.documents import Overtaken
from kit.key_ring import KeyUnknown, SecretUnreadable
from kit.key_strength import KEY_BYTES
from kit.sealing import length_prefixed

log = logs.logger("kit.workspace_keys")

NONCE_BYTES = 12
PURPOSE = b"openactions/workspace key/v2"
OPEN_SECONDS = 300.0
"""How long an opened key is used without its root: F28's five minutes."""
RENEW_AFTER_SECONDS = 40.0
RENEW_EVERY_SECONDS = 5.0
"""A key in use is opened anew once it is older than the one, looked at as often as the other says:
so it is good for four minutes whenever a key service goes away."""
MAX_OPEN = 10_000
ENTRY_BYTES = 1_000


@dataclass(frozen=True, slots=True)
class KeyOwner:
    """Whose key it is, and sealed by which root. Sealed for another owner, it does not open."""

    service: str
    workspace_id: WorkspaceId
    root_id: str

    @property
    def binding(self) -> bytes:
        parts = (self.service, self.workspace_id, self.root_id)
        return length_prefixed(PURPOSE, *(part.encode() for part in parts))


class RootKey(Protocol):
    """Seals keys of workspaces: one that the settings hold (`HeldRoot`), or of a key service.

    `unwrap` refuses with `SecretUnreadable` what it did not seal for this owner, and with
    `KeyUnknown` where the root itself is gone; both with `KeyServiceUnavailable`.
    """

    async def wrap(self, key: bytes, owner: KeyOwner) -> str: ...

    async def unwrap(self, wrapped: str, owner: KeyOwner) -> bytes: ...


class HeldRoot:
    """`RootKey` that the settings hold: AES-256-GCM, nonce before the ciphertext, in hex."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    async def wrap(self, key: bytes, owner: KeyOwner) -> str:
        nonce = os.urandom(NONCE_BYTES)
        return (nonce + self._cipher.encrypt(nonce, key, owner.binding)).hex()

    async def unwrap(self, wrapped: str, owner: KeyOwner) -> bytes:
        try:
            raw = bytes.fromhex(wrapped)
            return self._cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], owner.binding)
        except (InvalidTag, ValueError):
            raise SecretUnreadable from None


class WorkspaceKeyStore(Protocol):
    async def find(self, workspace_id: WorkspaceId, root_id: str) -> str | None:
        """The sealed key."""
        ...

    async def add(self, workspace_id: WorkspaceId, root_id: str, wrapped: str) -> None:
        """Raises `Overtaken` where there is one: no key is ever replaced by another."""
        ...


@dataclass(slots=True)
class _Opened:
    cipher: AESGCM
    at: float
    is_used: bool = False
    """Since it was opened."""


class WorkspaceKeys:
    """Keys of one service's workspaces, by root key; opened ones in a bounded cache."""

    name = "workspace_keys"

    def __init__(
        self,
        service: str,
        store: WorkspaceKeyStore,
        roots: Mapping[str, RootKey],
        now: Callable[[], float] = elapsed_seconds,
        max_open: int = MAX_OPEN,
    ) -> None:
        self.hits = self.misses = 0
        self._service = service
        self._store = store
        self._roots = roots
        self._now = now
        self._opened: LRUCache[KeyOwner, _Opened] = LRUCache(max_open)
        self._opening: WeakValueDictionary[KeyOwner, asyncio.Lock] = WeakValueDictionary()
        cache_figures.show(self)

    def __len__(self) -> int:
        return len(self._opened)

    @property
    def bytes(self) -> int:
        return len(self._opened) * ENTRY_BYTES

    @property
    def root_ids(self) -> frozenset[str]:
        return frozenset(self._roots)

    async def for_writing(self, workspace_id: WorkspaceId, root_id: str) -> AESGCM:
        """Made if there is none."""
        return await self._cipher(KeyOwner(self._service, workspace_id, root_id), makes=True)

    async def for_reading(self, workspace_id: WorkspaceId, root_id: str) -> AESGCM:
        """`KeyUnknown` where there is none: never made, or destroyed."""
        return await self._cipher(KeyOwner(self._service, workspace_id, root_id), makes=False)

    async def renew_for_ever(self) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY_SECONDS)
            await self.renew()

    async def renew(self) -> None:
        """One round: open anew what is used, and forget what is too old or was destroyed.

        Where the key service or the database is away, what is open stays until its time is up.
        """
        for owner, opened in list(self._opened.items()):
            age = self._now() - opened.at
            if age > OPEN_SECONDS:
                self._opened.pop(owner, None)
            elif opened.is_used and age > RENEW_AFTER_SECONDS:
                try:
                    self._opened[owner] = await self._open(owner)
                except (KeyUnknown, SecretUnreadable) as error:
                    self._opened.pop(owner, None)
                    self._report(owner, error)
                except Unavailable as error:
                    log.warning("workspace_keys_not_renewed", code=error.code)
                    return

    async def _cipher(self, owner: KeyOwner, *, makes: bool) -> AESGCM:
        opened = self._still_open(owner)
        if opened is not None:
            self.hits += 1
            return opened.cipher
        self.misses += 1
        async with self._opening.setdefault(owner, asyncio.Lock()):  # others wait for the first
            opened = self._still_open(owner)
            if opened is None:
                opened = await (self._open_or_make(owner) if makes else self._open(owner))
                opened.is_used = True
                self._opened[owner] = opened
        return opened.cipher

    def _still_open(self, owner: KeyOwner) -> _Opened | None:
        opened = self._opened.get(owner)
        if opened is None or self._now() - opened.at > OPEN_SECONDS:
            return None
        opened.is_used = True
        return opened

    async def _open_or_make(self, owner: KeyOwner) -> _Opened:
        if await self._store.find(owner.workspace_id, owner.root_id) is None:
            try:
                return await self._make(owner)
            except Overtaken:
                log.debug("workspace_key_made_elsewhere", workspace=owner.workspace_id)
        return await self._open(owner)

    async def _open(self, owner: KeyOwner) -> _Opened:
        at = self._now()
        wrapped = await self._store.find(owner.workspace_id, owner.root_id)
        if wrapped is None:
            raise KeyUnknown
        key = await self._root(owner).unwrap(wrapped, owner)
        if len(key) != KEY_BYTES:
            raise SecretUnreadable
        return _Opened(AESGCM(key), at)

    async def _make(self, owner: KeyOwner) -> _Opened:
        """Proven to open again before anything is sealed under it."""
        at, key, root = self._now(), os.urandom(KEY_BYTES), self._root(owner)
        wrapped = await root.wrap(key, owner)
        if await root.unwrap(wrapped, owner) != key:
            raise SecretUnreadable
        await self._store.add(owner.workspace_id, owner.root_id, wrapped)
        log.info("workspace_key_made", workspace=owner.workspace_id, root=owner.root_id)
        return _Opened(AESGCM(key), at)

    def _root(self, owner: KeyOwner) -> RootKey:
        root = self._roots.get(owner.root_id)
        if root is None:
            raise KeyUnknown
        return root

    def _report(self, owner: KeyOwner, error: Exception) -> None:
        log.warning(
            "workspace_key_gone",
            workspace=owner.workspace_id,
            root=owner.root_id,
            error=type(error).__name__,
        )
