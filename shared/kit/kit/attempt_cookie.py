"""The short-lived cookie by which a browser's attempts to sign in somewhere are its own."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from kit.browser import named_cookie, named_cookie_of
from kit.front import Scope
from kit.public_address import PublicAddress

RANDOM_BYTES = 32


@dataclass(frozen=True, slots=True)
class AttemptCookie:
    """Its value is `prefix` and 43 base64url characters: 256 random bits."""

    name: str
    """What stands behind the name of a session's cookie."""
    prefix: str
    lives_for: timedelta

    def secret(self, scope: Scope, address: PublicAddress) -> str | None:
        """Of the one well-formed cookie of that name."""
        well_formed = re.compile(re.escape(self.prefix) + "[A-Za-z0-9_-]{43}")
        return named_cookie(scope, self._name(address), well_formed)

    def secret_or_new(self, scope: Scope, address: PublicAddress) -> str:
        return self.secret(scope, address) or self.prefix + secrets.token_urlsafe(RANDOM_BYTES)

    def keep(self, address: PublicAddress, secret: str) -> str:
        """The `Set-Cookie` of it."""
        seconds = int(self.lives_for.total_seconds())
        return named_cookie_of(address, self._name(address), secret, seconds)

    def take_away(self, address: PublicAddress) -> str:
        return named_cookie_of(address, self._name(address), "", 0)

    def _name(self, address: PublicAddress) -> str:
        return f"{address.cookie}-{self.name}"
