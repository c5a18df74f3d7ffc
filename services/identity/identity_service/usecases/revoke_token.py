from dataclasses import dataclass

from contracts.facts import TokenRevoked
from contracts.ids import TokenId
from contracts.principal import Principal
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken
from identity_service.domain.errors import RoleAboveOwn
from identity_service.domain.role_order import outranks
from identity_service.ports import MemberStore, TokenStore
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from identity_service.usecases.keep_an_owner import KeepAnOwner
from kit.contention import repeats_on_contention
from kit.errors import NothingHere, NotInForce


@dataclass(frozen=True, slots=True)
class RevokeToken:
    """Revoke a token: every replica of every service refuses it within a second, and the sessions
    that browsers began with it.

    An owner may revoke the very token they call with; no token is revoked without which no owner
    could get in. Revoking what is revoked already succeeds, once every replica can have learnt of
    it.
    """

    tokens: TokenStore
    members: MemberStore
    keep_an_owner: KeepAnOwner
    end_sessions: EndSessionsOfMember

    async def __call__(self, caller: Principal, token_id: TokenId) -> None:
        """Sessions end also where the token's end is not in force yet (`NotInForce`)."""
        try:
            await self._revoke_once(caller, token_id)
        except NotInForce:
            await self.end_sessions.of_token(caller.workspace_id, token_id)
            raise
        await self.end_sessions.of_token(caller.workspace_id, token_id)

    @repeats_on_contention
    async def _revoke_once(self, caller: Principal, token_id: TokenId) -> None:
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
        if member is not None and member.role is Role.OWNER:
            await self.keep_an_owner.without(token)
        fact = TokenRevoked(
            workspace_id=token.workspace_id, token_id=token.id, token_digest=token.digest
        )
        # Whoever the member was: they may be the only owner by now, which others then rely on.
        await self.tokens.revoke_as_seen(token, fact)
