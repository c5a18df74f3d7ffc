import asyncio
from dataclasses import dataclass

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import MemberNamed
from identity_service.ports import MemberStore, WorkspaceStore
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class NameMember:
    """What a member and their workspace are called."""

    members: MemberStore
    workspaces: WorkspaceStore

    async def __call__(self, workspace_id: WorkspaceId, member_id: MemberId) -> MemberNamed:
        member, workspace = await asyncio.gather(
            self.members.find(workspace_id, member_id), self.workspaces.find(workspace_id)
        )
        if member is None or workspace is None:
            raise NothingHere
        return MemberNamed(member=member.name, workspace=workspace.title, active=member.active)
