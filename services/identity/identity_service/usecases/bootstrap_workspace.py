from dataclasses import dataclass

from contracts.facts import WorkspaceCreated
from contracts.ids import MemberId, WorkspaceId, new_id
from contracts.requests import Role
from identity_service.domain.bootstrap import Bootstrap
from identity_service.domain.member import Member
from identity_service.domain.workspace import Workspace
from identity_service.ports import BootstrapStore, MemberStore, WorkspaceStore
from kit.documents import ChangedMeanwhile


@dataclass(frozen=True, slots=True)
class BootstrapWorkspace:
    """Make sure that the first workspace and its owner exist, however often this is interrupted."""

    bootstraps: BootstrapStore
    workspaces: WorkspaceStore
    members: MemberStore
    title: str

    async def __call__(self, *, reset_owner_token: bool) -> None:
        """With `reset_owner_token` a new owner token is pending, announced or not."""
        proposed = Bootstrap(WorkspaceId(new_id("ws")), MemberId(new_id("mem")))
        begun = await self.bootstraps.begin(proposed)
        if await self.workspaces.find(begun.workspace_id) is None:
            await self._create(begun)
        if reset_owner_token:
            await self._make_token_pending(begun)

    async def _create(self, begun: Bootstrap) -> None:
        """The workspace last: once it is there, its first owner may be removed for good."""
        workspace_id = begun.workspace_id
        await self.members.add(Member(begun.owner_id, workspace_id, "Owner", Role.OWNER))
        await self.workspaces.add(
            Workspace(workspace_id, self.title),
            WorkspaceCreated(workspace_id=workspace_id, title=self.title),
        )

    async def _make_token_pending(self, seen: Bootstrap) -> None:
        """Repeated where a replica announces meanwhile, so that the reset is not lost."""
        while True:
            try:
                return await self.bootstraps.replace(seen, seen.with_token_pending())
            except ChangedMeanwhile:
                seen = await self.bootstraps.read()
