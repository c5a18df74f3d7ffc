"""Who is calling: a proof that only verification makes, and the scopes that routes demand."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from fastapi import Request

from contracts.errors import Denied
from contracts.facts import TokenRevoked
from contracts.ids import MemberId, TokenId, WorkspaceId
from contracts.requests import AuthenticatedCaller, Role
from kit.cache import WatchedCache
from kit.errors import Unauthenticated
from kit.watch import FactWatch

MAX_TOKEN_CHARACTERS = 256
VERIFIED_FOR_SECONDS = 60.0
MAX_VERIFIED = 50_000


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
    """Turns an Authorization header into a `Caller`; a revoked token dies within a second."""

    def __init__(self, watch: FactWatch, authenticate: Authenticator) -> None:
        self._watch = watch
        self._authenticate = authenticate
        self._verified = WatchedCache[str, Caller](
            watch, max_entries=MAX_VERIFIED, ttl_seconds=VERIFIED_FOR_SECONDS
        )
        watch.on(TokenRevoked, self._forget)

    def _forget(self, revoked: TokenRevoked) -> None:
        self._verified.drop(lambda digest: digest == revoked.token_digest)

    async def verify(self, unverified_header: str | None) -> Caller:
        scheme, _, token = (unverified_header or "").partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > MAX_TOKEN_CHARACTERS:
            raise Unauthenticated
        digest = digest_of(token.strip())
        caller = self._verified.get(digest) if self._watch.in_sync else None
        if caller is None:
            caller = await self._verified.get_or_load(digest, lambda: self._load(digest))
        if caller.expires_at is not None and caller.expires_at <= datetime.now(UTC):
            raise Unauthenticated("This API token has expired.")
        return caller

    async def _load(self, digest: str) -> Caller:
        known = await self._authenticate(digest)
        return Caller(
            known.workspace_id,
            known.member_id,
            known.token_id,
            known.role,
            known.scopes,
            known.expires_at,
        )


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
