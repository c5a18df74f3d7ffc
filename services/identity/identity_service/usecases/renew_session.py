from contextlib import suppress
from dataclasses import dataclass

from identity_service.domain.drawn_secret import DrawnSecret
from identity_service.domain.lent import effective_role
from identity_service.domain.session import Session
from identity_service.ports import Clock, DrawSecret, MemberStore, SessionStore
from identity_service.usecases.end_session import end_of
from identity_service.usecases.enforce_sign_on import EnforceSignOn
from kit.documents import ChangedMeanwhile
from kit.errors import NotInForce, SessionEnded


@dataclass(frozen=True, slots=True)
class RenewSession:
    """Exchange the secret of a session whose member has another role by now, once.

    Of several who try at once, one gets the new secret; the old one is good for nothing then. A
    session whose secret suits its member's role keeps it.
    """

    sessions: SessionStore
    members: MemberStore
    enforce_sign_on: EnforceSignOn
    draw: DrawSecret
    clock: Clock

    async def __call__(self, digest: str) -> tuple[Session, DrawnSecret | None]:
        """None: nothing had to be exchanged. `SessionEnded` where it is no live one, or could not
        begin so any more (`EnforceSignOn`), or began by a link of somebody who stood below what
        its member is now.
        """
        session = await self.sessions.find_by_digest(digest)
        if session is None or not session.live(self.clock()):
            raise SessionEnded
        member = await self.members.find(session.workspace_id, session.member_id)
        if member is None or not member.active:
            raise SessionEnded
        if not await self.enforce_sign_on.keeps(session):
            raise SessionEnded
        if effective_role(member.role, session.lent) is not member.role:
            raise SessionEnded
        if member.role is session.role:
            return session, None
        drawn = self.draw()
        renewed = session.with_secret(drawn.digest, member.role)
        try:
            # The old secret was refused everywhere since the role changed, so nobody has to wait.
            with suppress(NotInForce):
                await self.sessions.replace(session, renewed, end_of(session))
        except ChangedMeanwhile:
            raise SessionEnded from None
        return renewed, drawn
