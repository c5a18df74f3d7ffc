from contextlib import suppress
from dataclasses import dataclass

from contracts.ids import SessionId, new_id
from identity_service.domain.drawn_secret import DrawnSecret
from identity_service.domain.lent import Lent
from identity_service.domain.member import Member
from identity_service.domain.oidc.errors import SignOnEnforced
from identity_service.domain.session import MAX_OF_A_MEMBER, AtProvider, ByToken, Session
from identity_service.ports import Clock, DrawSecret, SessionStore
from identity_service.usecases.end_session import EndSession
from identity_service.usecases.enforce_sign_on import EnforceSignOn
from kit.errors import NothingHere, NotInForce


@dataclass(frozen=True, slots=True)
class SignIn:
    """Begin a session of somebody who has proven who they are, with a secret of its own.

    The session that the browser had before ends, whoever's it was; and a member's oldest, where
    they have as many as one may have. `SignOnEnforced` where the workspace wants its company's
    account, and this is another way.
    """

    sessions: SessionStore
    end_session: EndSession
    enforce_sign_on: EnforceSignOn
    draw: DrawSecret
    clock: Clock

    async def __call__(
        self,
        member: Member,
        browser: str,
        replaced_digest: str | None = None,
        at_provider: AtProvider | None = None,
        lent: Lent | None = None,
        by_token: ByToken | None = None,
    ) -> tuple[Session, DrawnSecret]:
        """The session, and its secret, which only this answer ever holds.

        `ServiceSignsInNowhere` and `MemberInactive` where they are for the member.
        """
        member.demand_sign_in()
        await self.enforce_sign_on(member, at_provider)
        if replaced_digest is not None:
            replaced = await self.sessions.find_by_digest(replaced_digest)
            if replaced is not None:
                await self.end_without_waiting(replaced)
        drawn, now = self.draw(), self.clock()
        session = Session(
            id=SessionId(new_id("ses")),
            workspace_id=member.workspace_id,
            member_id=member.id,
            digest=drawn.digest,
            role=member.role,
            browser=browser,
            created_at=now,
            last_used_at=now,
            at_provider=at_provider,
            lent=lent,
            by_token=by_token,
        )
        await self.sessions.add(session)
        await self._end_if_unwanted_meanwhile(session)
        await self._make_room(session)
        return session, drawn

    async def _end_if_unwanted_meanwhile(self, session: Session) -> None:
        """Whoever changed the settings since did not find this session among those to end."""
        if not await self.enforce_sign_on.keeps(session):
            await self.end_without_waiting(session)
            raise SignOnEnforced(session.workspace_id)

    async def _make_room(self, newest: Session) -> None:
        known = await self.sessions.of_member(newest.workspace_id, newest.member_id)
        others = [each for each in known if each.live(self.clock()) and each.id != newest.id]
        oldest_first = sorted(others, key=lambda each: (each.created_at, each.id))
        for session in oldest_first[: max(0, len(others) + 1 - MAX_OF_A_MEMBER)]:
            await self.end_without_waiting(session)

    async def end_without_waiting(self, session: Session) -> None:
        """Whoever signs in need not wait until everybody knows: what is pending is published."""
        with suppress(NotInForce, NothingHere):
            await self.end_session(session.workspace_id, session.member_id, session.id)
