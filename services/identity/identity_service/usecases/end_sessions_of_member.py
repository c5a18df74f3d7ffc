from dataclasses import dataclass
from functools import partial
from itertools import chain

from contracts.ids import MemberId, WorkspaceId
from identity_service.ports import SessionStore
from identity_service.usecases.end_session import EndSession
from kit.in_force import each_in_force


@dataclass(frozen=True, slots=True)
class EndSessionsOfMember:
    """Sign a member out everywhere. Each session is ended, also where others are not in force yet;
    `NotInForce` then, and again until all are.
    """

    sessions: SessionStore
    end_session: EndSession

    async def __call__(self, workspace_id: WorkspaceId, member_id: MemberId) -> None:
        end = partial(self.end_session, workspace_id, member_id)
        sessions = await self.sessions.of_member(workspace_id, member_id)
        await each_in_force(end(session.id) for session in sessions)

    async def with_lent(self, workspace_id: WorkspaceId, member_id: MemberId) -> None:
        """The same, and of sessions of others that began by a link which the member made: for who
        is removed or switched off.
        """
        lent = await self.sessions.lent_by(workspace_id, member_id)
        end = partial(self.end_session, workspace_id)
        ends_of_lent = (end(each.member_id, each.id) for each in lent)
        await each_in_force(chain((self(workspace_id, member_id),), ends_of_lent))
