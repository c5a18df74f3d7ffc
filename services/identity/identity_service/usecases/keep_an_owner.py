from collections.abc import Callable, Iterable
from dataclasses import dataclass

from contracts.ids import MemberId
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken
from identity_service.domain.errors import LastOwner, LastOwnerToken
from identity_service.domain.member import Member
from identity_service.ports import Clock, MemberStore, TokenStore


@dataclass(frozen=True, slots=True)
class KeepAnOwner:
    """Make sure, before an owner or an owner's token goes, that an owner who can get in stays. One
    who is switched off cannot, and may go at any time, unless what they made for others goes too.

    That owner gets a new revision, and the token that lets them in a new `relied_on`. Where two
    changes rely on what the other takes away, on whatever replicas, at most one of them finds what
    it changes as it read it, and the other one begins anew. The same holds for a circle of more.

    A token that rests on others counts while each of them is a member, for it ends when one is
    removed; they get a new revision, too, so that whoever removes one meanwhile begins anew.
    """

    members: MemberStore
    tokens: TokenStore
    clock: Clock

    async def __call__(self, leaving: Member, *, without_lent: bool = False) -> None:
        """Between reading `leaving` and changing it. `Overtaken` where the other changed.

        `without_lent` where what they made for others goes with them.
        """
        if leaving.active:
            others = [each for each in await self._owners(leaving) if each.id != leaving.id]
            if not others:
                raise LastOwner
            await self._rely_on_one_of(
                others, lambda each: without_lent and each.rests_on(leaving.id), leaving.id
            )
        elif without_lent:
            await self.without_lent_by(leaving)

    async def without_lent_by(self, leaving: Member) -> None:
        """The same where somebody is removed who is no owner, or is switched off, and may have been
        one: tokens that they made for owners go with them.
        """
        lent = await self.tokens.lent_by(leaving.workspace_id, leaving.id)
        if not any(each.lets_owner_in(self.clock()) for each in lent):
            return
        owners = await self._owners(leaving)
        if {each.id for each in owners} & {each.member_id for each in lent}:
            await self._rely_on_one_of(owners, lambda each: each.rests_on(leaving.id))

    async def without(self, token: ApiToken) -> None:
        """The same between reading the token of an owner and revoking it."""
        owners = await self._owners(token)
        is_an_owners = any(owner.id == token.member_id for owner in owners)
        if is_an_owners and token.lets_owner_in(self.clock()):
            await self._rely_on_one_of(owners, lambda each: each.id == token.id)

    async def _owners(self, within: Member | ApiToken) -> list[Member]:
        found = await self.members.with_role(within.workspace_id, Role.OWNER)
        return [owner for owner in found if owner.active]

    async def _rely_on_one_of(
        self,
        owners: Iterable[Member],
        goes: Callable[[ApiToken], bool],
        changing: MemberId | None = None,
    ) -> None:
        """`goes` says of a token that it is taken away; `changing` gets a new revision anyway."""
        for owner in owners:
            found = await self.tokens.of_member(owner.workspace_id, owner.id)
            for token in sorted(found, key=lambda each: each.lent is not None):
                if not goes(token) and await self._rely_on(owner, token, changing):
                    return
        raise LastOwnerToken

    async def _rely_on(self, owner: Member, token: ApiToken, changing: MemberId | None) -> bool:
        """False where it lets nobody in, or rests on somebody who was removed."""
        if not token.lets_owner_in(self.clock()):
            return False
        by = () if token.lent is None else token.lent.by
        makers = [each for each in by if each != owner.id]
        found = [await self.members.find(owner.workspace_id, each) for each in makers]
        there = [each for each in found if each is not None]
        if len(there) < len(makers):
            return False
        for member in (owner, *there):
            if member.id != changing:
                await self.members.renew(member)
        await self.tokens.rely_on(token)
        return True
