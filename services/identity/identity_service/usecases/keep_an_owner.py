from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.ids import MemberId
from contracts.requests import Role
from identity_service.domain.api_token import LASTS_FOR, ApiToken
from identity_service.domain.errors import LastOwner, LastOwnerToken, OwnersRestOnMember
from identity_service.domain.member import Member
from identity_service.ports import Clock, MemberStore, TokenStore


@dataclass(frozen=True, slots=True)
class KeepAnOwner:
    """Make sure, before an owner or an owner's token goes, that an owner who can get in stays. One
    who is switched off cannot.

    That owner gets a new revision, and the token that lets them in a new `relied_on`. Where two
    changes rely on what the other takes away, on whatever replicas, at most one of them finds what
    it changes as it read it, and the other one begins anew. The same holds for a circle of more.

    A token that rests on others counts while each of them is a member who is switched on, for it
    is refused otherwise; they get a new revision, too, so that whoever removes one, or switches one
    off, meanwhile begins anew. A token that expires within `LASTS_FOR` is relied on only while one
    is revoked that expires before it.
    """

    members: MemberStore
    tokens: TokenStore
    clock: Clock

    async def __call__(self, leaving: Member) -> None:
        """Between reading the owner `leaving` and giving them another role; what they made for
        others stays. `Overtaken` where the other changed.
        """
        if leaving.active:
            others = await self._others(leaving)
            if not await self._rely_on_one_of(others, lambda _: False, leaving.id):
                raise LastOwnerToken

    async def without_all_of(self, leaving: Member) -> None:
        """Between reading anybody and removing them, or switching them off: what they made for
        others goes with them, also what they made as the owner that they are no more.
        """
        if leaving.active and leaving.role is Role.OWNER:
            await self._rely_without_lent_by(leaving, await self._others(leaving))
            return
        if not await self.tokens.lent_by(leaving.workspace_id, leaving.id):
            return
        owners = await self._owners(leaving)
        if await self._lent_one_a_way_in(leaving, owners):
            await self._rely_without_lent_by(leaving, owners)

    async def _others(self, leaving: Member) -> list[Member]:
        others = [each for each in await self._owners(leaving) if each.id != leaving.id]
        if not others:
            raise LastOwner
        return others

    async def without(self, token: ApiToken) -> None:
        """The same between reading the token of an owner and revoking it."""
        owners = await self._owners(token)
        is_an_owners = any(owner.id == token.member_id for owner in owners)
        if not is_an_owners or not token.lets_owner_in(self.clock()):
            return
        if not await self._rely_on_one_of(
            owners, lambda each: each.id == token.id, until=self._until(token)
        ):
            raise LastOwnerToken

    async def _rely_without_lent_by(self, leaving: Member, owners: Sequence[Member]) -> None:
        """`owners` stay; what rests on `leaving` goes."""
        if await self._rely_on_one_of(owners, lambda each: each.rests_on(leaving.id), leaving.id):
            return
        if await self._lent_one_a_way_in(leaving, owners):
            raise OwnersRestOnMember
        raise LastOwnerToken

    async def _lent_one_a_way_in(self, leaving: Member, owners: Sequence[Member]) -> bool:
        """By what the owners have, who are few: what `leaving` lent may be many tokens."""
        for owner in owners:
            found = await self.tokens.of_member(owner.workspace_id, owner.id)
            theirs = [each for each in found if each.rests_on(leaving.id)]
            if any(each.lets_owner_in(self.clock()) for each in theirs):
                return True
        return False

    async def _owners(self, within: Member | ApiToken) -> list[Member]:
        found = await self.members.with_role(within.workspace_id, Role.OWNER)
        return [owner for owner in found if owner.active]

    async def _rely_on_one_of(
        self,
        owners: Iterable[Member],
        goes: Callable[[ApiToken], bool],
        changing: MemberId | None = None,
        until: datetime | None = None,
    ) -> bool:
        """False where none is left. `goes` says of a token that it is taken away; `changing` gets a
        new revision anyway. `until` is how long one must live that stays, `LASTS_FOR` without it.
        """
        until = until or self._until()
        for owner in owners:
            found = await self.tokens.of_member(owner.workspace_id, owner.id)
            for token in sorted(found, key=lambda each: each.lent is not None):
                if goes(token) or not token.lets_owner_in(until):
                    continue
                if await self._rely_on(owner, token, changing):
                    return True
        return False

    def _until(self, going: ApiToken | None = None) -> datetime:
        lasts = self.clock() + LASTS_FOR
        ends = going.expires_at if going else None
        return lasts if ends is None else min(lasts, ends)

    async def _rely_on(self, owner: Member, token: ApiToken, changing: MemberId | None) -> bool:
        """False where it rests on somebody who is gone or switched off."""
        by = () if token.lent is None else token.lent.by
        makers = [each for each in by if each != owner.id]
        found = [await self.members.find(owner.workspace_id, each) for each in makers]
        there = [each for each in found if each is not None and each.active]
        if len(there) < len(makers):
            return False
        for member in (owner, *there):
            if member.id != changing:
                await self.members.renew(member)
        await self.tokens.rely_on(token)
        return True
