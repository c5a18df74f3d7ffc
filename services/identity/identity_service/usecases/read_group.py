from dataclasses import dataclass

from contracts.ids import WorkspaceId
from identity_service.domain.group import Group
from identity_service.domain.member import Member
from identity_service.ports import DirectoryStore, GroupStore
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class ReadGroup:
    """A group, and who belongs to it, oldest first. One that is closing is not found."""

    groups: GroupStore
    directory: DirectoryStore

    async def __call__(
        self, workspace_id: WorkspaceId, group_id: str
    ) -> tuple[Group, list[Member]]:
        group = await self.groups.find(workspace_id, group_id)
        if group is None or group.closing:
            raise NothingHere
        return group, await self.directory.of_group(workspace_id, group_id)
