import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from contextlib import suppress
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr, TypeAdapter, ValidationError

from identity_service.domain.oidc.attempt import MAX_STATE, Attempt
from kit.html import own_path
from kit.root_keys import read_keys

PURPOSE = b"openactions/sign-in-attempt/v1"
NONCE_BYTES = 12
MAX_ID = 64
"""Characters."""
YEARS = range(2020, 3000)
"""Of dates to which ten minutes can be added, in any zone."""
_ATTEMPTS = TypeAdapter(Attempt)


class SealedAttempts:
    """AES-256-GCM under a key that is made of a root key of the installation and of the browser's
    secret, 256 random bits: whoever lacks either can neither read, nor change, nor make an attempt.
    The first root key seals, all of them open.

    An installation without root keys has the browser's secret alone. There a browser can make
    attempts up, which gains it nothing over beginning one: `EndAttempt` compares what they say.
    """

    def __init__(self, root_keys: Iterable[bytes] = ()) -> None:
        self._root_keys = tuple(root_keys) or (b"",)

    @classmethod
    def of(cls, keys: SecretStr | None) -> Self:
        """Of the service's setting `keys` (`kit.root_keys.RootKeys`)."""
        return cls(read_keys(keys.get_secret_value()).values() if keys else ())

    def seal(self, attempt: Attempt, browser_secret: str) -> str:
        nonce = secrets.token_bytes(NONCE_BYTES)
        text = _ATTEMPTS.dump_json(attempt)
        cipher = _cipher(self._root_keys[0], browser_secret)
        sealed = cipher.encrypt(nonce, text, PURPOSE)
        return base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()

    def open(self, state: str, browser_secret: str) -> Attempt | None:
        if len(state) > MAX_STATE or not state.isascii():
            return None
        try:
            raw = base64.b64decode(state + "=" * (-len(state) % 4), altchars=b"-_", validate=True)
            attempt = _ATTEMPTS.validate_json(self._opened(raw, browser_secret))
        except (binascii.Error, ValueError, InvalidTag, ValidationError):
            return None
        return attempt if _may_be_ours(attempt) else None

    def _opened(self, raw: bytes, browser_secret: str) -> bytes:
        """Raises `InvalidTag` where none of the keys sealed it, `ValueError` where it is cut."""
        nonce, sealed = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
        for root_key in self._root_keys:
            with suppress(InvalidTag):
                return _cipher(root_key, browser_secret).decrypt(nonce, sealed, PURPOSE)
        raise InvalidTag


def _may_be_ours(attempt: Attempt) -> bool:
    """Without root keys a browser can seal what it likes, among it a way back to somebody else."""
    began = attempt.created_at
    has_date = began.utcoffset() is not None and began.year in YEARS
    leads_back = own_path(attempt.return_to) == attempt.return_to
    return has_date and leads_back and len(attempt.id) <= MAX_ID


def _cipher(root_key: bytes, browser_secret: str) -> AESGCM:
    """The secret is hashed first, so that the key's input has one length."""
    secret = hashlib.sha256(browser_secret.encode()).digest()
    return AESGCM(hmac.digest(root_key, PURPOSE + secret, hashlib.sha256))
