from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contracts.facts import TokenRevoked
from contracts.ids import MemberId, TokenId, WorkspaceId, new_id
from identity_service.domain.api_token import USE_PRECISION, ApiToken
from identity_service.domain.lent import READ_AT_ONCE, Lent
from kit.codec import Codec
from kit.documents import Collection, Overtaken, Stored, Unique
from kit.mongo import Database
from kit.outbox import Outbox
from kit.reading import containing
from kit.retention import Expires

MAX_OF_A_MEMBER = 1_000
ONLY_REVISION = 1
"""A token's document is written once; its last use and `relied_on` are set beside the revision.

So the release before, which writes no other revision, can revoke every token.
"""


@dataclass(frozen=True, slots=True)
class TokenState:
    member_id: str
    name: str
    digest: str
    hint: str
    created_at: datetime
    scopes: tuple[str, ...] | None
    """Without a default: a token whose scopes were lost must not get those of its member's role."""
    expires_at: datetime | None
    """As `scopes`: it must not live for ever."""
    last_used_at: datetime | None = None
    relied_on: str | None = None
    created_by: str | None = None
    lent_by: tuple[str, ...] | None = None
    lent_at_most: str | None = None


ALL_SCOPES_OF_VERSION_1 = frozenset(
    {
        *("workspace:read", "workspace:write", "members:read", "members:write"),
        *("tokens:read", "tokens:write", "gpts:read", "gpts:write"),
        *("schemas:read", "schemas:write", "credentials:write"),
        *("domains:read", "domains:write", "invocations:read", "invocations:create"),
    }
)
SCOPES_OF_VERSION_2 = ("settings:read", "settings:write", "workspace:remove")


def _with_scopes_of_version_2(state: dict[str, Any]) -> dict[str, Any]:
    """A token that was given all the scopes there were has all there are: else nobody could ever
    grant the new ones, where no token without scopes of its own is left.
    """
    scopes = state.get("scopes")
    if scopes is None or not ALL_SCOPES_OF_VERSION_1.issubset(scopes):
        return state
    return {**state, "scopes": [*scopes, *SCOPES_OF_VERSION_2]}


TOKENS = Codec(TokenState, upcasters=(_with_scopes_of_version_2,))


class MongoTokens:
    """One document a token; digests are unique in the whole installation."""

    def __init__(self, database: Database, outbox: Outbox, expired_for: timedelta) -> None:
        self._tokens = Collection(
            database=database,
            name="tokens",
            outbox=outbox,
            codec=TOKENS,
            kept=Expires("expires_at", expired_for),
            unique=(Unique(("digest",), across_workspaces=True),),
            listed_by=("member_id", "lent_by"),
            filtered_by=("name",),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._tokens,)

    async def add(self, token: ApiToken) -> None:
        await self._tokens.within(token.workspace_id).add(token.id, _state_of(token))

    async def find_by_digest(self, digest: str) -> ApiToken | None:
        stored = await self._tokens.across_workspaces.find_by("digest", digest)
        return _token_of(stored) if stored else None

    async def read(self, workspace_id: WorkspaceId, token_id: TokenId) -> ApiToken:
        return _token_of(await self._tokens.within(workspace_id).read(token_id))

    async def page(
        self,
        workspace_id: WorkspaceId,
        limit: int,
        after: str | None,
        member_id: MemberId | None = None,
        text: str = "",
    ) -> list[ApiToken]:
        wanted: dict[str, Any] = {} if member_id is None else {"member_id": member_id}
        if text:
            wanted["name"] = containing(text)
        found = await self._tokens.within(workspace_id).page(limit, after, **wanted)
        return [_token_of(stored) for stored in found]

    async def of_member(self, workspace_id: WorkspaceId, member_id: MemberId) -> list[ApiToken]:
        within = self._tokens.within(workspace_id)
        found = await within.page(MAX_OF_A_MEMBER, None, member_id=member_id)
        return [_token_of(stored) for stored in found]

    async def lent_by(
        self, workspace_id: WorkspaceId, member_id: MemberId, after: TokenId | None = None
    ) -> list[ApiToken]:
        within = self._tokens.within(workspace_id)
        found = await within.page(READ_AT_ONCE, after, lent_by=member_id)
        return [_token_of(stored) for stored in found[:READ_AT_ONCE]]

    async def revoke(self, token: ApiToken, fact: TokenRevoked) -> None:
        await self._tokens.within(token.workspace_id).remove(_stored(token), fact)

    async def rely_on(self, token: ApiToken) -> None:
        """Any number may rely on it at once: they write values of their own."""
        within = self._tokens.within(token.workspace_id)
        new = {"relied_on": new_id("rely")}
        if not await within.swap(token.id, {"digest": token.digest}, new):
            raise Overtaken

    async def revoke_as_seen(self, seen: ApiToken, fact: TokenRevoked) -> None:
        within = self._tokens.within(seen.workspace_id)
        await within.remove(_stored(seen), fact, where={"relied_on": seen.relied_on})

    async def revoked_lately(self, workspace_id: WorkspaceId, token_id: TokenId) -> bool:
        return await self._tokens.within(workspace_id).removed_lately(token_id)

    async def set_last_used(self, token: ApiToken, at: datetime) -> None:
        """The condition is the database's, so that replicas need not agree on anything."""
        within = self._tokens.within(token.workspace_id)
        await within.touch(token.id, "last_used_at", at, older_by=USE_PRECISION)


def _state_of(token: ApiToken) -> TokenState:
    return TokenState(
        member_id=token.member_id,
        name=token.name,
        digest=token.digest,
        hint=token.hint,
        created_at=token.created_at,
        scopes=None if token.scopes is None else tuple(sorted(token.scopes)),
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        relied_on=token.relied_on,
        created_by=token.created_by,
        lent_by=token.lent.by if token.lent else None,
        lent_at_most=token.lent.at_most.value if token.lent else None,
    )


def _token_of(stored: Stored[TokenState]) -> ApiToken:
    state = stored.state
    return ApiToken(
        id=TokenId(stored.id),
        workspace_id=stored.workspace_id,
        member_id=MemberId(state.member_id),
        name=state.name,
        digest=state.digest,
        hint=state.hint,
        scopes=None if state.scopes is None else frozenset(state.scopes),
        created_at=state.created_at,
        expires_at=state.expires_at,
        last_used_at=state.last_used_at,
        relied_on=state.relied_on,
        created_by=None if state.created_by is None else MemberId(state.created_by),
        lent=Lent.stored(state.lent_by, state.lent_at_most),
    )


def _stored(token: ApiToken) -> Stored[Any]:
    return Stored(token.id, token.workspace_id, ONLY_REVISION, {})
