from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from auth_service.domain.action_credentials import ActionCredentials, serves
from auth_service.domain.connection import Connection, ConnectionKind, Whose
from auth_service.domain.credential import Credential
from auth_service.domain.errors import (
    SecretUnreadable,
    SignInRequired,
    TokensLost,
    about_credentials,
)
from auth_service.domain.member_key import MemberKey
from auth_service.domain.oauth.client import OAuthClient
from auth_service.domain.oauth.scopes import compare
from auth_service.domain.oauth.token_answer import TokenAnswer
from auth_service.domain.oauth.token_request import refresh_request
from auth_service.domain.renewal import Call, Lost
from auth_service.domain.token_set import TokenSet
from auth_service.ports import Clock, Connections
from auth_service.usecases.issue_service_token import IssuedToken, usable_until
from auth_service.usecases.open_client import OpenClient
from auth_service.usecases.outdate_connections import OutdateConnections
from auth_service.usecases.renew_token import RenewToken, TokenGrant, TokenSource
from auth_service.usecases.sign_in_page import SignInPage
from contracts import requests
from contracts.errors import Unavailable
from contracts.facts import ConnectionLost
from kit import logs
from kit.contention import repeated_on_contention
from kit.documents import Overtaken
from kit.key_ring import KeyRing
from kit.sealing import Secret

log = logs.logger("auth.connections")


@dataclass(frozen=True, slots=True)
class Renewing:
    """`TokenStore` of connections: one whose renewal is lost ends with a fact."""

    connections: Connections

    async def again(self, seen: Connection) -> Connection:
        return await self.connections.again(seen)

    async def replace(self, seen: Connection, changed: Connection) -> None:
        if changed.is_linked or not seen.is_linked:
            await self.connections.replace(seen, changed)
            return
        fact = ConnectionLost(
            workspace_id=seen.workspace_id,
            action_id=seen.action_id,
            member_id=seen.member_id,
            generation=seen.generation,
        )
        await self.connections.end(seen, changed, fact)
        why = changed.why.value if changed.why else ""
        log.warning("connection_lost", connection_id=seen.id, action_id=seen.action_id, why=why)


@dataclass(frozen=True, slots=True)
class IssueMemberToken:
    """The access token of a member's account, or a key of their own, for one origin of the API."""

    connections: Connections
    renew: RenewToken
    keys: KeyRing
    open_client: OpenClient
    clock: Clock
    sign_in_page: SignInPage
    outdate: OutdateConnections

    async def __call__(
        self, credentials: ActionCredentials, record: Credential, asked: requests.IssueCredential
    ) -> IssuedToken:
        """Raises `SignInRequired` where the member has none that these calls can use, what
        `RenewToken` raises but for `TokensLost`, and `SecretUnreadable`.
        """
        required = SignInRequired(await self.sign_in_page(credentials.action_id))
        whose = Whose(credentials.workspace_id, credentials.action_id, asked.member_id)
        kept = await self.connections.find(whose)
        if kept is None or not await self._is_in_force(kept, credentials, record):
            raise required
        if kept.account.kind is ConnectionKind.KEY:
            material = (await self._key(kept, record)).for_origin(asked.origin)
            issued = IssuedToken(material, kept.generation, None)
        else:
            renewed = await self._renewed(kept, credentials, record, asked.rejected)
            if renewed is None or not renewed.is_linked or not serves(renewed.account, record):
                raise required
            kept, tokens = renewed, await self._tokens(renewed, record)
            issued = IssuedToken(
                tokens.for_origin(asked.origin), kept.generation, usable_until(kept.renewal)
            )
        with suppress(Unavailable):  # the next one is noted
            await self.connections.used(kept, self.clock())
        return issued

    async def _is_in_force(
        self, kept: Connection, credentials: ActionCredentials, record: Credential
    ) -> bool:
        """What no record of the action is signed in to with is destroyed."""
        if not kept.is_linked:
            return False
        if serves(kept.account, record):
            return True
        if credentials.why_outdated(kept.account) is not None:
            with suppress(Overtaken, Unavailable):  # it is refused all the same, and ended later
                await self.outdate.one(kept)
        return False

    async def _renewed(
        self,
        kept: Connection,
        credentials: ActionCredentials,
        record: Credential,
        rejected: int | None,
    ) -> Connection | None:
        """None: it is lost."""
        store = Renewing(self.connections)
        grant = partial(self._grant, credentials, record)
        try:
            return await self.renew(TokenSource(store, grant), kept, rejected)
        except TokensLost:
            await repeated_on_contention(partial(self._lose, store, kept, rejected))
            return None

    async def _lose(self, store: Renewing, kept: Connection, rejected: int | None) -> None:
        """What nothing is stored of yet: that it expired, and nothing is there to renew it with."""
        seen, now = await store.again(kept), self.clock()
        decided = seen.renewal.decide(Call(now, rejected), now)
        if seen.is_linked and isinstance(decided, Lost):
            await store.replace(seen, seen.lost(decided.why))

    async def _grant(
        self, credentials: ActionCredentials, record: Credential, kept: Connection
    ) -> TokenGrant[Connection]:
        tokens = await self._tokens(kept, record)
        opened = await self.open_client(credentials, record)
        tokens.ensure_sign_in_at(opened.client.refresh_url)
        if tokens.refresh_token is None:
            raise SecretUnreadable
        request = refresh_request(opened.client, tokens.refresh_token)
        noted = partial(_regranted, opened.client)
        return TokenGrant(opened.client, request, tokens.renewed, can_end=True, noted=noted)

    async def _tokens(self, kept: Connection, record: Credential) -> TokenSet:
        tokens = TokenSet.from_storage(await self._opened(kept))
        _ensure_bound(tokens, kept, record)
        return tokens

    async def _key(self, kept: Connection, record: Credential) -> MemberKey:
        key = MemberKey.from_storage(await self._opened(kept))
        _ensure_bound(key, kept, record)
        return key

    async def _opened(self, kept: Connection) -> Secret[bytes]:
        if kept.sealed is None:
            raise SecretUnreadable
        with about_credentials():
            return await self.keys.open(kept.sealed, kept.place)


def _regranted(client: OAuthClient, kept: Connection, answer: TokenAnswer) -> Connection:
    """An answer that names no scopes leaves those that there are (RFC 6749, 6 and 5.1)."""
    if answer.scopes is None:
        return kept
    scopes = compare(client.profile, kept.account.scopes_asked, answer.scopes)
    return replace(kept, account=replace(kept.account, scopes=scopes))


def _ensure_bound(secret: TokenSet | MemberKey, kept: Connection, record: Credential) -> None:
    """What is inside the seal decides, whatever stands beside it."""
    bound = {*record.origins} <= {*secret.api_origins}
    if not bound or not secret.is_of(kept.action_id, kept.member_id):
        raise SecretUnreadable
