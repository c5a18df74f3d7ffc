from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from contracts.facts import TokenRevoked
from contracts.ids import MemberId, TokenId, WorkspaceId
from identity_service.domain.api_token import ApiToken
from identity_service.ports import TokenStore
from kit.documents import ChangedMeanwhile
from kit.errors import NotInForce
from kit.in_force import each_in_force


@dataclass(frozen=True, slots=True)
class RevokeTokensOfMember:
    """Delete the tokens of a member who was removed, which have been refused since then, or those
    that they made for others. Each is deleted, also where another one is not in force (`NotInForce`
    then).

    Replicas of the release before do not listen to `member.changed`, but to `token.revoked`.
    """

    tokens: TokenStore

    async def __call__(self, workspace_id: WorkspaceId, member_id: MemberId) -> None:
        await self._revoke_all(await self.tokens.of_member(workspace_id, member_id))

    async def lent_by(self, workspace_id: WorkspaceId, member_id: MemberId) -> None:
        """Part by part, for there may be many: `NotInForce` at the end."""
        late: NotInForce | None = None
        after: TokenId | None = None
        while part := await self.tokens.lent_by(workspace_id, member_id, after):
            try:
                await self._revoke_all(part)
            except NotInForce as error:
                late = error
            after = part[-1].id
        if late is not None:
            raise late

    async def _revoke_all(self, tokens: Iterable[ApiToken]) -> None:
        await each_in_force(self._revoke(each) for each in tokens)

    async def _revoke(self, token: ApiToken) -> None:
        fact = TokenRevoked(
            workspace_id=token.workspace_id, token_id=token.id, token_digest=token.digest
        )
        with suppress(ChangedMeanwhile):  # another replica revoked it
            await self.tokens.revoke(token, fact)
