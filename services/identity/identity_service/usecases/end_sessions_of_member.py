from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from contracts.ids import MemberId, WorkspaceId
from identity_service.ports import SessionStore
from identity_service.usecases.end_session import EndSession
from kit.errors import NothingHere, NotInForce


@dataclass(frozen=True, slots=True)
class EndSessionsOfMember:
    """Sign a member out everywhere. Each session is ended, also where others are not in force yet;
    `NotInForce` then, and again until all are.
    """

    sessions: SessionStore
    end_session: EndSession

    async def __call__(self, workspace_id: WorkspaceId, member_id: MemberId) -> None:
        late: NotInForce | None = None
        end = partial(self.end_session, workspace_id, member_id)
        for session in await self.sessions.of_member(workspace_id, member_id):
            try:
                with suppress(NothingHere):  # it expired meanwhile
                    await end(session.id)
            except NotInForce as error:
                late = error
        if late is not None:
            raise late
