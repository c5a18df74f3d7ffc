import asyncio
from dataclasses import dataclass

from contracts.ids import TokenId
from contracts.principal import CLOSING_SCOPES, SCOPES_OF_ROLE, Via
from contracts.requests import AuthenticatedCaller
from identity_service.ports import Clock, MemberStore, SessionStore, UseNotes, WorkspaceStore
from identity_service.usecases.enforce_sign_on import EnforceSignOn
from kit.errors import SessionEnded, SessionRenewal


@dataclass(frozen=True, slots=True)
class AuthenticateSession:
    """Who is behind this session? One that is unknown, ended, expired or orphaned looks the same,
    one whose member is switched off, and one that could not begin so any more (`EnforceSignOn`).

    `SessionRenewal` where the member has another role than when its secret was drawn.
    """

    sessions: SessionStore
    members: MemberStore
    workspaces: WorkspaceStore
    enforce_sign_on: EnforceSignOn
    uses: UseNotes
    clock: Clock

    async def __call__(self, digest: str) -> AuthenticatedCaller:
        session = await self.sessions.find_by_digest(digest)
        now = self.clock()
        if session is None or not session.live(now):
            raise SessionEnded
        member, workspace, is_wanted = await asyncio.gather(
            self.members.find(session.workspace_id, session.member_id),
            self.workspaces.find(session.workspace_id),
            self.enforce_sign_on.keeps(session),
        )
        if member is None or not member.active or workspace is None:
            raise SessionEnded
        if not is_wanted:
            raise SessionEnded
        if member.role is not session.role:
            raise SessionRenewal
        if session.use_is_news(now):
            self.uses.note(session, now)
        scopes = SCOPES_OF_ROLE[member.role]
        return AuthenticatedCaller(
            workspace_id=session.workspace_id,
            member_id=session.member_id,
            token_id=TokenId(session.id),
            role=member.role,
            scopes=scopes if workspace.closing_until is None else scopes & CLOSING_SCOPES,
            expires_at=session.used(now).expires_at,
            via=Via.SESSION,
            closing_until=workspace.closing_until,
        )
