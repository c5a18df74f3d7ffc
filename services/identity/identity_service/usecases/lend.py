from contextlib import suppress
from dataclasses import dataclass

from contracts.ids import SessionId, TokenId
from contracts.principal import Principal, Via
from identity_service.domain.errors import LentTooOften
from identity_service.domain.lent import MAX_MAKERS, Lent
from identity_service.domain.member import Member, MemberKind
from identity_service.domain.role_order import lower
from identity_service.ports import SessionStore, TokenStore
from kit.errors import NothingHere, SessionEnded, Unauthenticated


@dataclass(frozen=True, slots=True)
class Lend:
    """On whom it rests what a caller makes for a person: on the caller, unless they are that very
    person, and on whoever lent them what they call with.

    Nobody lends what a program has: a service account's tokens outlive those who made them. Whoever
    calls with what is not there makes none of those either.
    """

    tokens: TokenStore
    sessions: SessionStore

    async def __call__(self, caller: Principal, member: Member) -> Lent | None:
        own = await self._own(caller)
        if member.kind is MemberKind.SERVICE:
            return None
        return own if member.id == caller.member_id else _with(own, caller)

    async def to_somebody_new(self, caller: Principal) -> Lent:
        """The same of what makes a member, such as an invitation."""
        return _with(await self._own(caller), caller)

    async def of_session(self, caller: Principal, member: Member) -> Lent | None:
        """The same of what begins a session of the member, which has no scopes of its own. Where
        the caller is limited, it rests on the member, too, and stays at the role that they have
        now: that is what the caller's scopes were compared with.
        """
        lent = await self(caller, member)
        if not await self.is_limited(caller):
            return lent
        makers = lent.by if lent else ()
        at_most = lower(lent.at_most, member.role) if lent else member.role
        return Lent(tuple(dict.fromkeys((*makers, member.id))), at_most)

    async def is_limited(self, caller: Principal) -> bool:
        """Whether the caller's own token was given scopes, or their session began with such a one;
        what is not known counts as if it was.

        It does not follow from the scopes that they have now: a token with all that a role has
        stays at that when its member rises.
        """
        within, id_ = caller.workspace_id, caller.credential_id
        if caller.via is Via.SESSION:
            session = await self.sessions.find(within, SessionId(id_))
            return session is None or (
                session.lent is not None and caller.member_id in session.lent.by
            )
        with suppress(NothingHere):
            return (await self.tokens.read(within, TokenId(id_))).scopes is not None
        return True

    async def _own(self, caller: Principal) -> Lent | None:
        """Of what the caller calls with. What is not there, or has ended, may have been lent:
        whoever came with it makes nothing any more.
        """
        within, id_ = caller.workspace_id, caller.credential_id
        if caller.via is Via.SESSION:
            session = await self.sessions.find(within, SessionId(id_))
            if session is None or session.ended:
                raise SessionEnded
            return session.lent
        try:
            return (await self.tokens.read(within, TokenId(id_))).lent
        except NothingHere as gone:
            raise Unauthenticated from gone


def _with(own: Lent | None, caller: Principal) -> Lent:
    """What rests on whoever made what the caller calls with, and on the caller. `LentTooOften`
    beyond `MAX_MAKERS`.
    """
    if own is None:
        return Lent((caller.member_id,), caller.role)
    makers = dict.fromkeys((*own.by, caller.member_id))
    if len(makers) > MAX_MAKERS:
        raise LentTooOften(MAX_MAKERS)
    return Lent(tuple(makers), lower(caller.role, own.at_most))
