"""Who is calling: the principal behind a request's token or session, and the scope that a route
demands.

What the scopes are is for contracts and services to say; here they are words.
"""

import hashlib
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from cachetools import TTLCache
from fastapi import Request

from contracts.errors import PlatformError
from contracts.facts import (
    MemberChanged,
    SessionRevoked,
    TokenRevoked,
    WorkspaceClosed,
    WorkspaceRemoved,
    WorkspaceRestored,
)
from contracts.principal import ON_BEHALF_KEY, SESSION_KEY, OnlyTokensAct, Principal
from contracts.requests import Authenticate, AuthenticatedCaller, CredentialKind
from kit import access_log
from kit.browser import (
    SAFE_METHODS,
    has_cookies,
    refuse_foreign_forms,
    refuse_other_sites,
    refuse_other_sites_on_pages,
    session_secret,
)
from kit.cache import Entry, Limits, WatchedCache
from kit.errors import SessionEnded, SessionRenewal, SessionUnclear, Unauthenticated
from kit.front import Scope
from kit.hot import header_of
from kit.on_behalf_of import on_behalf_of
from kit.public_address import PublicAddress
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
Refusal = type[Unauthenticated] | type[SessionEnded] | type[SessionRenewal]
REFUSALS: dict[str, Refusal] = {
    each.code: each for each in (Unauthenticated, SessionEnded, SessionRenewal)
}
"""What identity says of a credential itself, by code."""


def digest_of(token: str) -> str:
    """SHA-256 (hex). Tokens hold 256 random bits, so a plain hash is as good as a slow one."""
    return hashlib.sha256(token.encode()).hexdigest()


def session_key(digest: str) -> str:
    """Under which a session's secret is known here, and what is stored of it beyond a request."""
    return SESSION_KEY + digest


def on_behalf_key(digest: str, whom: str) -> str:
    """The same of a token, by its digest, whose bearer acts for a member."""
    return f"{ON_BEHALF_KEY}{digest}:{whom}"


def lasting_key(verified: "Entry[str, Principal]") -> str:
    """By which somebody is verified later. It names the member for whom a token's bearer acts by
    their id: an e-mail address may be another member's by then.
    """
    if not verified.key.startswith(ON_BEHALF_KEY):
        return verified.key
    return on_behalf_key(_question(verified.key).token_digest, verified.value.member_id)


def _question(key: str) -> Authenticate:
    """What identity is asked about this key."""
    if key.startswith(ON_BEHALF_KEY):
        digest, _, whom = key.removeprefix(ON_BEHALF_KEY).partition(":")
        return Authenticate(token_digest=digest, on_behalf_of=whom)
    digest = key.removeprefix(SESSION_KEY)
    kind = CredentialKind.TOKEN if digest == key else CredentialKind.SESSION
    return Authenticate(token_digest=digest, kind=kind)


def _credential_of(key: str) -> str:
    """What proves who asks: of a token whose bearer acts for a member, the token alone."""
    return _question(key).token_digest if key.startswith(ON_BEHALF_KEY) else key


def _tags_of_key(key: str) -> tuple[str, ...]:
    """Under which facts void it: also its token, where the key has more."""
    if key.startswith(ON_BEHALF_KEY):
        return (key, _question(key).token_digest)
    return (key,)


def _tags_of_principal(one: Principal) -> tuple[str, ...]:
    acting = (one.acting_member_id,) if one.acting_member_id else ()
    return (one.member_id, one.workspace_id, *acting, *one.rests_on)


Authenticator = Callable[[Authenticate], Awaitable[AuthenticatedCaller]]


