"""A provider's addresses, checked when they are entered. Whether one may be called, egress says at
each call; the authorization URL nobody calls but the member's browser.
"""

from collections.abc import Collection
from urllib.parse import parse_qsl

from auth_service.domain.oauth.client import (
    INSTEAD_OF_THEM,
    SENT_FOR_TOKENS,
    SENT_TO_AUTHORIZATION,
    ensure_none_reserved,
)
from auth_service.domain.oauth.errors import UrlInvalid
from auth_service.domain.oauth.profile import ProviderProfile
from egress.errors import EgressError
from egress.server_url import canonical_origin
from egress.uri import split_url

AUTHORIZATION_URL = "authorization URL"
TOKEN_URL = "token URL"  # noqa: S105 - a name
REVOCATION_URL = "revocation URL"


def authorization_url(
    unverified: str, profile: ProviderProfile, plain_origins: Collection[str] = ()
) -> str:
    """Raises `UrlInvalid`, and `ParameterReserved` for a query that says what only we may say
    (RFC 6749, 3.1: no parameter twice, no fragment).
    """
    query = _checked(unverified, AUTHORIZATION_URL, plain_origins)
    reserved = SENT_TO_AUTHORIZATION | INSTEAD_OF_THEM | {profile.client_id_name}
    ensure_none_reserved(_names(query), reserved, AUTHORIZATION_URL)
    return unverified


def token_url(
    unverified: str, profile: ProviderProfile, plain_origins: Collection[str] = ()
) -> str:
    """Raises as `authorization_url` does (RFC 6749, 3.2)."""
    query = _checked(unverified, TOKEN_URL, plain_origins)
    reserved = SENT_FOR_TOKENS | {profile.client_id_name}
    ensure_none_reserved(_names(query), reserved, TOKEN_URL)
    return unverified


def revocation_url(unverified: str, plain_origins: Collection[str] = ()) -> str:
    """Raises `UrlInvalid` (RFC 7009, 2)."""
    _checked(unverified, REVOCATION_URL, plain_origins)
    return unverified


def _checked(unverified: str, name: str, plain_origins: Collection[str]) -> str:
    """Its query. `plain_origins` are canonical, and may be http: the operator allows them."""
    try:
        split = split_url(unverified)
        origin = canonical_origin(unverified)
    except EgressError as error:
        raise UrlInvalid(name, error.sentence) from None
    if split.fragment is not None:
        raise UrlInvalid(name, "It has a fragment, and what is sent with it would stand behind.")
    if split.scheme != "https" and origin not in plain_origins:
        raise UrlInvalid(name, "It is not https, and tokens would be readable on their way.")
    return split.query or ""


def _names(query: str) -> list[str]:
    """Also of parameters behind a semicolon, which some servers read as an ampersand."""
    pairs = parse_qsl(query.replace(";", "&"), keep_blank_values=True)
    return [name for name, _ in pairs]
