"""What the browser brings back from a provider (RFC 6749, 4.1.2; RFC 9207)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from auth_service.domain.oauth.errors import (
    AuthorizationRefused,
    CallbackInvalid,
    IssuerMismatch,
)
from auth_service.domain.oauth.foreign_text import cleaned, code_of
from auth_service.domain.oauth.profile import ProviderProfile
from kit.sealing import Secret

MAX_QUERY = 32 * 1024
MAX_PARAMETERS = 50
MAX_CODE = 8 * 1024
MAX_STATE = 8_000
MAX_ISSUER = 2_048
MAX_ERROR = 16 * 1024


@dataclass(frozen=True, slots=True)
class AuthorizationAnswer:
    """Exactly one of `code` and `error` is there. Nothing is known yet about who sent it: `state`
    says that, once it is opened, and `ensure_from`.
    """

    state: str = field(repr=False)
    code: Secret[str] | None = None
    error: str = ""
    """Cleaned; `unknown_error` for one that is no code."""
    description: str = ""
    """Cleaned."""
    issuer: str | None = None

    def ensure_from(self, issuer: str, *, names_itself: bool) -> None:
        """Raises `IssuerMismatch` for the answer of another provider, compared as both are written
        (RFC 9207, 2.4). `issuer` is the one that was asked, empty where it is not known;
        `names_itself` is whether its metadata promises that every answer has one.
        """
        if self.issuer is None:
            if names_itself:
                raise IssuerMismatch("it does not say whose it is, and that provider always does")
        elif issuer and self.issuer != issuer:
            raise IssuerMismatch(
                f"it is from `{cleaned(self.issuer)}`, and not from `{cleaned(issuer)}`"
            )

    def granted_code(self) -> Secret[str]:
        """Raises `AuthorizationRefused` with what the provider said."""
        if self.code is None:
            raise AuthorizationRefused(self.error, self.description)
        return self.code


def read_callback(query: str, profile: ProviderProfile) -> AuthorizationAnswer:
    """Of the raw query, without its question mark; raises `CallbackInvalid`."""
    found = _parameters(query, profile.code_name)
    state = _bounded(found, "state", MAX_STATE)
    if not state:
        raise CallbackInvalid("it has no state")
    code = _bounded(found, profile.code_name, MAX_CODE)
    if (code is None) == ("error" not in found):
        raise CallbackInvalid("it must have either a code or an error")
    issuer = _bounded(found, "iss", MAX_ISSUER)
    if code is not None:
        if not _is_visible(code):
            raise CallbackInvalid("its code is empty or holds characters that no code has")
        return AuthorizationAnswer(state, Secret(code), issuer=issuer)
    error = code_of(_bounded(found, "error", MAX_ERROR)) or "unknown_error"
    description = cleaned(_bounded(found, "error_description", MAX_ERROR))
    return AuthorizationAnswer(state, error=error, description=description, issuer=issuer)


def state_of(query: str) -> str:
    """By which the attempt is found, and so the profile that reads the rest; raises as above."""
    state = _bounded(_parameters(query, "code"), "state", MAX_STATE)
    if not state:
        raise CallbackInvalid("it has no state")
    return state


def _parameters(query: str, code_name: str) -> dict[str, str]:
    """Those that count. Each may be there once (RFC 6749, 3.1); others are ignored (4.1.2)."""
    if len(query) > MAX_QUERY:
        raise CallbackInvalid("it is too long")
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, max_num_fields=MAX_PARAMETERS, errors="strict"
        )
    except ValueError:
        raise CallbackInvalid("its parameters cannot be read") from None
    names = [name for name, _ in pairs]
    for name in (code_name, "code", "state", "error", "error_description", "iss"):
        if names.count(name) > 1:
            raise CallbackInvalid(f"it has more than one `{name}`")
    return dict(pairs)


def _bounded(found: dict[str, str], name: str, most: int) -> str | None:
    value = found.get(name)
    if value is not None and len(value) > most:
        raise CallbackInvalid(f"its `{name}` is longer than {most:,} characters")
    return value


def _is_visible(text: Sequence[str]) -> bool:
    """RFC 6749, A.11."""
    return bool(text) and all(" " <= each <= "~" for each in text)
