from collections.abc import Sequence
from datetime import datetime

from contracts.facts import TokenRevoked
from contracts.ids import MemberId, TokenId, WorkspaceId
from identity_service.domain.api_token import USE_PRECISION, ApiToken
from kit.documents import Collection, Stored, Unique
from kit.mongo import Database, Document, driver_errors
from kit.outbox import Outbox

MAX_OF_A_MEMBER = 1_000
ONLY_REVISION = 1
"""A token's document is written once; its last use is set beside the revision."""


class MongoTokens:
    """One document a token; digests are unique in the whole installation."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._tokens = Collection(
            database,
            "tokens",
            outbox,
            unique=(Unique(("digest",), across_workspaces=True),),
            sorted_by=("member_id",),
        )

    @property
    def collections(self) -> Sequence[Collection]:
        return (self._tokens,)

    async def add(self, token: ApiToken) -> None:
        await self._tokens.within(token.workspace_id).add(token.id, _state_of(token))

    async def find_by_digest(self, digest: str) -> ApiToken | None:
        stored = await self._tokens.find_across_workspaces("digest", digest)
        return _token_of(stored) if stored else None

    async def read(self, workspace_id: WorkspaceId, token_id: TokenId) -> ApiToken:
        return _token_of(await self._tokens.within(workspace_id).read(token_id))

    async def page(
        self, workspace_id: WorkspaceId, limit: int, after: str | None
    ) -> list[ApiToken]:
        found = await self._tokens.within(workspace_id).page(limit, after)
        return [_token_of(stored) for stored in found]

    async def of_member(self, workspace_id: WorkspaceId, member_id: MemberId) -> list[ApiToken]:
        within = self._tokens.within(workspace_id)
        found = await within.page(MAX_OF_A_MEMBER, None, member_id=member_id)
        return [_token_of(stored) for stored in found]

    async def revoke(self, token: ApiToken, fact: TokenRevoked) -> None:
        stored = Stored(token.id, token.workspace_id, ONLY_REVISION, {})
        await self._tokens.within(token.workspace_id).remove(stored, fact)

    async def revoked_lately(self, workspace_id: WorkspaceId, token_id: TokenId) -> bool:
        return await self._tokens.within(workspace_id).removed_lately(token_id)

    async def set_last_used(self, token: ApiToken, at: datetime) -> None:
        """The condition is the database's, so that replicas need not agree on anything."""
        outdated: Document = {
            "_id": token.id,
            "workspace_id": token.workspace_id,
            "removed": None,
            "$or": [
                {"state.last_used_at": None},
                {"state.last_used_at": {"$lte": at - USE_PRECISION}},
            ],
        }
        with driver_errors():
            await self._tokens.raw.update_one(outdated, {"$set": {"state.last_used_at": at}})


def _state_of(token: ApiToken) -> Document:
    return {
        "member_id": token.member_id,
        "name": token.name,
        "digest": token.digest,
        "hint": token.hint,
        "scopes": None if token.scopes is None else sorted(token.scopes),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
    }


def _token_of(stored: Stored) -> ApiToken:
    state = dict(stored.state)
    scopes = state.pop("scopes")
    return ApiToken(
        id=TokenId(stored.id),
        workspace_id=stored.workspace_id,
        scopes=None if scopes is None else frozenset(scopes),
        **state,
    )
