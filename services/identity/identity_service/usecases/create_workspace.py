from dataclasses import dataclass

from contracts.facts import WorkspaceCreated
from contracts.ids import MemberId, TokenId, WorkspaceId, new_id
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken, DrawnToken
from identity_service.domain.member import Member
from identity_service.domain.workspace import Workspace
from identity_service.ports import Clock, DrawToken, MemberStore, TokenStore, WorkspaceStore


@dataclass(frozen=True, slots=True)
class CreateWorkspace:
    """Create a tenant: its owner and token first, then the workspace and `workspace.created`."""

    workspaces: WorkspaceStore
    members: MemberStore
    tokens: TokenStore
    draw: DrawToken
    clock: Clock

    async def __call__(self, title: str) -> tuple[Workspace, DrawnToken]:
        """The workspace, and its owner's token, which only this answer ever holds."""
        workspace = Workspace(WorkspaceId(new_id("ws")), title)
        owner = Member(MemberId(new_id("mem")), workspace.id, "Owner", Role.OWNER)
        drawn = self.draw()
        await self.members.add(owner)
        id_ = TokenId(new_id("tok"))
        await self.tokens.add(ApiToken.for_owner(id_, workspace.id, owner.id, drawn, self.clock()))
        fact = WorkspaceCreated(workspace_id=workspace.id, title=title)
        await self.workspaces.add(workspace, fact)
        return workspace, drawn