class Verifier:
    """Turns what a request carries into a `Principal`: a token, or where it has none, the cookie of
    a session. What a fact voids is asked about again within a second: a revoked token, a session
    that ended, a member whose role changed, a workspace that closes.

    What is no token by its looks is refused without a question, and a token that is not valid is
    remembered for a moment, until a member changes who may be switched on again. A new token works
    at once all the same: nobody can have asked about it.
    How many tokens that it has not known to be valid are looked up at once is bounded. All that
    holds for sessions, too. Without an address, no cookie is looked at.
    """

    def __init__(
        self,
        watch: FactWatch,
        authenticate: Authenticator,
        limits: Limits = DEFAULT_LIMITS,
        address: PublicAddress | None = None,
    ) -> None:
        self._authenticate = authenticate
        self.address = address
        self._verified = WatchedCache[str, Principal](
            watch,
            "tokens",
            limits,
            tags_of=_tags_of_key,
            tags_of_value=_tags_of_principal,
            size_of=_size,
        )
        self._unknown: TTLCache[str, Refusal] = TTLCache(
            MAX_UNKNOWN, UNKNOWN_FOR_SECONDS, monotonic
        )
        self._changes = 0
        """Facts that may make a refused token valid."""
        self._lookups = TokenLookUps()
        watch.on(TokenRevoked, lambda revoked: self._forget(revoked.token_digest))
        watch.on(SessionRevoked, lambda ended: self._forget(session_key(ended.session_digest)))
        watch.on(MemberChanged, self._member_changed)
        for changed in (WorkspaceClosed, WorkspaceRestored, WorkspaceRemoved):
            watch.on(changed, lambda changed: self._verified.drop(changed.workspace_id))

    def _member_changed(self, changed: MemberChanged) -> None:
        """Nobody knows whose the refused tokens are: one may be theirs, who are switched on again.
        How many are looked up at once stays bounded.
        """
        self._verified.drop(changed.member_id)
        if changed.role is not None:
            self._changes += 1
            self._unknown.clear()

    def _forget(self, key: str) -> None:
        self._verified.drop(key)
        self._lookups.forget(key)

    async def of(self, request: Scope) -> Principal:
        """The principal alone; see `hold_of`."""
        return (await self.hold_of(request)).value

    async def hold_of(self, request: Scope) -> Entry[str, Principal]:
        """Of a request to the API: by its token, or where it has none, by its cookie, unless
        another site may have made it (`CrossSite`). `OpenActions-User` names for whom the token's
        bearer acts; nobody acts for others by a cookie.
        """
        header, whom = header_of(request, b"authorization"), on_behalf_of(request)
        if header is not None or self.address is None:
            return await self.hold(header, whom)
        secret = session_secret(request, self.address)
        if secret is None:
            raise self._without_session(request)
        refuse_other_sites(request, self.address)
        if whom is not None:
            raise OnlyTokensAct
        return await self.hold_digest(session_key(digest_of(secret)))

    def _without_session(self, request: Scope) -> PlatformError:
        if self.address is not None and has_cookies(request, self.address.cookie):
            return SessionUnclear()
        return Unauthenticated()

    async def of_page(self, request: Scope) -> Principal:
        """Of a request for a page, or of a form on one: by its cookie alone. `SessionEnded` where
        it has none; `CrossSite` for a foreign form, and a page within another.
        """
        secret = self.address and session_secret(request, self.address)
        if self.address is None or not secret:
            raise SessionEnded
        if request["method"] in SAFE_METHODS:
            refuse_other_sites_on_pages(request)
        else:
            refuse_foreign_forms(request, self.address)
        return (await self.hold_digest(session_key(digest_of(secret)))).value

    async def verify(self, unverified_header: str | None) -> Principal:
        """The principal behind a token alone; see `hold`."""
        return (await self.hold(unverified_header)).value

    async def hold(
        self, unverified_header: str | None, whom: str | None = None
    ) -> Entry[str, Principal]:
        """The principal, and whether that may be different since (`outdated`)."""
        scheme, _, token = (unverified_header or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or TOKEN.fullmatch(token) is None:
            raise Unauthenticated
        digest = digest_of(token)
        return await self.hold_digest(digest if whom is None else on_behalf_key(digest, whom))

    async def hold_digest(self, digest: str) -> Entry[str, Principal]:
        """The same by a token's digest, a `session_key` or an `on_behalf_key`: what `lasting_key`
        says, for what goes on after the request that brought it.
        """
        known = self._verified.find(digest)
        if known is None:
            known = await self._look_up(digest)
        expires_at = known.value.expires_at
        if expires_at is not None and expires_at + EXPIRY_TOLERANCE <= datetime.now(UTC):
            if digest.startswith(SESSION_KEY):
                raise SessionEnded
            raise Unauthenticated("This API token has expired.")
        access_log.workspace.set(known.value.workspace_id)
        return known

    async def _look_up(self, key: str) -> Entry[str, Principal]:
        if known := self._unknown.get(key):
            raise known
        changes = self._changes
        try:
            return await self._verified.hold(key, lambda: self._load(key))
        except PlatformError as refusal:
            if known := REFUSALS.get(refusal.code):
                if changes == self._changes:  # else the answer may be of before
                    self._unknown[key] = known
                self._lookups.forget(_credential_of(key))
                raise known from None
            raise

    async def _load(self, key: str) -> Principal:
        known = await self._lookups.run(_credential_of(key), lambda: self._ask(key))
        return Principal(
            workspace_id=known.workspace_id,
            member_id=known.member_id,
            role=known.role,
            via=known.via,
            scopes=known.scopes,
            expires_at=known.expires_at,
            credential_id=known.token_id,
            closing_until=known.closing_until,
            acting_member_id=known.acting_member_id,
            member_role=known.member_role,
            rests_on=known.rests_on,
        )

    async def _ask(self, key: str) -> AuthenticatedCaller:
        return await self._authenticate(_question(key))


def _size(digest: str, one: Principal) -> int:
    held = (digest, one, one.workspace_id, one.member_id, one.credential_id, one.scopes)
    tags = TAG_BYTES + TAG_BYTES * len(one.rests_on)
    return tags + sum(map(sys.getsizeof, held)) + sum(map(sys.getsizeof, one.scopes))


@dataclass(frozen=True, slots=True)
class Requires:
    """A dependency for a route's signature: a principal with this scope, or a refusal."""

    scope: str

    async def __call__(self, request: Request) -> Principal:
        verifier: Verifier = request.app.state.verifier
        principal = await verifier.of(request.scope)
        principal.demand(self.scope)
        return principal


def requires(scope: str) -> Requires:
    """`Annotated[Principal, Depends(requires(Scope.GPTS_READ))]`."""
    return Requires(scope)


def openapi_security(schema: dict[str, Any]) -> None:
    """Add to an OpenAPI document that every operation requires a token, or a session's cookie."""
    schemes = schema.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes["token"] = {"type": "http", "scheme": "bearer"}
    schemes["session"] = {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-openactions",
        "description": "For browsers: `Authorization` goes first. What changes something must come "
        "from a page of this installation (`Sec-Fetch-Site: same-origin`, `Origin`), as JSON.",
    }
    schema["security"] = [{"token": []}, {"session": []}]
