"""What a builder enters of an OAuth client, and its settings: a preset fills what is missing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.oauth.errors import SettingInvalid
from auth_service.domain.oauth.profile import NOTHING, BodyFormat, ProviderProfile
from auth_service.domain.oauth.profile import TokenExchangeMethod as Exchange
from auth_service.domain.oauth.profiles import PROFILES, profile_of
from auth_service.domain.oauth.scopes import MAX_SCOPES, is_scope
from auth_service.domain.sign_in import SignIn
from contracts.origin import host_of
from egress.errors import EgressError
from egress.server_url import canonical_origin

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ClientForm:
    """None is what was left out."""

    sign_in: SignIn
    client_id: str
    preset: str | None = None
    authorization_url: str | None = None
    token_url: str | None = None
    refresh_url: str | None = None
    revocation_url: str | None = None
    scope: str = ""
    scope_separator: str | None = None
    exchange: Exchange | None = None
    is_raw: bool | None = None
    body: BodyFormat | None = None
    uses_pkce: bool | None = None
    authorization_parameters: Mapping[str, str] | None = None
    token_parameters: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    def settings(self) -> ClientSettings:
        """Raises `SettingInvalid` where an address or a scope is missing or is none."""
        profile = self._profile()
        separator = _given(self.scope_separator, profile.scope_separator)
        asks_members = self.sign_in is SignIn.OAUTH
        url = _given(self.authorization_url, profile.authorization_url) if asks_members else ""
        if asks_members:
            _ensure_there(url, "authorization_url")
        sent = _given(self.authorization_parameters, profile.authorization_parameters)
        revocation = profile.revocation.url if profile.revocation else ""
        return ClientSettings(
            self.sign_in,
            profile.name,
            self.client_id,
            _ensure_there(_given(self.token_url, profile.token_url), "token_url"),
            url,
            _given(self.refresh_url, profile.refresh_url) if asks_members else "",
            _given(self.revocation_url, revocation),
            _scopes(self.scope, separator),
            separator,
            _given(self.exchange, profile.exchange),
            _given(self.is_raw, profile.is_raw),
            _given(self.body, profile.body),
            _given(self.uses_pkce, profile.uses_pkce) if asks_members else False,
            tuple(sorted(sent.items())) if asks_members else (),
            tuple(sorted({**profile.token_parameters, **self.token_parameters}.items())),
        )

    def _profile(self) -> ProviderProfile:
        """The one that is named, else that of the token URL's host."""
        if self.preset is not None:
            return PROFILES[self.preset]
        try:
            return profile_of(host_of(canonical_origin(self.token_url or "")))
        except EgressError:
            return PROFILES["generic"]


def _given(entered: T | None, otherwise: T) -> T:
    return otherwise if entered is None else entered


def _ensure_there(url: str, name: str) -> str:
    if not url:
        raise SettingInvalid(
            f"`{name}` is missing, and the preset has none.",
            hint="Copy it from the provider's documentation, or name the preset of a known one.",
        )
    return url


def _scopes(text: str, separator: str) -> tuple[str, ...]:
    """Cut at white space, and at commas where the provider separates by them."""
    parts = filter(None, re.split(r"[\s,]+" if separator == "," else r"\s+", text))
    scopes = tuple(dict.fromkeys(parts))
    if len(scopes) > MAX_SCOPES or not all(map(is_scope, scopes)):
        raise SettingInvalid(
            f"A scope holds a character that no scope has, or there are more than {MAX_SCOPES}.",
            hint="Enter them as the provider's documentation shows them, with spaces between.",
        )
    return scopes
