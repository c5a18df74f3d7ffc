"""What an authorization server publishes of itself (RFC 8414), and which of it is taken over."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from auth_service.domain.oauth.addresses import authorization_url, revocation_url, token_url
from auth_service.domain.oauth.errors import MetadataUnsuitable, SettingInvalid
from auth_service.domain.oauth.foreign_text import cleaned
from auth_service.domain.oauth.profile import ProviderProfile
from egress.errors import EgressError
from egress.server_url import canonical_origin
from egress.uri import split_url
from kit.oauth.pkce import S256

WELL_KNOWN = "/.well-known/oauth-authorization-server"
WELL_KNOWN_OF_OPENID = "/.well-known/openid-configuration"
MAX_ADDRESS = 2_048


@dataclass(frozen=True, slots=True)
class ServerMetadata:
    """Addresses have been checked as those that somebody enters; egress says at each call whether
    they may be called.
    """

    issuer: str
    authorization_url: str
    token_url: str
    revocation_url: str = ""
    """Empty where there is none."""
    names_itself: bool = False
    """Whether every answer to a browser has `iss` (RFC 9207, 3)."""
    checks_pkce: bool = False
    """Whether it says that it does, with S256."""

    @classmethod
    def of(
        cls,
        document: Mapping[str, Any],
        issuer: str,
        profile: ProviderProfile,
        *,
        other_origins: Collection[str] = (),
        plain_origins: Collection[str] = (),
    ) -> "ServerMetadata":
        """Raises `MetadataUnsuitable`. Issuers are compared as they are written (RFC 8414,
        3.3), and every endpoint is at the issuer's origin or at one of `other_origins`, which an
        admin named. Origins are canonical; `plain_origins` may be http.
        """
        if document.get("issuer") != issuer:
            named = cleaned(document.get("issuer")) or "nothing"
            raise MetadataUnsuitable(f"the server calls itself `{named}`, and not `{issuer}`")
        found = _Endpoints(document, {_origin(issuer), *other_origins})
        try:
            return cls(
                issuer,
                authorization_url(found.at("authorization_endpoint"), profile, plain_origins),
                token_url(found.at("token_endpoint"), profile, plain_origins),
                (
                    found.has("revocation_endpoint")
                    and revocation_url(found.at("revocation_endpoint"), plain_origins)
                )
                or "",
                document.get("authorization_response_iss_parameter_supported") is True,
                S256 in _texts(document.get("code_challenge_methods_supported")),
            )
        except SettingInvalid as refusal:
            raise MetadataUnsuitable(refusal.sentence.rstrip(".")) from None


def metadata_addresses(issuer: str) -> tuple[str, ...]:
    """Where a server's metadata may be, the likeliest first (RFC 8414, 3.1 and 5). Raises
    `MetadataUnsuitable` for what can be no issuer (2).
    """
    _origin(issuer)
    split = split_url(issuer)
    if split.query is not None or split.fragment is not None:
        raise MetadataUnsuitable("an issuer has neither a query nor a fragment")
    path = split.path.rstrip("/")
    start = issuer[: len(issuer) - len(split.path)]
    if not path:
        return (start + WELL_KNOWN, start + WELL_KNOWN_OF_OPENID)
    return (
        start + WELL_KNOWN + path,
        start + path + WELL_KNOWN_OF_OPENID,
        start + WELL_KNOWN_OF_OPENID + path,
    )


@dataclass(frozen=True, slots=True)
class _Endpoints:
    document: Mapping[str, Any]
    origins: Collection[str]

    def has(self, name: str) -> bool:
        return self.document.get(name) is not None

    def at(self, name: str) -> str:
        address = self.document.get(name)
        if not isinstance(address, str) or not 0 < len(address) <= MAX_ADDRESS:
            raise MetadataUnsuitable(f"it has no `{name}`")
        if _origin(address) not in self.origins:
            raise MetadataUnsuitable(
                f"its `{name}` is at another origin than its issuer",
                hint="An admin of the workspace can name that origin, if it is the provider's; or "
                "enter the authorization URL and the token URL yourself.",
            )
        return address


def _revocation_url(found: _Endpoints, plain_origins: Collection[str]) -> str:
    name = "revocation_endpoint"
    return revocation_url(found.at(name), plain_origins) if found.has(name) else ""


def _origin(address: str) -> str:
    try:
        return canonical_origin(address)
    except EgressError as error:
        raise MetadataUnsuitable(error.sentence.rstrip(".")) from None


def _texts(unverified: object) -> list[object]:
    return unverified if isinstance(unverified, list) else []
