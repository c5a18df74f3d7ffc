from dataclasses import dataclass

from contracts.ids import WorkspaceId
from contracts.requests import Role
from identity_service.domain.member import Member
from identity_service.ports import MemberStore


@dataclass(frozen=True, slots=True)
class ListMembers:
    members: MemberStore

    async def __call__(
        self,
        workspace_id: WorkspaceId,
        limit: int,
        after: str | None,
        role: Role | None = None,
        text: str = "",
    ) -> list[Member]:
        """Newest first; one more than `limit` shows that there is a next page."""
        return await self.members.page(workspace_id, limit, after, role, text)
