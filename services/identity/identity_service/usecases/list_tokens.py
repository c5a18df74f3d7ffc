from dataclasses import dataclass

from contracts.ids import WorkspaceId
from identity_service.domain.api_token import ApiToken
from identity_service.ports import TokenStore


@dataclass(frozen=True, slots=True)
class ListTokens:
    tokens: TokenStore

    async def __call__(
        self, workspace_id: WorkspaceId, limit: int, after: str | None
    ) -> list[ApiToken]:
        """Newest first; one more than `limit` shows that there is a next page."""
        return await self.tokens.page(workspace_id, limit, after)
