"""Envelope encryption at rest: a fresh data key for each value, wrapped by a key of the ring.

`v1|key id|algorithm|wrapped data key|nonce|ciphertext and tag`, binary parts in base64. Key and
content are bound to version, algorithm and place; the wrapped key carries a commitment, because
GCM alone does not tie a ciphertext to one key.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

from kit import logs
from kit.key_ring import KeyUnknown, Place, Sealed, SecretUnreadable
from kit.key_strength import KEY_BYTES
from kit.root_keys import read_keys
from kit.sealing import Secret, length_prefixed

log = logs.logger("kit.envelope")

VERSION = "v1"
ALGORITHM = "A256GCM"
NONCE_BYTES = 12
TAG_BYTES = 16
COMMITMENT_BYTES = 32


@dataclass(frozen=True, slots=True)
class _Parts:
    key_id: str
    wrapped: bytes
    nonce: bytes
    ciphertext: bytes

    def packed(self) -> Sealed:
        texts = (_text(part) for part in (self.wrapped, self.nonce, self.ciphertext))
        return Sealed(self.key_id, "|".join((VERSION, self.key_id, ALGORITHM, *texts)))

    @classmethod
    def of(cls, sealed: Sealed) -> "_Parts":
        """Strict: exactly this version and algorithm, and only one spelling of the bytes."""
        try:
            version, key_id, algorithm, *texts = sealed.envelope.split("|")
            wrapped, nonce, ciphertext = (base64.b64decode(text, validate=True) for text in texts)
        except ValueError:
            raise SecretUnreadable from None
        parts = cls(key_id, wrapped, nonce, ciphertext)
        if (version, algorithm) != (VERSION, ALGORITHM) or parts.packed() != sealed:
            raise SecretUnreadable
        return parts


class EnvelopeKeyRing:
    """`KeyRing` over root keys that a service's settings hold (`kit.root_keys`), by id.

    The first one writes. A KMS would be another adapter.
    """

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self.writing_key = next(iter(keys))
        self.known_keys = frozenset(keys)

    @classmethod
    def of(cls, keys: SecretStr) -> Self:
        """Of a service's setting `keys` (`kit.root_keys.RootKeys`)."""
        return cls(read_keys(keys.get_secret_value()))

    async def seal(self, plaintext: Secret[bytes], place: Place) -> Sealed:
        data_key, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)
        ciphertext = AESGCM(data_key).encrypt(nonce, plaintext.reveal(), _content_binding(place))
        wrapped = self._wrap(data_key, place)
        return _Parts(self.writing_key, wrapped, nonce, ciphertext).packed()

    async def open(self, sealed: Sealed, place: Place) -> Secret[bytes]:
        try:
            parts = _Parts.of(sealed)
            cipher = AESGCM(self._unwrap(parts, place))
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
        wrapped = self._wrap(self._unwrap(parts, place), place)
        rewrapped = replace(parts, key_id=self.writing_key, wrapped=wrapped).packed()
        if await self.open(rewrapped, place) != plaintext:
            raise SecretUnreadable
        return rewrapped

    def _wrap(self, data_key: bytes, place: Place) -> bytes:
        nonce, binding = os.urandom(NONCE_BYTES), _key_binding(self.writing_key, place)
        wrapped = self._ciphers[self.writing_key].encrypt(nonce, data_key, binding)
        return nonce + wrapped + _commitment(data_key, place)

    def _unwrap(self, parts: _Parts, place: Place) -> bytes:
        cipher = self._ciphers.get(parts.key_id)
        if cipher is None:
            raise KeyUnknown
        wrapped, commitment = parts.wrapped[:-COMMITMENT_BYTES], parts.wrapped[-COMMITMENT_BYTES:]
        nonce, body = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        data_key = cipher.decrypt(nonce, body, _key_binding(parts.key_id, place))
        if not hmac.compare_digest(commitment, _commitment(data_key, place)):
            raise SecretUnreadable
        return data_key


def _text(part: bytes) -> str:
    return base64.b64encode(part).decode()


def _binding(purpose: str, place: Place, *more: str) -> bytes:
    parts = (VERSION, ALGORITHM, purpose, *more, place.workspace_id, place.collection)
    record = (place.record_id, place.field, str(place.schema_version))
    return length_prefixed(*(part.encode() for part in (*parts, *record)))


def _content_binding(place: Place) -> bytes:
    """Names no key of the ring: changing that key must not touch the content."""
    return _binding("content", place)


def _key_binding(key_id: str, place: Place) -> bytes:
    return _binding("data key", place, key_id)


def _commitment(data_key: bytes, place: Place) -> bytes:
    return hmac.digest(data_key, _binding("commitment", place), hashlib.sha256)
