"""ID tokens (OpenID Connect Core 1.0, 2 and 3.1.3.7): what is demanded of one that was signed."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from identity_service.domain.email_address import known_email
from identity_service.domain.oidc.signed_token import (
    Claims,
    TokenRefused,
    check_parties,
    check_times,
    text_of,
)

TYPES = frozenset({"jwt"})
MAX_SUBJECT = 255
MAX_NAME = 100
MAX_GROUPS, MAX_GROUP = 1_000, 255
ISSUED_WITHIN_SECONDS = 600
"""As long as an attempt to sign in lasts."""
_HASH = {"RS256": "sha256", "PS256": "sha256", "ES256": "sha256", "EdDSA": "sha512"}


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a provider vouches for."""

    issuer: str
    subject: str
    """The provider's own name for them, which never changes (`sub`)."""
    sid: str | None = None
    """The provider's name for their session there."""
    email: str | None = None
    """As members' addresses are kept; only one that the provider verified."""
    name: str = ""
    groups: frozenset[str] | None = None
    """None where the provider did not say."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token must be for."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str
    algorithm: str


def check_id_token(claims: Claims, expected: Expected, now: datetime) -> None:
    """`TokenRefused` unless it is for this very attempt."""
    check_parties(claims, expected.issuer, expected.client_id)
    if "exp" not in claims:
        raise TokenRefused("it does not say until when it holds (`exp`)")
    check_times(claims, now, issued_within_seconds=ISSUED_WITHIN_SECONDS)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(
        nonce.encode(), expected.nonce.encode()
    ):
        raise TokenRefused("it is of another attempt to sign in (`nonce`)")
    if "at_hash" in claims and claims["at_hash"] != _half_hash(expected):
        raise TokenRefused("it is not of the access token that came with it (`at_hash`)")


def _half_hash(expected: Expected) -> str:
    """Core 1.0, 3.1.3.6."""
    digest = hashlib.new(_HASH[expected.algorithm], expected.access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def person_of(claims: Claims, group_claim: str | None) -> Person:
    """Of claims that were checked."""
    subject = text_of(claims, "sub", MAX_SUBJECT)
    if subject is None or not subject.isprintable():
        raise TokenRefused("it does not say who it is about (`sub`)")
    person = Person(
        issuer=str(claims["iss"]), subject=subject, sid=text_of(claims, "sid", MAX_SUBJECT)
    )
    return with_profile(person, claims, group_claim)


def with_profile(person: Person, claims: Claims, group_claim: str | None) -> Person:
    """With what the claims say of e-mail address, name and groups, where `person` lacks it.

    They may be those of the userinfo endpoint (Core 1.0, 5.3.2), of the same subject.
    """
    if claims.get("sub") != person.subject:
        raise TokenRefused("what the provider says of the person is about somebody else (`sub`)")
    return replace(
        person,
        email=person.email or _verified_email(claims),
        name=person.name or _name(claims),
        groups=_groups(claims, group_claim) if person.groups is None else person.groups,
    )


def lacks_profile(person: Person, group_claim: str | None) -> bool:
    return person.email is None or (group_claim is not None and person.groups is None)


def _verified_email(claims: Claims) -> str | None:
    """`email_verified` must be true itself: texts such as "false" are true in many languages."""
    return known_email(claims.get("email")) if claims.get("email_verified") is True else None


def _name(claims: Claims) -> str:
    for member in ("name", "preferred_username"):
        value = claims.get(member)
        if isinstance(value, str) and value.isprintable() and value.strip():
            return value.strip()[:MAX_NAME]
    return ""


def _groups(claims: Claims, group_claim: str | None) -> frozenset[str] | None:
    if group_claim is None:
        return None
    if _is_elsewhere(claims, group_claim):
        raise TokenRefused(
            "you are in more groups than it holds: whoever manages your company's accounts limits "
            "it to the groups of this application"
        )
    value = claims.get(group_claim)
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        return None
    if len(value) > MAX_GROUPS:
        raise TokenRefused(f"it names more than {MAX_GROUPS:,} groups")
    return frozenset(each for each in value if isinstance(each, str) and len(each) <= MAX_GROUP)


def _is_elsewhere(claims: Claims, name: str) -> bool:
    """Core 1.0, 5.6.2: the claim is to be fetched from somewhere."""
    elsewhere: Any = claims.get("_claim_names")
    return isinstance(elsewhere, Mapping) and name in elsewhere
