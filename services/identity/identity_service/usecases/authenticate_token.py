import asyncio
from dataclasses import dataclass, replace

from contracts.principal import CLOSING_SCOPES, SCOPES_OF_ROLE
from contracts.requests import AuthenticatedCaller
from identity_service.domain.lent import effective_role
from identity_service.domain.named_scopes import named_scopes_of
from identity_service.ports import Clock, MemberStore, TokenStore, UseNotes, WorkspaceStore
from kit.errors import Unauthenticated


@dataclass(frozen=True, slots=True)
class AuthenticateToken:
    """Who is behind this token? Unknown, revoked, expired and orphaned ones look the same, and
    those of members who are switched off. One that somebody else made for a person acts with no
    higher role than its maker had then.
    """

    tokens: TokenStore
    members: MemberStore
    workspaces: WorkspaceStore
    uses: UseNotes
    clock: Clock

    async def __call__(self, token_digest: str) -> AuthenticatedCaller:
        token = await self.tokens.find_by_digest(token_digest)
        now = self.clock()
        if token is None or not token.live(now):
            raise Unauthenticated
        member, workspace = await asyncio.gather(
            self.members.find(token.workspace_id, token.member_id),
            self.workspaces.find(token.workspace_id),
        )
        if member is None or not member.active or workspace is None:
            raise Unauthenticated
        if token.use_is_news(now):
            self.uses.note(token, now)
        role = effective_role(member.role, token.lent)
        named = named_scopes_of(replace(member, role=role))
        scopes = token.scopes_within(SCOPES_OF_ROLE[role], named)
        return AuthenticatedCaller(
            workspace_id=token.workspace_id,
            member_id=token.member_id,
            token_id=token.id,
            role=role,
            scopes=scopes if workspace.closing_until is None else scopes & CLOSING_SCOPES,
            expires_at=token.expires_at,
            closing_until=workspace.closing_until,
        )
