from dataclasses import dataclass

from identity_service.domain.session import Session
from identity_service.ports import SessionStore
from identity_service.usecases.end_session import EndSession


@dataclass(frozen=True, slots=True)
class SignOut:
    """End the session of a secret with this SHA-256, whatever it is still good for.

    None where there is none: then nothing is to be ended. It succeeds once it is in force.
    """

    sessions: SessionStore
    end_session: EndSession

    async def __call__(self, digest: str) -> Session | None:
        session = await self.sessions.find_by_digest(digest)
        if session is not None:
            await self.end_session(session.workspace_id, session.member_id, session.id)
        return session
