from contextlib import suppress
from dataclasses import dataclass

from contracts.facts import TokenRevoked
from contracts.ids import MemberId, TokenId, WorkspaceId, new_id
from contracts.requests import Role
from identity_service import ports
from identity_service.domain.api_token import ApiToken
from identity_service.domain.bootstrap import Bootstrap
from identity_service.ports import BootstrapStore, Clock, DrawToken, MemberStore, TokenStore
from kit.documents import ChangedMeanwhile
from kit.errors import NotInForce


@dataclass(frozen=True, slots=True)
class AnnounceOwnerToken:
    """Issue and announce the token that is owed to the first owner.

    Where they are no owner any more, it is for whoever has been one for longest.

    A process that dies before the token counts as announced leaves it owed: the next one revokes
    whatever was issued and announces another, since nobody may have seen the first.
    """

    bootstraps: BootstrapStore
    members: MemberStore
    tokens: TokenStore
    draw: DrawToken
    announce: ports.AnnounceOwnerToken
    clock: Clock

    async def __call__(self) -> bool:
        """True once none is owed any more; False while another replica is announcing."""
        seen = await self.bootstraps.read()
        if not seen.token_owed:
            return True
        if not seen.claimable(self.clock()):
            return False
        try:
            await self._announce(seen)
        except ChangedMeanwhile:
            return False
        return True

    async def _announce(self, seen: Bootstrap) -> None:
        claimed = seen.claimed(self.clock())
        await self.bootstraps.replace(seen, claimed)
        owner_id = await self._owner(claimed)
        await self._revoke_earlier(claimed.workspace_id, owner_id)
        drawn = self.draw()
        id_ = TokenId(new_id("tok"))
        token = ApiToken.for_owner(id_, claimed.workspace_id, owner_id, drawn, self.clock())
        await self.tokens.add(token)
        self.announce(drawn.text)
        await self.bootstraps.replace(claimed, claimed.announced())

    async def _owner(self, claimed: Bootstrap) -> MemberId:
        owners = await self.members.with_role(claimed.workspace_id, Role.OWNER)
        ids = [owner.id for owner in owners]
        return claimed.owner_id if claimed.owner_id in ids or not ids else min(ids)

    async def _revoke_earlier(self, workspace_id: WorkspaceId, owner_id: MemberId) -> None:
        for token in await self.tokens.of_member(workspace_id, owner_id):
            fact = TokenRevoked(
                workspace_id=token.workspace_id, token_id=token.id, token_digest=token.digest
            )
            with suppress(NotInForce):  # nothing here waits for that: the sweep publishes it
                await self.tokens.revoke(token, fact)
