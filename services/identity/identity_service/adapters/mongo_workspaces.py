from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from contracts.facts import WorkspaceCreated
from contracts.ids import WorkspaceId
from identity_service.domain.workspace import Workspace
from kit.codec import Codec
from kit.documents import Collection, Stored
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import Forever


@dataclass(frozen=True, slots=True)
class WorkspaceState:
    title: str


WORKSPACES = Codec(WorkspaceState)


class MongoWorkspaces:
    """One document a workspace, under its own id."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._workspaces = Collection(
            database=database,
            name="workspaces",
            outbox=outbox,
            codec=WORKSPACES,
            kept=Forever("one a tenant; whoever operates the installation creates them"),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._workspaces,)

    async def add(self, workspace: Workspace, fact: WorkspaceCreated) -> None:
        with suppress(Taken):
            within = self._workspaces.within(workspace.id)
            await within.add(workspace.id, WorkspaceState(workspace.title), fact)

    async def find(self, workspace_id: WorkspaceId) -> Workspace | None:
        stored = await self._workspaces.within(workspace_id).find(workspace_id)
        return _workspace_of(stored) if stored else None

    async def read(self, workspace_id: WorkspaceId) -> Workspace:
        return _workspace_of(await self._workspaces.within(workspace_id).read(workspace_id))

    async def replace(self, seen: Workspace, changed: Workspace) -> None:
        stored: Stored[Any] = Stored(seen.id, seen.id, seen.revision, {})
        await self._workspaces.within(seen.id).change(stored, WorkspaceState(changed.title))


def _workspace_of(stored: Stored[WorkspaceState]) -> Workspace:
    return Workspace(stored.workspace_id, stored.state.title, stored.revision)
