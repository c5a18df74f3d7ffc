from contextlib import suppress
from dataclasses import dataclass

from contracts.facts import TokenRevoked
from contracts.ids import TokenId, new_id
from contracts.requests import Role
from identity_service import ports
from identity_service.domain.api_token import ApiToken, DrawnToken
from identity_service.domain.bootstrap import Bootstrap
from identity_service.domain.member import Member
from identity_service.ports import BootstrapStore, Clock, DrawToken, MemberStore, TokenStore
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from kit.documents import ChangedMeanwhile
from kit.errors import NothingHere, NotInForce


@dataclass(frozen=True, slots=True)
class AnnounceOwnerToken:
    """Issue and announce the pending token of the first owner.

    Where they are no owner any more, or switched off, it is for whoever has been one for longest.
    Whose role changes at the same moment gets none: it is announced once its owner has a new
    revision, so whoever changes them has read them since (`KeepAnOwner`).

    A process that dies before the token counts as announced leaves it pending: the next one revokes
    whatever was issued and announces another, since nobody may have seen the first. Sessions that
    began with a token of the owner end with them.
    """

    bootstraps: BootstrapStore
    members: MemberStore
    tokens: TokenStore
    draw: DrawToken
    announce: ports.AnnounceOwnerToken
    clock: Clock
    end_sessions: EndSessionsOfMember

    async def __call__(self) -> bool:
        """True once none is pending. False while another replica is announcing, or where the owner
        changed meanwhile: again, once the claim has ended.
        """
        seen = await self.bootstraps.read()
        if not seen.token_pending:
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
        drawn = await self._issue(claimed)
        self.announce(drawn.text)
        await self.bootstraps.replace(claimed, claimed.announced())

    async def _issue(self, claimed: Bootstrap) -> DrawnToken:
        owner = await self._owner(claimed)
        for earlier in await self.tokens.of_member(owner.workspace_id, owner.id):
            await self._revoke(earlier)
        with suppress(NotInForce):  # also where a process died after it revoked their tokens
            await self.end_sessions.by_tokens(owner.workspace_id, owner.id)
        drawn = self.draw()
        id_ = TokenId(new_id("tok"))
        token = ApiToken.for_owner(id_, owner.workspace_id, owner.id, drawn, self.clock())
        await self.tokens.add(token)
        try:
            await self.members.renew(owner)
        except ChangedMeanwhile:
            await self._revoke(token)
            raise
        return drawn

    async def _owner(self, claimed: Bootstrap) -> Member:
        found = await self.members.with_role(claimed.workspace_id, Role.OWNER)
        owners = [owner for owner in found if owner.active]
        first = (owner for owner in owners if owner.id == claimed.owner_id)
        oldest = min(owners, key=lambda owner: owner.id, default=None)
        chosen = next(first, oldest)
        if chosen is None:
            raise NothingHere  # the workspace is being deleted: the next start makes another
        return chosen

    async def _revoke(self, token: ApiToken) -> None:
        fact = TokenRevoked(
            workspace_id=token.workspace_id, token_id=token.id, token_digest=token.digest
        )
        with suppress(NotInForce):  # nothing here waits for that: the sweep publishes it
            await self.tokens.revoke(token, fact)
