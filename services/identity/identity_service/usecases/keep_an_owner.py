from collections.abc import Iterable
from dataclasses import dataclass

from contracts.ids import TokenId
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken
from identity_service.domain.errors import LastOwner, LastOwnerToken
from identity_service.domain.member import Member
from identity_service.ports import Clock, MemberStore, TokenStore


@dataclass(frozen=True, slots=True)
class KeepAnOwner:
    """Make sure, before an owner or an owner's token goes, that an owner who can get in stays. One
    who is switched off cannot, and may go at any time.

    That owner gets a new revision, and the token that lets them in a new `relied_on`. Where two
    changes rely on what the other takes away, on whatever replicas, at most one of them finds what
    it changes as it read it, and the other one begins anew. The same holds for a circle of more.
    """

    members: MemberStore
    tokens: TokenStore
    clock: Clock

    async def __call__(self, leaving: Member) -> None:
        """Between reading `leaving` and changing it. `Overtaken` where the other changed."""
        if not leaving.active:
            return
        others = [each for each in await self._owners(leaving) if each.id != leaving.id]
        if not others:
            raise LastOwner
        await self._rely_on_one_of(others)

    async def without(self, token: ApiToken) -> None:
        """The same between reading the token of an owner and revoking it."""
        owners = await self._owners(token)
        is_an_owners = any(owner.id == token.member_id for owner in owners)
        if is_an_owners and token.lets_owner_in(self.clock()):
            await self._rely_on_one_of(owners, but=token.id)

    async def _owners(self, within: Member | ApiToken) -> list[Member]:
        found = await self.members.with_role(within.workspace_id, Role.OWNER)
        return [owner for owner in found if owner.active]

    async def _rely_on_one_of(self, owners: Iterable[Member], but: TokenId | None = None) -> None:
        for owner in owners:
            for token in await self.tokens.of_member(owner.workspace_id, owner.id):
                if token.id != but and token.lets_owner_in(self.clock()):
                    await self.members.renew(owner)
                    await self.tokens.rely_on(token)
                    return
        raise LastOwnerToken
