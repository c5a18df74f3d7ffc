import asyncio
from dataclasses import dataclass

from contracts.ids import SessionId
from contracts.principal import Principal, Via
from identity_service.domain.member import Member
from identity_service.domain.session import Session
from identity_service.domain.workspace import Workspace
from identity_service.ports import MemberStore, SessionStore, WorkspaceStore
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class OwnSession:
    workspace: Workspace
    member: Member
    session: Session | None
    """None for a token, and for a session that ended meanwhile."""


@dataclass(frozen=True, slots=True)
class ReadOwnSession:
    """Who the caller is, where, and since when."""

    sessions: SessionStore
    members: MemberStore
    workspaces: WorkspaceStore

    async def __call__(self, caller: Principal) -> OwnSession:
        workspace, member, session = await asyncio.gather(
            self.workspaces.read(caller.workspace_id),
            self.members.find(caller.workspace_id, caller.member_id),
            self._session(caller),
        )
        if member is None:
            raise NothingHere
        return OwnSession(workspace, member, session)

    async def _session(self, caller: Principal) -> Session | None:
        if caller.via is not Via.SESSION:
            return None
        return await self.sessions.find(caller.workspace_id, SessionId(caller.credential_id))
