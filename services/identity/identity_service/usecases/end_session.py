from dataclasses import dataclass

from contracts.facts import SessionRevoked
from contracts.ids import MemberId, SessionId, WorkspaceId
from identity_service.domain.session import Session
from identity_service.ports import SessionStore
from kit.contention import repeats_on_contention
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class EndSession:
    """Sign a member out of one of their sessions: every service refuses it within a second.

    Ending what ended lately succeeds, once every replica can have learnt of it. Another member's is
    not found, in the words for what never was.
    """

    sessions: SessionStore

    @repeats_on_contention
    async def __call__(
        self, workspace_id: WorkspaceId, member_id: MemberId, session_id: SessionId
    ) -> None:
        session = await self.sessions.find(workspace_id, session_id)
        if session is None:
            if await self.sessions.ended_lately(workspace_id, session_id):
                return
            raise NothingHere
        if session.member_id != member_id:
            raise NothingHere
        await self.sessions.end(session, end_of(session))


def end_of(session: Session) -> SessionRevoked:
    """The fact that says so."""
    return SessionRevoked(
        workspace_id=session.workspace_id,
        session_id=session.id,
        session_digest=session.digest,
        member_id=session.member_id,
    )
