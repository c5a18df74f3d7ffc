"""What an action is registered as with a provider, checked when it is entered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urljoin

from auth_service.domain.oauth.errors import ParameterReserved, SettingInvalid
from auth_service.domain.oauth.profile import ProviderProfile, Revocation, TokenExchangeMethod
from kit.oauth.client_authentication import Authenticated, authenticated
from kit.sealing import Secret

MAX_CLIENT_ID = 1_024
MAX_CLIENT_SECRET = 8 * 1024
MAX_PARAMETERS = 20
MAX_PARAMETER = 2_048
"""Characters, of a name and its value together."""
SENT_TO_AUTHORIZATION = frozenset(
    {"response_type", "client_id", "redirect_uri", "state", "scope", "code_challenge"}
    | {"code_challenge_method"}
)
INSTEAD_OF_THEM = frozenset({"request", "request_uri", "response_mode"})
"""By which all of these could be given in another way (RFC 9101; OAuth 2.0 Multiple Response Types,
2.1)."""
SENT_FOR_TOKENS = frozenset(
    {"grant_type", "code", "redirect_uri", "refresh_token", "scope", "code_verifier"}
    | {"client_id", "client_secret", "client_assertion", "client_assertion_type"}
    | {"username", "password"}
)


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """Addresses have been checked (`addresses`); whether they may be called, egress says."""

    profile: ProviderProfile
    client_id: str
    client_secret: Secret[str] | None
    token_url: str
    authorization_url: str = ""
    """Empty for client credentials."""
    scopes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _ensure_id(self.client_id)
        if self.client_secret is not None:
            _ensure_secret(self.client_secret)
        try:
            self.authentication()
        except ValueError:
            raise SettingInvalid(
                "This client id cannot be sent in a Basic header without encoding.",
                hint="Switch the encoding on (raw: false), or use the method default_post.",
            ) from None

    @property
    def secrets(self) -> tuple[Secret[str], ...]:
        """What no text of the provider may repeat."""
        return (self.client_secret,) if self.client_secret is not None else ()

    def authentication(self, exchange: TokenExchangeMethod | None = None) -> Authenticated:
        """As the profile wants it, or by another method."""
        return authenticated(
            self.client_id,
            self.client_secret,
            (exchange or self.profile.exchange).authentication,
            is_raw=self.profile.is_raw,
            id_name=self.profile.client_id_name,
        )

    @property
    def refresh_url(self) -> str:
        return self.profile.refresh_url or self.token_url

    def revocation_url(self, revocation: Revocation) -> str:
        """Absolute."""
        client_id = quote(self.client_id, safe="")
        return urljoin(self.token_url, revocation.url.replace("{client_id}", client_id))


def ensure_parameters(
    parameters: Mapping[str, str], reserved: Iterable[str], where: str
) -> Mapping[str, str]:
    """Extra ones of the settings, of which none may stand for what is sent anyway."""
    if len(parameters) > MAX_PARAMETERS:
        raise SettingInvalid(
            f"The {where} has more than {MAX_PARAMETERS} parameters of its own.",
            hint="Leave out what the provider does not need.",
        )
    ensure_none_reserved(parameters, reserved, where)
    for name, value in parameters.items():
        if not name or len(name) + len(value) > MAX_PARAMETER or not _is_plain(name + value):
            raise SettingInvalid(
                f"A parameter of the {where} is empty, longer than {MAX_PARAMETER:,} characters, "
                "or holds control characters.",
                hint="Enter names and values as the provider's documentation shows them.",
            )
    return parameters


def ensure_none_reserved(names: Iterable[str], reserved: Iterable[str], where: str) -> None:
    """Some servers read `State`, `state[]` and `state` alike."""
    refused = {name.lower() for name in reserved}
    for name in names:
        if name.strip().lower().partition("[")[0] in refused:
            raise ParameterReserved(name.strip()[:64], where)


def _ensure_id(client_id: str) -> None:
    if not 0 < len(client_id) <= MAX_CLIENT_ID or not _is_plain(client_id):
        raise SettingInvalid(
            f"A client id has 1 to {MAX_CLIENT_ID:,} characters, and none of them is a control "
            "character.",
            hint="Copy it from the provider's page of your application.",
        )


def _ensure_secret(secret: Secret[str]) -> None:
    text = secret.reveal()
    if not 0 < len(text) <= MAX_CLIENT_SECRET or not _is_plain(text):
        raise SettingInvalid(
            f"A client secret has 1 to {MAX_CLIENT_SECRET:,} characters, and none of them is a "
            "control character.",
            hint="Copy it from the provider's page of your application, without the line break "
            "after it; for a public client leave it out.",
        )


def _is_plain(text: str) -> bool:
    """Without control characters and halves of characters."""
    return not any(each < " " or "\x7f" <= each <= "\x9f" for each in text) and _is_unicode(text)


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= each <= "\udfff" for each in text)
