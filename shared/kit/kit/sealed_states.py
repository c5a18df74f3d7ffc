"""State that a browser carries, such as the `state` of an authorization request (RFC 6749, 4.1.1):
sealed, so that the service keeps nothing of what was only begun.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from contextlib import suppress
from typing import Generic, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")
NONCE_BYTES = 12
MAX_STATE = 8_000
"""Characters."""


class SealedStates(Generic[T]):
    """AES-256-GCM under a key that is made of a root key of the installation, of the purpose, and
    of a secret: whoever lacks one of them can neither read, nor change, nor make a state. The first
    root key seals, all of them open.

    An installation without root keys of its own has the secret alone: whoever has that can make
    states up. So what is opened is compared with what the service knows before it is used.
    """

    def __init__(self, kind: type[T], purpose: bytes, root_keys: Iterable[bytes] = ()) -> None:
        self._values: TypeAdapter[T] = TypeAdapter(kind)
        self._purpose = purpose
        self._root_keys = tuple(root_keys) or (b"",)

    def seal(self, value: T, secret: str) -> str:
        """Base64url; each time another text."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        cipher = self._cipher(self._root_keys[0], secret)
        sealed = cipher.encrypt(nonce, self._values.dump_json(value), self._purpose)
        return base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()

    def open(self, state: str, secret: str) -> T | None:
        """None unless it was sealed for this purpose, with this secret."""
        if len(state) > MAX_STATE or not state.isascii():
            return None
        try:
            raw = base64.b64decode(state + "=" * (-len(state) % 4), altchars=b"-_", validate=True)
            return self._values.validate_json(self._opened(raw, secret))
        except (binascii.Error, ValueError, InvalidTag, ValidationError):
            return None

    def _opened(self, raw: bytes, secret: str) -> bytes:
        """Raises `InvalidTag` where none of the keys sealed it, `ValueError` where it is cut."""
        nonce, sealed = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
        for root_key in self._root_keys:
            with suppress(InvalidTag):
                return self._cipher(root_key, secret).decrypt(nonce, sealed, self._purpose)
        raise InvalidTag

    def _cipher(self, root_key: bytes, secret: str) -> AESGCM:
        """The secret is hashed first, so that the key's input has one length."""
        digest = hashlib.sha256(secret.encode()).digest()
        return AESGCM(hmac.digest(root_key, self._purpose + digest, hashlib.sha256))
