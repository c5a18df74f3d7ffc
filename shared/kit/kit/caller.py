"""Who is calling: a proof that only verification makes, and the scopes that routes demand."""

import hashlib
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from time import monotonic
from typing import Any

from cachetools import TTLCache
from fastapi import Request

from contracts.errors import Denied, PlatformError
from contracts.facts import TokenRevoked
from contracts.ids import MemberId, TokenId, WorkspaceId
from contracts.requests import AuthenticatedCaller, Role
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
DEFAULT_LIMITS = Limits(50_000, 128 * MIB, VERIFIED_FOR_SECONDS)


class Scope(StrEnum):
    WORKSPACE_READ = "workspace:read"
    WORKSPACE_WRITE = "workspace:write"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    TOKENS_READ = "tokens:read"
    TOKENS_WRITE = "tokens:write"
    GPTS_READ = "gpts:read"
    GPTS_WRITE = "gpts:write"
    SCHEMAS_READ = "schemas:read"
    SCHEMAS_WRITE = "schemas:write"
    CREDENTIALS_WRITE = "credentials:write"
    DOMAINS_READ = "domains:read"
    DOMAINS_WRITE = "domains:write"
    INVOCATIONS_READ = "invocations:read"
    INVOCATIONS_CREATE = "invocations:create"


_USER = {Scope.WORKSPACE_READ, Scope.GPTS_READ, Scope.INVOCATIONS_READ, Scope.INVOCATIONS_CREATE}
_BUILDER = _USER | {
    Scope.MEMBERS_READ,
    Scope.GPTS_WRITE,
    Scope.SCHEMAS_READ,
    Scope.SCHEMAS_WRITE,
    Scope.CREDENTIALS_WRITE,
    Scope.DOMAINS_READ,
}
_ADMIN = _BUILDER | {
    Scope.WORKSPACE_WRITE,
    Scope.MEMBERS_WRITE,
    Scope.TOKENS_READ,
    Scope.TOKENS_WRITE,
    Scope.DOMAINS_WRITE,
}
SCOPES_OF_ROLE: dict[Role, frozenset[Scope]] = {
    Role.USER: frozenset(_USER),
    Role.BUILDER: frozenset(_BUILDER),
    Role.ADMIN: frozenset(_ADMIN),
    Role.OWNER: frozenset(Scope),
}


class ScopeMissing(Denied):
    code = "identity.scope_missing"

    def __init__(self, scope: Scope) -> None:
        super().__init__(
            f"This token may not do that: it lacks the scope `{scope}`.",
            hint="Use a token with that scope; owners and admins create tokens.",
        )


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified caller. Only `Verifier` makes one."""

    workspace_id: WorkspaceId
    member_id: MemberId
    token_id: TokenId
    role: Role
    scopes: frozenset[str]
    expires_at: datetime | None

    def demand(self, scope: Scope) -> None:
        if scope not in self.scopes:
            raise ScopeMissing(scope)


def digest_of(token: str) -> str:
    """SHA-256 (hex). Tokens hold 256 random bits, so a plain hash is as good as a slow one."""
    return hashlib.sha256(token.encode()).hexdigest()


Authenticator = Callable[[str], Awaitable[AuthenticatedCaller]]


class Verifier:
    """Turns an Authorization header into a `Caller`; a revoked token dies within a second.

    What is no token by its looks is refused without a question, and a token that is not valid is
    remembered for a moment. A new token works at once all the same: nobody can have asked about it.
    How many tokens that it has not known to be valid are looked up at once is bounded.
    """

    def __init__(
        self, watch: FactWatch, authenticate: Authenticator, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self._authenticate = authenticate
        self._verified = WatchedCache[str, Caller](
            watch, "tokens", limits, tags_of=lambda digest: (digest,), size_of=_size
        )
        self._unknown: TTLCache[str, None] = TTLCache(MAX_UNKNOWN, UNKNOWN_FOR_SECONDS, monotonic)
        self._lookups = TokenLookUps()
        watch.on(TokenRevoked, self._forget)

    def _forget(self, revoked: TokenRevoked) -> None:
        self._verified.drop(revoked.token_digest)
        self._lookups.forget(revoked.token_digest)

    async def verify(self, unverified_header: str | None) -> Caller:
        """The caller alone; see `hold`."""
        return (await self.hold(unverified_header)).value

    async def hold(self, unverified_header: str | None) -> Entry[str, Caller]:
        """The caller, and whether the token may have been revoked since (`outdated`)."""
        scheme, _, token = (unverified_header or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or TOKEN.fullmatch(token) is None:
            raise Unauthenticated
        digest = digest_of(token)
        known = self._verified.find(digest)
        if known is None:
            known = await self._look_up(digest)
        expires_at = known.value.expires_at
        if expires_at is not None and expires_at + EXPIRY_TOLERANCE <= datetime.now(UTC):
            raise Unauthenticated("This API token has expired.")
        return known

    async def _look_up(self, digest: str) -> Entry[str, Caller]:
        if digest in self._unknown:
            raise Unauthenticated
        try:
            return await self._verified.hold(digest, lambda: self._load(digest))
        except PlatformError as refusal:
            if refusal.code == Unauthenticated.code:
                self._unknown[digest] = None
                self._lookups.forget(digest)
            raise

    async def _load(self, digest: str) -> Caller:
        known = await self._lookups.run(digest, self._authenticate)
        return Caller(
            known.workspace_id,
            known.member_id,
            known.token_id,
            known.role,
            known.scopes,
            known.expires_at,
        )


def _size(digest: str, caller: Caller) -> int:
    held = (digest, caller, caller.workspace_id, caller.member_id, caller.token_id, caller.scopes)
    return sum(map(sys.getsizeof, held)) + sum(map(sys.getsizeof, caller.scopes))


def requires(scope: Scope) -> Callable[[Request], Awaitable[Caller]]:
    """A dependency for a route's signature: a caller with this scope, or a refusal."""

    async def caller_with_scope(request: Request) -> Caller:
        verifier: Verifier = request.app.state.verifier
        caller = await verifier.verify(request.headers.get("authorization"))
        caller.demand(scope)
        return caller

    return caller_with_scope


def openapi_security(schema: dict[str, Any]) -> None:
    """Say in an OpenAPI document that every operation wants a bearer token."""
    schemes = schema.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes["token"] = {"type": "http", "scheme": "bearer"}
    schema["security"] = [{"token": []}]
