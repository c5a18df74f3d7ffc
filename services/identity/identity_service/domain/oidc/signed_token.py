"""Signed tokens of a provider (RFC 7515, RFC 7519), before anything in them is believed."""

import base64
import binascii
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey
from joserfc.jws import JWSRegistry, deserialize_compact
from joserfc.registry import Header

from kit.json_text import read_json

MAX_TOKEN_BYTES = 64 * 1024
MAX_HEADER_BYTES = 4 * 1024
MAX_KEYS = 100
LEEWAY_SECONDS = 60
"""By how much two clocks may differ."""
LAST_SECOND = 2**53
"""Beyond it numbers of JSON are not exact."""
COMPACT_PARTS, ENCRYPTED_PARTS = 3, 5
MIN_RSA_BITS, MAX_RSA_BITS = 2_048, 8_192
_KIND_OF_KEY = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
_CURVE = {"ES256": "P-256", "EdDSA": "Ed25519"}

Key = RSAKey | ECKey | OKPKey
Claims = Mapping[str, Any]


class TokenRefused(Exception):
    """Its text completes the sentence "was not accepted: …"."""


class KeyNotKnown(TokenRefused):
    """The provider may have new keys by now."""


@dataclass(frozen=True, slots=True)
class SignedToken:
    """Parsed and bounded, its signature not checked: nothing of it may be believed."""

    text: str
    header: Claims
    unverified: Claims
    """What it claims."""

    @property
    def algorithm(self) -> str:
        return str(self.header["alg"])

    @classmethod
    def parse(cls, text: object, allowed: Collection[str], types: Collection[str]) -> "SignedToken":
        """`types` are values of `typ`, in lower case; a token without one is of any."""
        if not isinstance(text, str) or not text.isascii() or len(text) > MAX_TOKEN_BYTES:
            raise TokenRefused("the token is no short text")
        parts = text.split(".")
        if len(parts) == ENCRYPTED_PARTS:
            raise TokenRefused("the token is encrypted, which is not supported")
        if len(parts) != COMPACT_PARTS or not all(parts):
            raise TokenRefused("the token is not signed")
        header = _object(parts[0], MAX_HEADER_BYTES)
        _check_header(header, allowed, types)
        return cls(text, header, _object(parts[1], MAX_TOKEN_BYTES))

    def verified(self, keys: Sequence[Key]) -> Claims:
        """What it claims, once one of the provider's keys signed it."""
        key = _key_of(self.header, keys)
        try:
            signed = deserialize_compact(self.text, key, registry=_REGISTRY)
        except (JoseError, ValueError):
            raise TokenRefused("its signature is not of the provider's key") from None
        return _parsed(signed.payload)


class _Registry(JWSRegistry):
    """The algorithm is checked before, against what this provider may sign with."""

    max_header_length = MAX_HEADER_BYTES
    max_payload_length = MAX_TOKEN_BYTES

    def get_alg(self, name: str) -> Any:
        return self.algorithms[name]

    def check_header(self, header: Header) -> None:
        """`_check_header` did; further members are ignored (RFC 7515, 4)."""


_REGISTRY = _Registry(algorithms=list(_KIND_OF_KEY), strict_check_header=False)


def _check_header(header: Claims, allowed: Collection[str], types: Collection[str]) -> None:
    algorithm, kid, type_ = header.get("alg"), header.get("kid"), header.get("typ")
    if not isinstance(algorithm, str) or algorithm not in _KIND_OF_KEY or algorithm not in allowed:
        raise TokenRefused("it is signed by an algorithm that is not allowed")
    if "crit" in header or "b64" in header or "enc" in header:
        raise TokenRefused("it demands an extension that is not supported")
    if kid is not None and not (isinstance(kid, str) and 0 < len(kid) <= MAX_HEADER_BYTES):
        raise TokenRefused("the name of its key is no text")
    if type_ is not None and (not isinstance(type_, str) or type_.lower() not in types):
        raise TokenRefused("it is a token of another kind")


def _object(part: str, max_bytes: int) -> Claims:
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise TokenRefused("it is not base64url") from None
    if len(raw) > max_bytes:
        raise TokenRefused("it is too long")
    return _parsed(raw)


