from collections.abc import Iterator
from dataclasses import dataclass

from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.entered import EnteredClient
from auth_service.domain.errors import ClientSecretNeeded
from auth_service.domain.oauth.addresses import (
    AUTHORIZATION_URL,
    REVOCATION_URL,
    TOKEN_URL,
    authorization_url,
    revocation_url,
    token_url,
)
from auth_service.domain.oauth.client import (
    INSTEAD_OF_THEM,
    SENT_FOR_TOKENS,
    SENT_TO_AUTHORIZATION,
    OAuthClient,
    ensure_parameters,
)
from auth_service.domain.oauth.errors import SettingInvalid
from auth_service.domain.oauth.profile import TokenExchangeMethod
from auth_service.domain.secret_reference import SecretReference
from auth_service.domain.sign_in import SignIn
from auth_service.domain.sign_in_domains import SignInDomains
from auth_service.ports import TokenEndpoint

REFRESH_URL = "refresh URL"
MAX_URL = 2_048


@dataclass(frozen=True, slots=True)
class CheckClient:
    """Refuse an OAuth client that could not be used: its addresses are checked now (H85), and again
    by egress at each request. `plain_origins` are canonical, and may be http.
    """

    endpoint: TokenEndpoint
    domains: SignInDomains
    plain_origins: frozenset[str] = frozenset()

    async def __call__(self, entered: EnteredClient, api_origins: tuple[str, ...]) -> None:
        """Raises `SettingInvalid`, `ClientSecretNeeded` and `SignInDomainNotAllowed`."""
        settings = entered.settings
        secret = entered.secret
        client = settings.with_secret(None if isinstance(secret, SecretReference) else secret)
        _ensure_secret_fits(entered)
        _ensure_parameters(settings)
        for name, url in self._addresses(settings, client):
            self.domains.ensure_allowed(url, name, api_origins)
            if name != AUTHORIZATION_URL:
                self.endpoint.ensure_callable(url, name)

    def _addresses(
        self, settings: ClientSettings, client: OAuthClient
    ) -> Iterator[tuple[str, str]]:
        """Each with its name, once its form has been checked."""
        profile = client.profile
        if settings.sign_in is SignIn.OAUTH:
            url = _short(settings.authorization_url, AUTHORIZATION_URL)
            yield AUTHORIZATION_URL, authorization_url(url, profile, self.plain_origins)
        for name, url in ((TOKEN_URL, settings.token_url), (REFRESH_URL, settings.refresh_url)):
            if url:
                yield name, token_url(_short(url, name), profile, self.plain_origins)
        if profile.revocation is not None:
            url = _short(client.revocation_url(profile.revocation), REVOCATION_URL)
            yield REVOCATION_URL, revocation_url(url, self.plain_origins)


def _short(url: str, name: str) -> str:
    if len(url) > MAX_URL:
        raise SettingInvalid(
            f"The {name} is longer than {MAX_URL:,} characters.", hint="Enter it without its query."
        )
    return url


def _ensure_secret_fits(entered: EnteredClient) -> None:
    """A public client has no secret, and is no client of its own account (RFC 6749, 4.4)."""
    public = entered.settings.exchange is TokenExchangeMethod.NONE
    if public and entered.secret is not None:
        raise SettingInvalid(
            "The token exchange method `none` sends no client secret.",
            hint="Leave `client_secret` out, or choose `default_post` or `basic_auth_header`.",
        )
    if public and entered.settings.sign_in is SignIn.CLIENT_CREDENTIALS:
        raise ClientSecretNeeded("client credentials are nothing without it")


def _ensure_parameters(settings: ClientSettings) -> None:
    profile = settings.profile
    sent = SENT_TO_AUTHORIZATION | INSTEAD_OF_THEM | {profile.client_id_name}
    ensure_parameters(profile.authorization_parameters, sent, "authorization URL")
    ensure_parameters(
        profile.token_parameters, SENT_FOR_TOKENS | {profile.client_id_name}, "token request"
    )
