from collections.abc import Iterable
from dataclasses import dataclass

from contracts.ids import MemberId, SessionId, TokenId, WorkspaceId
from identity_service.domain.session import Session
from identity_service.ports import SessionStore
from identity_service.usecases.end_session import EndSession
from kit.errors import NotInForce
from kit.in_force import each_in_force


@dataclass(frozen=True, slots=True)
class EndSessionsOfMember:
    """Sign a member out everywhere. Each session is ended, also where others are not in force yet;
    `NotInForce` then, and again until all are.
    """

    sessions: SessionStore
    end_session: EndSession

    async def __call__(self, workspace_id: WorkspaceId, member_id: MemberId) -> None:
        await self._end_all(await self.sessions.of_member(workspace_id, member_id))

    async def with_lent(self, workspace_id: WorkspaceId, member_id: MemberId) -> None:
        """The same, and of sessions of others that began by a link which the member made: for who
        is removed or switched off. Those first, for nothing else refuses them.
        """
        whom = workspace_id, member_id
        await each_in_force(end for end in (self._lent_by(*whom), self(*whom)))

    async def _lent_by(self, workspace_id: WorkspaceId, member_id: MemberId) -> None:
        """Part by part, for there may be many: `NotInForce` at the end."""
        late: NotInForce | None = None
        after: SessionId | None = None
        while part := await self.sessions.lent_by(workspace_id, member_id, after):
            try:
                await self._end_all(part)
            except NotInForce as error:
                late = error
            after = part[-1].id
        if late is not None:
            raise late

    async def of_token(self, workspace_id: WorkspaceId, token_id: TokenId) -> None:
        """The same of the sessions that began with a token, which was revoked."""
        await self._end_all(await self.sessions.of_token(workspace_id, token_id))

    async def by_tokens(self, workspace_id: WorkspaceId, member_id: MemberId) -> None:
        """The same of a member's sessions that began with a token, whichever."""
        sessions = await self.sessions.of_member(workspace_id, member_id)
        await self._end_all(each for each in sessions if each.by_token is not None)

    async def _end_all(self, sessions: Iterable[Session]) -> None:
        await each_in_force(
            self.end_session(each.workspace_id, each.member_id, each.id) for each in sessions
        )
