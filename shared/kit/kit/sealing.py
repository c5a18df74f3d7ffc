"""Secrets on their way: sealed by the service that keeps them, for one replica that asked.

HPKE in base mode (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM). What a sealed secret is for travels
as HPKE's `info`, so it opens only for the workspace, action, origin and expiry it was sealed for.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, NoReturn, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from contracts.errors import Invalid, Unavailable
from contracts.ids import ActionId, WorkspaceId
from kit.live_secrets import LIVE_SECRETS

T = TypeVar("T", str, bytes)
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PURPOSE = b"openactions/sealed-credential/v1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Secret(Generic[T]):
    """Holds a secret that no log line, traceback, f-string, pickle or copy gives away.

    A text is known to `kit.live_secrets` from then on: log lines of others do not show it either.
    """

    __slots__ = ("_hidden",)
    _hidden: T

    def __init__(self, secret: T) -> None:
        self._hidden = secret
        if isinstance(secret, str):
            LIVE_SECRETS.add(secret)

    def reveal(self) -> T:
        return self._hidden

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(_octets(self._hidden), _octets(other._hidden))

    __hash__ = None  # type: ignore[assignment]  # a hash of a secret is a hint about it

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is neither pickled nor copied")


def _octets(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


class SealBroken(Unavailable):
    """Altered, sealed for another replica, or for another purpose: HPKE does not say which."""

    code = "platform.seal_broken"

    def __init__(self) -> None:
        super().__init__(
            "A sealed secret cannot be opened here.", hint="Try again; it will be sealed afresh."
        )


class SealExpired(Unavailable):
    """Released for a time that has passed: replayed, delayed, or the two clocks differ."""

    code = "platform.seal_expired"

    def __init__(self, late: timedelta) -> None:
        super().__init__(
            f"A sealed secret came {late.total_seconds():,.0f} seconds after the time for which it "
            "was released.",
            hint="Try again. If this goes on, the clocks of two services differ: your operator "
            "compares `openactions_clock_skew_seconds` of execution and auth.",
        )


class RecipientInvalid(Invalid):
    code = "platform.recipient_invalid"

    def __init__(self) -> None:
        super().__init__(
            "The recipient's key is not an X25519 public key.", hint="Send 32 bytes in base64."
        )


@dataclass(frozen=True, slots=True)
class SealBinding:
    """What a secret was released for. Opening it takes exactly the same four values, in time.

    `expires_at` must know its time zone.
    """

    workspace_id: WorkspaceId
    action_id: ActionId
    origin: str
    expires_at: datetime

    @property
    def info(self) -> bytes:
        """Each part behind its length, so that no two bindings read the same."""
        microseconds = (self.expires_at - _EPOCH) // timedelta(microseconds=1)
        parts = (self.workspace_id, self.action_id, self.origin, str(microseconds))
        return length_prefixed(_PURPOSE, *(part.encode() for part in parts))


def length_prefixed(*parts: bytes) -> bytes:
    """The parts, each behind its length in four bytes (big-endian): joined without ambiguity."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


class Recipient:
    """One replica's key pair; the private half is in the process's memory alone."""

    def __init__(self, private_key: X25519PrivateKey) -> None:
        self._private_key = private_key
        public_bytes = private_key.public_key().public_bytes_raw()
        self.public_key = base64.b64encode(public_bytes).decode()
        """Raw, base64: what a request for a secret carries."""

    @classmethod
    def fresh(cls) -> "Recipient":
        return cls(X25519PrivateKey.generate())

    def open(self, sealed_b64: str, binding: SealBinding, now: datetime) -> bytes:
        """The plaintext; `SealBroken` for anything not sealed for this recipient and binding,
        `SealExpired` once the binding has passed.
        """
        if binding.expires_at <= now:
            raise SealExpired(now - binding.expires_at)
        try:
            sealed = base64.b64decode(sealed_b64, validate=True)
        except ValueError:
            raise SealBroken from None
        return self.open_bytes(sealed, binding.info)

    def open_bytes(self, sealed: bytes, info: bytes) -> bytes:
        """What `seal_bytes` made for this recipient and `info`; `SealBroken` for all else."""
        try:
            return _SUITE.decrypt(sealed, self._private_key, info=info)
        except (InvalidTag, ValueError):
            raise SealBroken from None


def seal(plaintext: bytes, recipient_public_key_b64: str, binding: SealBinding) -> str:
    """HPKE's `enc` followed by the ciphertext, base64."""
    return base64.b64encode(seal_bytes(plaintext, recipient_public_key_b64, binding.info)).decode()


def seal_bytes(plaintext: bytes, recipient_public_key_b64: str, info: bytes) -> bytes:
    """HPKE's `enc` followed by the ciphertext; it opens only with the same `info`."""
    try:
        raw = base64.b64decode(recipient_public_key_b64, validate=True)
        recipient = X25519PublicKey.from_public_bytes(raw)
        return _SUITE.encrypt(plaintext, recipient, info=info)
    except ValueError:  # also for points of small order (RFC 7748, 6.1)
        raise RecipientInvalid from None
