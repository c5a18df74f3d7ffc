from dataclasses import dataclass

from contracts.ids import MemberId, WorkspaceId
from identity_service.domain.api_token import ApiToken
from identity_service.ports import TokenStore


@dataclass(frozen=True, slots=True)
class ListTokens:
    tokens: TokenStore

    async def __call__(
        self,
        workspace_id: WorkspaceId,
        limit: int,
        after: str | None,
        member_id: MemberId | None = None,
        text: str = "",
    ) -> list[ApiToken]:
        """Newest first; one more than `limit` shows that there is a next page."""
        return await self.tokens.page(workspace_id, limit, after, member_id, text)
