from collections.abc import Sequence
from dataclasses import dataclass

from contracts.ids import MemberId, WorkspaceId
from identity_service.ports import MemberStore


@dataclass(frozen=True, slots=True)
class CheckMembers:
    """Which of these are no members of the workspace, in the order of the question."""

    members: MemberStore

    async def __call__(
        self, workspace_id: WorkspaceId, member_ids: Sequence[MemberId]
    ) -> tuple[MemberId, ...]:
        known = await self.members.known(workspace_id, member_ids)
        return tuple(member_id for member_id in member_ids if member_id not in known)
