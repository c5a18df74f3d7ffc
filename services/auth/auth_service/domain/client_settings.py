"""What an action is registered as with an OAuth provider, as a builder entered it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from auth_service.domain.oauth.client import OAuthClient
from auth_service.domain.oauth.profile import (
    BodyFormat,
    ProviderProfile,
    Revocation,
    TokenExchangeMethod,
)
from auth_service.domain.oauth.profiles import PROFILES
from auth_service.domain.secret_reference import SecretReference
from auth_service.domain.sign_in import SignIn
from egress.server_url import canonical_origin
from kit.key_ring import Sealed
from kit.sealing import Secret

Parameters = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """Checked when they are made (`usecases.check_client`). The secret is only here as sealed."""

    sign_in: SignIn
    """`oauth` or `client_credentials`."""
    preset: str
    """The name of the profile that says what these settings do not."""
    client_id: str
    token_url: str
    authorization_url: str = ""
    """Empty for client credentials."""
    refresh_url: str = ""
    """Empty: the token URL."""
    revocation_url: str = ""
    """Empty where the provider has none. A path is at the token URL's origin; `{client_id}` in it
    stands for that."""
    scopes: tuple[str, ...] = ()
    scope_separator: str = " "
    exchange: TokenExchangeMethod = TokenExchangeMethod.DEFAULT_POST
    is_raw: bool = False
    body: BodyFormat = BodyFormat.FORM
    uses_pkce: bool = True
    authorization_parameters: Parameters = ()
    token_parameters: Parameters = ()
    sealed: Sealed | None = None
    """A `ClientSecret`; None for a public client."""
    secret_reference: SecretReference | None = None
    """What is shown of a secret that stays in a store; what counts is inside `sealed`."""

    @property
    def profile(self) -> ProviderProfile:
        profile = PROFILES[self.preset]
        return replace(
            profile,
            exchange=self.exchange,
            is_raw=self.is_raw,
            body=self.body,
            uses_pkce=self.uses_pkce,
            scope_separator=self.scope_separator,
            authorization_parameters=_mapping(self.authorization_parameters),
            token_parameters=_mapping(self.token_parameters),
            refresh_url=self.refresh_url,
            revocation=self._revocation(profile),
        )

    def _revocation(self, profile: ProviderProfile) -> Revocation | None:
        """In the provider's own way where the preset has one, else as RFC 7009 says."""
        if not self.revocation_url:
            return None
        known = profile.revocation or Revocation(self.revocation_url)
        return replace(known, url=self.revocation_url)

    def with_secret(self, client_secret: Secret[str] | None) -> OAuthClient:
        """Raises `SettingInvalid`."""
        return OAuthClient(
            self.profile,
            self.client_id,
            client_secret,
            self.token_url,
            self.authorization_url,
            self.scopes,
        )

    @property
    def sealed_to(self) -> tuple[str, ...]:
        """The origins that get the client secret beside the API's: of token, refresh and
        revocation URL, canonical and sorted.
        """
        client = self.with_secret(None)
        urls = {client.token_url, client.refresh_url}
        revocation = client.profile.revocation
        if revocation is not None:
            urls.add(client.revocation_url(revocation))
        return tuple(sorted({canonical_origin(url) for url in urls}))

    @property
    def digest(self) -> str:
        """SHA-256, in hex, of all that a signed-in account depends on: who asks, whom, and for
        what. How the client authenticates is not in it.
        """
        depends_on = [
            self.sign_in.value,
            self.client_id,
            self.authorization_url,
            self.token_url,
            self.refresh_url,
            self.sealed_to,
            sorted(self.scopes),
            sorted(self.authorization_parameters),
            sorted(self.token_parameters),
        ]
        return hashlib.sha256(json.dumps(depends_on, separators=(",", ":")).encode()).hexdigest()

    @property
    def is_public(self) -> bool:
        """Without a secret (RFC 6749, 2.1)."""
        return self.exchange is TokenExchangeMethod.NONE

    def is_set_like(self, other: object) -> bool:
        """Whether all but the secret is the same."""
        if not isinstance(other, ClientSettings):
            return False
        kept, reference = other.sealed, other.secret_reference
        return replace(self, sealed=kept, secret_reference=reference) == other


def _mapping(parameters: Parameters) -> Mapping[str, str]:
    return MappingProxyType(dict(parameters))