def _parsed(raw: bytes) -> Claims:
    """One JSON object in which no name stands twice, for two readers would read it differently."""
    try:
        value = read_json(raw, object_pairs_hook=_without_doubles, parse_constant=_refuse)
    except ValueError:
        raise TokenRefused(
            "it does not hold a JSON object in which each name stands once"
        ) from None
    if not isinstance(value, dict):
        raise TokenRefused("it does not hold a JSON object")
    return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def keys_of(document: Mapping[str, Any]) -> tuple[Key, ...]:
    """The public keys of a set (RFC 7517, 5) that can check a signature here; others are left out.

    `ValueError` where it is no set.
    """
    members = document.get("keys")
    if not isinstance(members, list) or len(members) > MAX_KEYS:
        raise ValueError("no set of keys")
    found = (_usable(member) for member in members)
    return tuple(key for key in found if key is not None)


def _usable(member: Any) -> Key | None:
    if not isinstance(member, dict) or member.get("use", "sig") != "sig":
        return None
    uses = member.get("key_ops", ["verify"])
    if member.get("kty") not in _KIND_OF_KEY.values():
        return None
    if not isinstance(uses, list) or "verify" not in uses:
        return None
    public = {name: member[name] for name in ("kty", "n", "e", "crv", "x", "y") if name in member}
    more = {name: member[name] for name in ("kid", "alg") if isinstance(member.get(name), str)}
    if public["kty"] == "RSA" and not _is_long(public.get("n")):
        return None
    try:
        key = JWKRegistry.import_key({**public, **more})
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key if isinstance(key, RSAKey | ECKey | OKPKey) else None


def _is_long(modulus: object) -> bool:
    """RFC 7518, 3.3: 2,048 bits at least."""
    if not isinstance(modulus, str) or not modulus.isascii():
        return False
    try:
        raw = base64.urlsafe_b64decode(modulus + "=" * (-len(modulus) % 4))
    except (binascii.Error, ValueError):
        return False
    bits = int.from_bytes(raw, "big").bit_length()
    return MIN_RSA_BITS <= bits <= MAX_RSA_BITS


def _key_of(header: Claims, keys: Sequence[Key]) -> Key:
    algorithm, kid = str(header["alg"]), header.get("kid")
    suitable = [key for key in keys if _suits(key, algorithm) and kid in (None, key.get("kid"))]
    if not suitable:
        raise KeyNotKnown("the provider has no such key")
    if len(suitable) > 1:
        raise TokenRefused("it does not say which of the provider's keys signed it")
    return suitable[0]


def _suits(key: Key, algorithm: str) -> bool:
    curve = _CURVE.get(algorithm)
    return (
        key.get("kty") == _KIND_OF_KEY[algorithm]
        and key.get("alg") in (None, algorithm, curve)
        and (curve is None or key.get("crv") == curve)
    )


def seconds(claims: Claims, name: str) -> float | None:
    """A time in seconds since 1970 (RFC 7519, 2, NumericDate); None where there is none."""
    if name not in claims:
        return None
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenRefused(f"its `{name}` is no time")
    if not 0 <= value <= LAST_SECOND:
        raise TokenRefused(f"its `{name}` is no time")
    return value


def check_times(claims: Claims, now: datetime, *, issued_within_seconds: float) -> None:
    """`exp`, `iat` and `nbf`, each within the leeway; `iat` must be there, `exp` may be absent."""
    at = now.timestamp()
    until, issued, since = (seconds(claims, name) for name in ("exp", "iat", "nbf"))
    if until is not None and until <= at - LEEWAY_SECONDS:
        raise TokenRefused("it has expired, or the provider's clock is slow")
    if issued is None:
        raise TokenRefused("it does not say when it was made (`iat`)")
    if issued > at + LEEWAY_SECONDS or (since or 0) > at + LEEWAY_SECONDS:
        raise TokenRefused("it is made for later: the provider's clock is fast")
    if issued < at - LEEWAY_SECONDS - issued_within_seconds:
        raise TokenRefused("it was made too long ago, or the provider's clock is slow")


def check_parties(claims: Claims, issuer: str, client_id: str) -> None:
    """`iss`, `aud` and `azp` (OpenID Connect Core 1.0, 3.1.3.7)."""
    if claims.get("iss") != issuer:
        raise TokenRefused("it is of another issuer")
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or client_id not in audiences:
        raise TokenRefused("it is for another application (`aud`)")
    azp = claims.get("azp")
    if azp != client_id and ("azp" in claims or len(audiences) > 1):
        raise TokenRefused("it is for another application (`azp`)")


def text_of(claims: Claims, name: str, max_characters: int) -> str | None:
    """None where it is absent; `TokenRefused` where it is no text of that length."""
    value = claims.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= max_characters:
        raise TokenRefused(f"its `{name}` is no short text")
    return value
