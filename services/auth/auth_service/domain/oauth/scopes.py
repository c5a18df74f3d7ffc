"""What a member granted, against what was asked for (RFC 6749, 3.3 and 5.1)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from auth_service.domain.oauth.profile import ProviderProfile

MAX_SCOPES = 300
MAX_SCOPE = 500
_TOKEN = re.compile(r"[!#-\[\]-~]+")
"""RFC 6749, 3.3: visible ASCII without quotes and backslashes."""


@dataclass(frozen=True, slots=True)
class GrantedScopes:
    granted: tuple[str, ...]
    """As the provider calls them."""
    missing: tuple[str, ...] = ()
    """Asked for and not granted: a call that needs one leads to another sign-in."""
    added: tuple[str, ...] = ()
    """Granted beyond that, such as those of an earlier sign-in: taken, and shown."""


def read_scopes(unverified: object, asked: Iterable[str] = ()) -> tuple[str, ...] | None:
    """Each once, in the answer's order; None for an answer that does not say.

    A text is cut at white space, and at commas too unless one of those asked for has a comma:
    GitHub takes spaces and answers commas. A list is one of texts. What is no scope is left out.
    """
    if isinstance(unverified, str):
        cuts = r"\s+" if any("," in each for each in asked) else r"[\s,]+"
        parts: list[object] = [*re.split(cuts, unverified)]
    elif isinstance(unverified, list):
        parts = unverified
    else:
        return None
    kept = (each for each in parts if isinstance(each, str) and is_scope(each))
    return tuple(dict.fromkeys(kept))[:MAX_SCOPES] or None


def compare(
    profile: ProviderProfile, asked: tuple[str, ...], granted: tuple[str, ...] | None
) -> GrantedScopes:
    """An answer that does not say grants what was asked for (RFC 6749, 5.1)."""
    if granted is None:
        return GrantedScopes(asked)
    by_name = {_name(profile, each): each for each in granted}
    wanted = {_name(profile, each): each for each in asked}
    missing = (
        each
        for name, each in wanted.items()
        if name not in by_name and each not in profile.unreported_scopes
    )
    added = (each for name, each in by_name.items() if asked and name not in wanted)
    return GrantedScopes(granted, tuple(missing), tuple(added))


def _name(profile: ProviderProfile, scope: str) -> str:
    """By which the provider's answers can be compared with what was asked for."""
    named = profile.scope_aliases.get(scope, scope)
    return named.removeprefix(profile.scope_prefix) if profile.scope_prefix else named


def is_scope(text: str) -> bool:
    """RFC 6749, 3.3."""
    return len(text) <= MAX_SCOPE and _TOKEN.fullmatch(text) is not None
