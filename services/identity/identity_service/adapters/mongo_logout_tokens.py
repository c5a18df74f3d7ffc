import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.ids import WorkspaceId
from identity_service.domain.oidc.logout_token import REMEMBERED_FOR, Logout
from kit.codec import Codec
from kit.documents import Collection
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import Expires


@dataclass(frozen=True, slots=True)
class LogoutTokenState:
    noted_at: datetime


LOGOUT_TOKENS = Codec(LogoutTokenState)


class MongoLogoutTokens:
    """One document for each logout token that was carried out, as long as it could come again."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._tokens = Collection(
            database=database,
            name="logout_tokens",
            outbox=outbox,
            codec=LOGOUT_TOKENS,
            kept=Expires("noted_at", REMEMBERED_FOR),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._tokens,)

    async def is_known(self, workspace_id: WorkspaceId, logout: Logout) -> bool:
        return await self._tokens.within(workspace_id).find(_id(logout)) is not None

    async def note(self, workspace_id: WorkspaceId, logout: Logout, at: datetime) -> bool:
        try:
            await self._tokens.within(workspace_id).add(_id(logout), LogoutTokenState(at))
        except Taken:
            return False
        return True


def _id(logout: Logout) -> str:
    """Of names that the provider chose, which may be long, and equal those of another one."""
    named = f"{logout.issuer}\n{logout.client_id}\n{logout.token_id}"
    return "lgt_" + hashlib.sha256(named.encode()).hexdigest()
