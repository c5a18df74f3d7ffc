from collections.abc import Sequence
from dataclasses import dataclass

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import MembersChecked, Role
from identity_service.ports import MemberStore


@dataclass(frozen=True, slots=True)
class CheckMembers:
    """Which of these are no members of the workspace, and which have the role `user`, in the order
    of the question.
    """

    members: MemberStore

    async def __call__(
        self, workspace_id: WorkspaceId, member_ids: Sequence[MemberId]
    ) -> MembersChecked:
        known = await self.members.known(workspace_id, member_ids)
        users = await self.members.known(workspace_id, member_ids, Role.USER)
        return MembersChecked(
            unknown=tuple(each for each in member_ids if each not in known),
            users=tuple(each for each in member_ids if each in users),
        )
