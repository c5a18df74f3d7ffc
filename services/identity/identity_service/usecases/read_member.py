from dataclasses import dataclass

from contracts.ids import MemberId, WorkspaceId
from identity_service.domain.member import Member
from identity_service.ports import MemberStore
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class ReadMember:
    members: MemberStore

    async def __call__(self, workspace_id: WorkspaceId, member_id: MemberId) -> Member:
        member = await self.members.find(workspace_id, member_id)
        if member is None:
            raise NothingHere
        return member
