from dataclasses import dataclass

from contracts.facts import TokenRevoked
from contracts.ids import TokenId
from contracts.principal import SCOPES_OF_ROLE, Principal, Scope
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken
from identity_service.domain.errors import LastOwnerToken, RoleAboveOwn
from identity_service.domain.role_order import outranks
from identity_service.ports import Clock, MemberStore, TokenStore
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class RevokeToken:
    """Revoke a token: every replica of every service refuses it within a second.

    An owner may revoke the very token they call with, unless no owner could get in afterwards.
    Revoking what is revoked already succeeds, once every replica can have learnt of it.
    """

    tokens: TokenStore
    members: MemberStore
    clock: Clock

    async def __call__(self, caller: Principal, token_id: TokenId) -> None:
        try:
            token = await self.tokens.read(caller.workspace_id, token_id)
        except NothingHere:
            if await self.tokens.revoked_lately(caller.workspace_id, token_id):
                return
            raise
        await self._revoke(caller, token)

    async def _revoke(self, caller: Principal, token: ApiToken) -> None:
        member = await self.members.find(token.workspace_id, token.member_id)
        if member is not None and outranks(member.role, caller.role):
            raise RoleAboveOwn(member.role)
        if token.id == caller.credential_id and caller.role is Role.OWNER:
            await self._demand_another(token)
        fact = TokenRevoked(
            workspace_id=token.workspace_id, token_id=token.id, token_digest=token.digest
        )
        await self.tokens.revoke(token, fact)

    async def _demand_another(self, token: ApiToken) -> None:
        now = self.clock()
        for owner in await self.members.with_role(token.workspace_id, Role.OWNER):
            for other in await self.tokens.of_member(token.workspace_id, owner.id):
                scopes = other.scopes_within(SCOPES_OF_ROLE[Role.OWNER])
                if other.id != token.id and other.live(now) and Scope.TOKENS_WRITE in scopes:
                    return
        raise LastOwnerToken
