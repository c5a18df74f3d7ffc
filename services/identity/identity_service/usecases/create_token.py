from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from contracts.facts import TokenRevoked
from contracts.ids import MemberId, TokenId, new_id
from contracts.principal import GRANTED_SCOPES, SCOPES_OF_ROLE, Principal
from identity_service.domain.api_token import ApiToken, DrawnToken
from identity_service.domain.errors import RoleAboveOwn, ScopesExceeded, TooManyTokens
from identity_service.domain.member import Member
from identity_service.domain.named_scopes import given_by, named_scopes_of
from identity_service.domain.role_order import outranks
from identity_service.ports import Clock, DrawToken, MemberStore, TokenStore
from identity_service.usecases.lend import Lend
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile, Overtaken
from kit.errors import NothingHere, NotInForce


@dataclass(frozen=True, slots=True)
class WantedToken:
    name: str
    member_id: MemberId | None = None
    """None: the caller."""
    scopes: frozenset[str] | None = None
    """None: all that the member's role allows at the time, within what the caller's token may."""
    expires_in: timedelta | None = None


@dataclass(frozen=True, slots=True)
class CreateToken:
    """A token may do no more than its member's role and its creator's own token allow; one for
    another person no more than its creator's role then, and it ends with its creator (`Lent`).

    However many are made at once, a member has `limit` live ones at most: each is counted once it
    is there, and taken back where it is one too many, unless an owner's token went because it is
    there. Those that expired give up their places, the first to expire first.
    """

    tokens: TokenStore
    members: MemberStore
    draw: DrawToken
    clock: Clock
    limit: int
    lend: Lend

    @repeats_on_contention
    async def __call__(self, caller: Principal, wanted: WantedToken) -> tuple[ApiToken, DrawnToken]:
        """What is known of the token, and the token, which only this answer ever holds."""
        member = await self._member(caller, wanted.member_id or caller.member_id)
        scopes = await self._granted(caller, member, wanted.scopes)
        drawn = self.draw()
        now = self.clock()
        token = ApiToken(
            id=TokenId(new_id("tok")),
            workspace_id=caller.workspace_id,
            member_id=member.id,
            name=wanted.name,
            digest=drawn.digest,
            hint=drawn.hint,
            scopes=scopes,
            created_at=now,
            expires_at=now + wanted.expires_in if wanted.expires_in else None,
            created_by=caller.member_id,
            lent=await self.lend(caller, member),
        )
        await self.tokens.add(token)
        if await self._is_of_a_removed_member(token):
            await self._take_back(token)
            raise NothingHere
        is_surplus = len(self._live(await self._known(member))) > self.limit
        if is_surplus and await self._is_taken_back_as_surplus(token):
            raise Overtaken
        return token, drawn

    async def _is_of_a_removed_member(self, token: ApiToken) -> bool:
        """Whoever was removed meanwhile may have had what rests on them revoked before this one was
        there: nobody would look for it again.
        """
        needed = {token.member_id, *(token.lent.by if token.lent else ())}
        return await self.members.known(token.workspace_id, tuple(needed)) != needed

    async def _take_back(self, token: ApiToken) -> None:
        with suppress(ChangedMeanwhile):  # whoever removed the member revoked it
            await self.tokens.revoke(token, _end_of(token))

    async def _known(self, member: Member) -> list[ApiToken]:
        return await self.tokens.of_member(member.workspace_id, member.id)

    def _live(self, tokens: Iterable[ApiToken]) -> list[ApiToken]:
        now = self.clock()
        return [each for each in tokens if each.live(now)]

    async def _make_room(self, member: Member) -> None:
        """`TooManyTokens` where all are live. Nobody waits until it is known everywhere that one
        which expired is gone: it is refused by its date.
        """
        known = await self._known(member)
        live = self._live(known)
        if len(live) >= self.limit:
            raise TooManyTokens(self.limit)
        alive = {each.id for each in live}
        expired = [(each.expires_at, each) for each in known if each.id not in alive]
        oldest_first = sorted(expired, key=lambda each: (each[0], each[1].id))
        for _, token in oldest_first[: max(0, len(known) + 1 - self.limit)]:
            with suppress(NotInForce):
                await self._take_back(token)

    async def _is_taken_back_as_surplus(self, token: ApiToken) -> bool:
        """False where it is relied on by now (`KeepAnOwner`): the owner's other token is gone.
        `NothingHere` where its member was removed.
        """
        try:
            await self.tokens.revoke_as_seen(token, _end_of(token))
        except Overtaken:
            await self.tokens.read(token.workspace_id, token.id)
            return False
        return True

    async def _member(self, caller: Principal, member_id: MemberId) -> Member:
        """Whom the token is for; a token of somebody above would be a way to rise."""
        member = await self.members.find(caller.workspace_id, member_id)
        if member is None:
            raise NothingHere
        if outranks(member.role, caller.role):
            raise RoleAboveOwn(member.role)
        await self._make_room(member)
        return member

    async def _granted(
        self, caller: Principal, member: Member, wanted: frozenset[str] | None
    ) -> frozenset[str] | None:
        """At most these, of what the member's role allows at the time; None: all of that."""
        limits = await self.lend.is_limited(caller)
        if wanted is None:
            return caller.scopes - GRANTED_SCOPES.keys() if limits else None
        named = named_scopes_of(member) & given_by(caller.role)
        allowed = SCOPES_OF_ROLE[member.role] & caller.scopes
        allowed |= named & caller.scopes if limits else named
        if surplus := wanted - allowed:
            raise ScopesExceeded(surplus)
        return wanted


def _end_of(token: ApiToken) -> TokenRevoked:
    return TokenRevoked(
        workspace_id=token.workspace_id, token_id=token.id, token_digest=token.digest
    )
