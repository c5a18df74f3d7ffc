"""Who is calling: the principal behind a request's token, and the scope that a route demands.

What the scopes are is for contracts and services to say; here they are words.
"""

import hashlib
import re
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from cachetools import TTLCache
from fastapi import Request

from contracts.errors import PlatformError
from contracts.facts import (
    MemberChanged,
    TokenRevoked,
    WorkspaceClosed,
    WorkspaceRemoved,
    WorkspaceRestored,
)
from contracts.principal import Principal
from contracts.requests import AuthenticatedCaller
from kit import access_log
from kit.cache import Entry, Limits, WatchedCache
from kit.errors import Unauthenticated
from kit.sizes import MIB
from kit.token_lookups import TokenLookUps
from kit.watch import FactWatch

TOKEN = re.compile(r"oat_[A-Za-z0-9_-]{43}")
"""Every token that identity ever drew: 256 random bits in base64url (RFC 4648, 5)."""
VERIFIED_FOR_SECONDS = 60.0
UNKNOWN_FOR_SECONDS = 5.0
EXPIRY_TOLERANCE = timedelta(seconds=60)
"""How much later a verified token expires here: identity's clock decides, and ours may be ahead.

Identity refuses it at once when it has expired, and what is verified is asked about again within
VERIFIED_FOR_SECONDS.
"""
MAX_UNKNOWN = 10_000
TAG_BYTES = 700
"""What being filed under a member and a workspace costs at most beyond `kit.cache.ENTRY_BYTES`."""
DEFAULT_LIMITS = Limits(50_000, 128 * MIB, VERIFIED_FOR_SECONDS)


def digest_of(token: str) -> str:
    """SHA-256 (hex). Tokens hold 256 random bits, so a plain hash is as good as a slow one."""
    return hashlib.sha256(token.encode()).hexdigest()


Authenticator = Callable[[str], Awaitable[AuthenticatedCaller]]


class Verifier:
    """Turns an Authorization header into a `Principal`. What a fact voids is asked about again
    within a second: a revoked token, a member whose role changed, a workspace that closes.

    What is no token by its looks is refused without a question, and a token that is not valid is
    remembered for a moment. A new token works at once all the same: nobody can have asked about it.
    How many tokens that it has not known to be valid are looked up at once is bounded.
    """

    def __init__(
        self, watch: FactWatch, authenticate: Authenticator, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self._authenticate = authenticate
        self._verified = WatchedCache[str, Principal](
            watch,
            "tokens",
            limits,
            tags_of=lambda digest: (digest,),
            tags_of_value=lambda principal: (principal.member_id, principal.workspace_id),
            size_of=_size,
        )
        self._unknown: TTLCache[str, None] = TTLCache(MAX_UNKNOWN, UNKNOWN_FOR_SECONDS, monotonic)
        self._lookups = TokenLookUps()
        watch.on(TokenRevoked, self._forget)
        watch.on(MemberChanged, lambda changed: self._verified.drop(changed.member_id))
        for changed in (WorkspaceClosed, WorkspaceRestored, WorkspaceRemoved):
            watch.on(changed, lambda changed: self._verified.drop(changed.workspace_id))

    def _forget(self, revoked: TokenRevoked) -> None:
        self._verified.drop(revoked.token_digest)
        self._lookups.forget(revoked.token_digest)

    async def verify(self, unverified_header: str | None) -> Principal:
        """The principal alone; see `hold`."""
        return (await self.hold(unverified_header)).value

    async def hold(self, unverified_header: str | None) -> Entry[str, Principal]:
        """The principal, and whether that may be different since (`outdated`)."""
        scheme, _, token = (unverified_header or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or TOKEN.fullmatch(token) is None:
            raise Unauthenticated
        return await self.hold_digest(digest_of(token))

    async def hold_digest(self, digest: str) -> Entry[str, Principal]:
        """The same by a token's digest, for what goes on after the request that brought it."""
        known = self._verified.find(digest)
        if known is None:
            known = await self._look_up(digest)
        expires_at = known.value.expires_at
        if expires_at is not None and expires_at + EXPIRY_TOLERANCE <= datetime.now(UTC):
            raise Unauthenticated("This API token has expired.")
        access_log.workspace.set(known.value.workspace_id)
        return known

    async def _look_up(self, digest: str) -> Entry[str, Principal]:
        if digest in self._unknown:
            raise Unauthenticated
        try:
            return await self._verified.hold(digest, lambda: self._load(digest))
        except PlatformError as refusal:
            if refusal.code == Unauthenticated.code:
                self._unknown[digest] = None
                self._lookups.forget(digest)
            raise

    async def _load(self, digest: str) -> Principal:
        known = await self._lookups.run(digest, self._authenticate)
        return Principal(
            workspace_id=known.workspace_id,
            member_id=known.member_id,
            role=known.role,
            via=known.via,
            scopes=known.scopes,
            expires_at=known.expires_at,
            credential_id=known.token_id,
            closing_until=known.closing_until,
        )


def _size(digest: str, one: Principal) -> int:
    held = (digest, one, one.workspace_id, one.member_id, one.credential_id, one.scopes)
    return TAG_BYTES + sum(map(sys.getsizeof, held)) + sum(map(sys.getsizeof, one.scopes))


def requires(scope: str) -> Callable[[Request], Awaitable[Principal]]:
    """A dependency for a route's signature: a principal with this scope, or a refusal."""

    async def principal_with_scope(request: Request) -> Principal:
        verifier: Verifier = request.app.state.verifier
        principal = await verifier.verify(request.headers.get("authorization"))
        principal.demand(scope)
        return principal

    return principal_with_scope


def openapi_security(schema: dict[str, Any]) -> None:
    """Add to an OpenAPI document that every operation requires a bearer token."""
    schemes = schema.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes["token"] = {"type": "http", "scheme": "bearer"}
    schema["security"] = [{"token": []}]
