"""The end of a tenant: every service deletes all that it keeps of a workspace that was removed.

`assemble` makes each service that has repositories listen to `workspace.removed`. The fact is
acknowledged once nothing is left; a service that is away takes it when it is back, for as long as
FACTS keeps it. What streams still hold of the workspace goes with their ages.
"""

from collections.abc import Sequence
from time import monotonic
from typing import Annotated

from faststream import Context
from faststream.nats import NatsRouter

from contracts.errors import Unavailable
from contracts.facts import WorkspaceRemoved
from contracts.ids import WorkspaceId
from kit import logs
from kit.blob_sweep import BlobSweep
from kit.consume import ACK_WAIT_SECONDS, listens
from kit.documents import Repository

log = logs.logger("kit.workspace_deletion")
BATCH = 500
SECONDS_A_DELIVERY = ACK_WAIT_SECONDS / 2


class WorkspaceNotDeletedYet(Unavailable):
    """There is more than one delivery of the fact has time for; the next one goes on."""

    code = "platform.workspace_not_deleted_yet"

    def __init__(self) -> None:
        super().__init__("Not everything of this workspace is deleted yet.", hint="It goes on.")


class WorkspaceDeletion:
    """Of all that a service keeps, in whichever of its repositories, and of its blobs."""

    def __init__(
        self,
        repositories: Sequence[Repository],
        seconds: float = SECONDS_A_DELIVERY,
        blobs: BlobSweep | None = None,
    ) -> None:
        self._repositories = repositories
        self._seconds = seconds
        self._blobs = blobs

    async def run(self, workspace_id: WorkspaceId) -> None:
        """Little by little; `WorkspaceNotDeletedYet` where it takes longer than `seconds`.

        Tombstones go too, and facts that are pending: `workspace.removed` says more than they do.
        """
        until = monotonic() + self._seconds
        for repository in self._repositories:
            for collection in repository.collections:
                within = collection.within(workspace_id)
                while deleted := await within.delete_all(BATCH):
                    log.info(
                        "workspace_deleted",
                        collection=collection.name,
                        workspace=workspace_id,
                        documents=deleted,
                    )
                    if monotonic() >= until:
                        raise WorkspaceNotDeletedYet
        if self._blobs and not await self._blobs.delete_workspace(workspace_id, until):
            raise WorkspaceNotDeletedYet


def deletes_workspaces(service: str) -> NatsRouter:
    """A router that listens to `workspace.removed`; the context has the service's deletion."""
    router = NatsRouter()

    @listens(router, WorkspaceRemoved, service=service, at_once=1)
    async def delete_workspace(
        removed: WorkspaceRemoved,
        deletion: Annotated[WorkspaceDeletion, Context("workspace_deletion")],
    ) -> None:
        await deletion.run(removed.workspace_id)

    return router
