from dataclasses import dataclass

from contracts.ids import TokenId, WorkspaceId
from identity_service.domain.api_token import ApiToken
from identity_service.ports import TokenStore


@dataclass(frozen=True, slots=True)
class ReadToken:
    tokens: TokenStore

    async def __call__(self, workspace_id: WorkspaceId, token_id: TokenId) -> ApiToken:
        """What is kept of it; the token itself nobody knows any more."""
        return await self.tokens.read(workspace_id, token_id)
