"""In what a provider differs from RFC 6749, as data: no code knows a provider by its name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from kit.oauth.client_authentication import ClientAuthentication

NOTHING: Mapping[str, str] = MappingProxyType({})


class TokenExchangeMethod(StrEnum):
    """By the names of the settings."""

    DEFAULT_POST = "default_post"
    BASIC_AUTH_HEADER = "basic_auth_header"
    NONE = "none"

    @property
    def authentication(self) -> ClientAuthentication:
        return _AUTHENTICATIONS[self]


_AUTHENTICATIONS = {
    TokenExchangeMethod.DEFAULT_POST: ClientAuthentication.POST,
    TokenExchangeMethod.BASIC_AUTH_HEADER: ClientAuthentication.BASIC,
    TokenExchangeMethod.NONE: ClientAuthentication.NONE,
}


class BodyFormat(StrEnum):
    FORM = "form"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class AnswerPaths:
    """Where the members of a token answer are: dotted paths, such as `authed_user.scope`. An empty
    one is nowhere.
    """

    access_token: str = "access_token"  # noqa: S105 - a path
    refresh_token: str = "refresh_token"  # noqa: S105 - a path
    token_type: str = "token_type"  # noqa: S105 - a path
    scope: str = "scope"
    expires_in: str = "expires_in"
    """Seconds, as a number or a text."""
    expires: str = "expires"
    """Seconds too or, where that would be beyond ten years, since 1970."""

    @classmethod
    def below(cls, parent: str) -> "AnswerPaths":
        """The same names in an object."""
        names = ("access_token", "refresh_token", "token_type", "scope", "expires_in", "expires")
        return cls(*(f"{parent}.{name}" for name in names))


@dataclass(frozen=True, slots=True)
class Revocation:
    """How a token is revoked, where that is possible; by default as RFC 7009 says."""

    url: str
    """`{client_id}` in it stands for that; a path is at the token URL's origin."""
    method: str = "POST"
    body: BodyFormat = BodyFormat.FORM
    token_name: str = "token"  # noqa: S105 - a name
    has_hint: bool = True
    """Whether `token_type_hint` is sent (RFC 7009, 2.1)."""
    by_access_token: bool = False
    """Whether the access token itself signs the request, and not the client."""
    takes_refresh_token: bool = True
    """Whether that one is revoked where there is one; most providers end the grant with it."""
    exchange: TokenExchangeMethod | None = None
    """None: as at the token endpoint."""


@dataclass(frozen=True, slots=True)
class ProviderProfile:
    name: str
    exchange: TokenExchangeMethod = TokenExchangeMethod.DEFAULT_POST
    is_raw: bool = False
    """Whether the Basic header goes without the encoding of RFC 6749, 2.3.1."""
    body: BodyFormat = BodyFormat.FORM
    uses_pkce: bool = True
    client_id_name: str = "client_id"
    code_name: str = "code"
    """Of the callback."""
    scope_separator: str = " "
    scope_aliases: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """What one asks for → what the provider calls it when it answers."""
    scope_prefix: str = ""
    """That the provider leaves out when it answers."""
    unreported_scopes: frozenset[str] = frozenset()
    """That may be granted without being in an answer."""
    authorization_url: str = ""
    """With those below, what a form can be filled with; empty where each customer has another."""
    token_url: str = ""
    authorization_parameters: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    token_parameters: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    token_headers: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    refresh_url: str = ""
    """Empty: the token URL."""
    revocation: Revocation | None = None
    answers: tuple[AnswerPaths, ...] = (AnswerPaths(),)
    """The first whose access token is there counts."""
    success: str = ""
    """Path of a member that is false in refusals, whatever the status."""
    error: str = "error"
    error_description: str = "error_description"
    ends_grant: frozenset[str] = field(default=frozenset({"invalid_grant"}))
    """Errors after which only a new sign-in helps."""
    bearer_types: frozenset[str] = frozenset({"bearer"})
    """What it calls tokens that are used as RFC 6750 says; in lower case."""
    default_lifetime: float | None = None
    """Seconds, where an answer has none; None: until the API answers 401."""
    account_label: str = ""
    """Path of a name for the account."""
    api_url: str = ""
    """Path of the address of the account's own API, which nobody has checked."""
    hosts: tuple[str, ...] = ()
    """Of the token URL, by which the profile is found; `.example.com` for all below it."""
