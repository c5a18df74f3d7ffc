from dataclasses import dataclass

from contracts.principal import SCOPES_OF_ROLE, Scope
from contracts.requests import Role
from identity_service.domain.errors import LastOwner, LastOwnerToken
from identity_service.domain.member import Member
from identity_service.ports import Clock, MemberStore, TokenStore


@dataclass(frozen=True, slots=True)
class KeepAnOwner:
    """Make sure, before an owner stops being one, that another who can get in stays.

    The other gets a new revision. Of two owners who stop being owners at once, on whatever
    replicas, each is the other's reason; so at most one of the changes finds the revision that it
    saw, and the other one begins anew. The same holds for a circle of more.
    """

    members: MemberStore
    tokens: TokenStore
    clock: Clock

    async def __call__(self, leaving: Member) -> None:
        """Between reading `leaving` and changing it. `ChangedMeanwhile` where the other changed."""
        owners = await self.members.with_role(leaving.workspace_id, Role.OWNER)
        others = [owner for owner in owners if owner.id != leaving.id]
        if not others:
            raise LastOwner
        for other in others:
            if await self._gets_in(other):
                return await self.members.renew(other)
        raise LastOwnerToken

    async def _gets_in(self, owner: Member) -> bool:
        now = self.clock()
        for token in await self.tokens.of_member(owner.workspace_id, owner.id):
            scopes = token.scopes_within(SCOPES_OF_ROLE[Role.OWNER])
            if token.live(now) and Scope.TOKENS_WRITE in scopes:
                return True
        return False
