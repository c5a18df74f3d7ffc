"""Envelope encryption at rest: a fresh data key for each value, wrapped by another key.

`version|key id|algorithm|wrapped data key|nonce|ciphertext and tag`, binary parts in base64. In v1
a root key of the settings wraps the data key, and its id is the key id. In v2 the workspace's key
under a root does (`kit.workspace_keys`); the key id is `workspace/` and the root's id. Content is
bound to algorithm and place, its key also to version and key id; the wrapped key carries a
commitment, because GCM alone does not tie a ciphertext to one key.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

from kit import logs
from kit.key_ring import KeyUnknown, Place, Sealed, SecretUnreadable
from kit.key_strength import KEY_BYTES
from kit.root_keys import read_keys
from kit.sealing import Secret, length_prefixed
from kit.workspace_keys import WorkspaceKeys

log = logs.logger("kit.envelope")

BY_ROOT, BY_WORKSPACE = "v1", "v2"
CONTENT_VERSION = "v1"
"""Of how content is encrypted, which is the same in both."""
OF_WORKSPACE = "workspace/"
"""No id of a root key begins so."""
ALGORITHM = "A256GCM"
NONCE_BYTES = 12
TAG_BYTES = 16
COMMITMENT_BYTES = 32
MAX_PURPOSES, MAX_PLACES = 64, 8
"""Whose bytes are kept: each value is bound to its place three times."""


@dataclass(frozen=True, slots=True)
class _Parts:
    key_id: str
    wrapped: bytes
    nonce: bytes
    ciphertext: bytes

    def packed(self) -> Sealed:
        texts = (_text(part) for part in (self.wrapped, self.nonce, self.ciphertext))
        version = _version(self.key_id)
        return Sealed(self.key_id, "|".join((version, self.key_id, ALGORITHM, *texts)))

    @classmethod
    def of(cls, sealed: Sealed) -> "_Parts":
        """Strict: the one version that the key id may have, and only one spelling of the bytes."""
        try:
            version, key_id, algorithm, *texts = sealed.envelope.split("|")
            wrapped, nonce, ciphertext = (base64.b64decode(text, validate=True) for text in texts)
        except ValueError:
            raise SecretUnreadable from None
        parts = cls(key_id, wrapped, nonce, ciphertext)
        if (version, algorithm) != (_version(key_id), ALGORITHM) or parts.packed() != sealed:
            raise SecretUnreadable
        return parts


class EnvelopeKeyRing:
    """`KeyRing` over root keys that a service's settings hold (`kit.root_keys`), by id, and over
    keys of workspaces. `writing_root` writes, or the first one.

    Without `per_workspace` it writes what the release before reads, and opens both (decision 44).
    """

    def __init__(
        self,
        keys: Mapping[str, bytes],
        workspaces: WorkspaceKeys | None = None,
        *,
        writing_root: str = "",
        per_workspace: bool = False,
    ) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._workspaces = workspaces
        first = writing_root or next(iter(keys))
        self.writing_key = OF_WORKSPACE + first if per_workspace else first
        roots = () if workspaces is None else workspaces.root_ids
        self.known_keys = frozenset((*keys, *(OF_WORKSPACE + root for root in roots)))

    @classmethod
    def of(cls, keys: SecretStr) -> Self:
        """Of a service's setting `keys` alone: without keys of workspaces."""
        return cls(read_keys(keys.get_secret_value()))

    async def seal(self, plaintext: Secret[bytes], place: Place) -> Sealed:
        data_key, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)
        ciphertext = AESGCM(data_key).encrypt(nonce, plaintext.reveal(), _content_binding(place))
        wrapped = await self._wrap(data_key, place)
        return _Parts(self.writing_key, wrapped, nonce, ciphertext).packed()

    async def open(self, sealed: Sealed, place: Place) -> Secret[bytes]:
        try:
            parts = _Parts.of(sealed)
            cipher = AESGCM(await self._unwrap(parts, place))
            return Secret(cipher.decrypt(parts.nonce, parts.ciphertext, _content_binding(place)))
        except (InvalidTag, ValueError, SecretUnreadable):
            log.critical("stored_secret_failed_its_integrity_check", record=place.record_id)
            raise SecretUnreadable from None
        except KeyUnknown:
            log.critical("encryption_key_unknown", key_id=sealed.key_id, record=place.record_id)
            raise

    async def rewrap(self, sealed: Sealed, place: Place) -> Sealed:
        plaintext = await self.open(sealed, place)
        parts = _Parts.of(sealed)
        wrapped = await self._wrap(await self._unwrap(parts, place), place)
        rewrapped = replace(parts, key_id=self.writing_key, wrapped=wrapped).packed()
        if await self.open(rewrapped, place) != plaintext:
            raise SecretUnreadable
        return rewrapped

    async def _wrap(self, data_key: bytes, place: Place) -> bytes:
        nonce, binding = os.urandom(NONCE_BYTES), _key_binding(self.writing_key, place)
        cipher = await self._cipher(self.writing_key, place, writes=True)
        return nonce + cipher.encrypt(nonce, data_key, binding) + _commitment(data_key, place)

    async def _unwrap(self, parts: _Parts, place: Place) -> bytes:
        cipher = await self._cipher(parts.key_id, place)
        wrapped, commitment = parts.wrapped[:-COMMITMENT_BYTES], parts.wrapped[-COMMITMENT_BYTES:]
        nonce, body = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        data_key = cipher.decrypt(nonce, body, _key_binding(parts.key_id, place))
        if not hmac.compare_digest(commitment, _commitment(data_key, place)):
            raise SecretUnreadable
        return data_key

    async def _cipher(self, key_id: str, place: Place, *, writes: bool = False) -> AESGCM:
        """Of the key that wraps: found by its id and never tried out."""
        if key_id.startswith(OF_WORKSPACE) and self._workspaces is not None:
            keys, root_id = self._workspaces, key_id.removeprefix(OF_WORKSPACE)
            find = keys.for_writing if writes else keys.for_reading
            return await find(place.workspace_id, root_id)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise KeyUnknown
        return cipher


def _text(part: bytes) -> str:
    return base64.b64encode(part).decode()


def _version(key_id: str) -> str:
    return BY_WORKSPACE if key_id.startswith(OF_WORKSPACE) else BY_ROOT


@lru_cache(MAX_PURPOSES)
def _purpose(version: str, purpose: str, *more: str) -> bytes:
    return length_prefixed(*(part.encode() for part in (version, ALGORITHM, purpose, *more)))


@lru_cache(MAX_PLACES)
def _place(place: Place) -> bytes:
    parts = (place.workspace_id, place.collection, place.record_id, place.field)
    return length_prefixed(*(part.encode() for part in (*parts, str(place.schema_version))))


def _binding(version: str, purpose: str, place: Place, *more: str) -> bytes:
    return _purpose(version, purpose, *more) + _place(place)


def _content_binding(place: Place) -> bytes:
    """Names no key of the ring: changing that key must not touch the content."""
    return _binding(CONTENT_VERSION, "content", place)


def _key_binding(key_id: str, place: Place) -> bytes:
    return _binding(_version(key_id), "data key", place, key_id)


def _commitment(data_key: bytes, place: Place) -> bytes:
    return hmac.digest(data_key, _binding(CONTENT_VERSION, "commitment", place), hashlib.sha256)
