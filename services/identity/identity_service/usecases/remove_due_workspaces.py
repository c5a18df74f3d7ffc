from contextlib import suppress
from dataclasses import dataclass

from contracts.facts import WorkspaceRemoved
from identity_service.domain.workspace import Workspace
from identity_service.ports import BootstrapStore, Clock, WorkspaceStore
from kit.documents import ChangedMeanwhile
from kit.errors import NotInForce

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class RemoveDueWorkspaces:
    """Remove the workspaces whose 30 days are over; every service deletes its own then.

    An installation whose first workspace is removed begins anew at its next start.
    """

    workspaces: WorkspaceStore
    bootstraps: BootstrapStore
    clock: Clock

    async def __call__(self) -> int:
        """How many that were."""
        removed = 0
        for due in await self.workspaces.due(self.clock(), AT_ONCE):
            removed += await self._remove(due)
        return removed

    async def _remove(self, due: Workspace) -> bool:
        """The bootstrap first, or a start after a crash would create the workspace again."""
        await self.bootstraps.forget(due.id)
        with suppress(ChangedMeanwhile):  # another replica was faster
            with suppress(NotInForce):  # nobody waits for that: the sweep publishes it
                await self.workspaces.remove(due, WorkspaceRemoved(workspace_id=due.id))
            return True
        return False
