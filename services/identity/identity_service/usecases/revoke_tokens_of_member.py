from contextlib import suppress
from dataclasses import dataclass

from contracts.facts import TokenRevoked
from contracts.ids import MemberId, WorkspaceId
from identity_service.ports import TokenStore
from kit.documents import ChangedMeanwhile


@dataclass(frozen=True, slots=True)
class RevokeTokensOfMember:
    """Delete the tokens of a member who was removed, which have been refused since then, and those
    that they made for others.

    Replicas of the release before do not listen to `member.changed`, but to `token.revoked`.
    """

    tokens: TokenStore

    async def __call__(self, workspace_id: WorkspaceId, member_id: MemberId) -> None:
        own = await self.tokens.of_member(workspace_id, member_id)
        for token in (*own, *await self.tokens.lent_by(workspace_id, member_id)):
            fact = TokenRevoked(
                workspace_id=workspace_id, token_id=token.id, token_digest=token.digest
            )
            with suppress(ChangedMeanwhile):  # another replica revoked it
                await self.tokens.revoke(token, fact)
