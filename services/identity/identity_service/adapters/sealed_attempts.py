import base64
import binascii
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import TypeAdapter, ValidationError

from identity_service.domain.oidc.attempt import MAX_STATE, Attempt

PURPOSE = b"openactions/sign-in-attempt/v1"
NONCE_BYTES = 12
MAX_ID = 64
"""Characters."""
YEARS = range(2020, 3000)
"""Of dates to which ten minutes can be added, in any zone."""
_ATTEMPTS = TypeAdapter(Attempt)


class SealedAttempts:
    """AES-256-GCM under a key that is made of the browser's secret, 256 random bits: whoever has
    not that secret can neither read an attempt, nor change it. The browser itself could make one,
    which gains it nothing over beginning one.
    """

    def seal(self, attempt: Attempt, browser_secret: str) -> str:
        nonce = secrets.token_bytes(NONCE_BYTES)
        text = _ATTEMPTS.dump_json(attempt)
        sealed = AESGCM(_key(browser_secret)).encrypt(nonce, text, PURPOSE)
        return base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()

    def open(self, state: str, browser_secret: str) -> Attempt | None:
        if len(state) > MAX_STATE or not state.isascii():
            return None
        try:
            raw = base64.b64decode(state + "=" * (-len(state) % 4), altchars=b"-_", validate=True)
            nonce, sealed = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
            text = AESGCM(_key(browser_secret)).decrypt(nonce, sealed, PURPOSE)
            attempt = _ATTEMPTS.validate_json(text)
        except (binascii.Error, ValueError, InvalidTag, ValidationError):
            return None
        return attempt if _may_be_ours(attempt) else None


def _may_be_ours(attempt: Attempt) -> bool:
    """A browser can seal what it likes under its own secret."""
    began = attempt.created_at
    has_date = began.utcoffset() is not None and began.year in YEARS
    return has_date and len(attempt.id) <= MAX_ID


def _key(browser_secret: str) -> bytes:
    return hmac.digest(browser_secret.encode(), PURPOSE, hashlib.sha256)
