from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.facts import (
    WorkspaceClosed,
    WorkspaceCreated,
    WorkspaceRemoved,
    WorkspaceRestored,
)
from contracts.ids import WorkspaceId
from identity_service.domain.workspace import Workspace
from kit.codec import Codec
from kit.documents import Collection, Stored, SweptBy
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.reading import containing
from kit.retention import Forever


@dataclass(frozen=True, slots=True)
class WorkspaceState:
    title: str
    closing_until: datetime | None = None


WORKSPACES = Codec(WorkspaceState)


class MongoWorkspaces:
    """One document a workspace, under its own id."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._workspaces = Collection(
            database=database,
            name="workspaces",
            outbox=outbox,
            codec=WORKSPACES,
            kept=Forever("one a tenant, until an owner removes it"),
            swept_by=(SweptBy("closing_until"),),
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

    async def replace(
        self,
        seen: Workspace,
        changed: Workspace,
        fact: WorkspaceClosed | WorkspaceRestored | None = None,
    ) -> None:
        facts = (fact,) if fact else ()
        state = WorkspaceState(changed.title, changed.closing_until)
        await self._workspaces.within(seen.id).change(_stored(seen), state, *facts)

    async def ensure_in_force(self, workspace_id: WorkspaceId) -> None:
        await self._workspaces.within(workspace_id).ensure_in_force(workspace_id)

    async def page(self, limit: int, after: str | None, text: str = "") -> list[Workspace]:
        titled: dict[str, Any] = {"title": containing(text)} if text else {}
        found = await self._workspaces.across_workspaces.page(limit, after, **titled)
        return [_workspace_of(each) for each in found]

    async def due(self, now: datetime, limit: int) -> list[Workspace]:
        every = self._workspaces.across_workspaces
        return [_workspace_of(each) for each in await every.older("closing_until", now, limit)]

    async def remove(self, seen: Workspace, fact: WorkspaceRemoved) -> None:
        await self._workspaces.within(seen.id).remove(_stored(seen), fact)


def _workspace_of(stored: Stored[WorkspaceState]) -> Workspace:
    state = stored.state
    return Workspace(stored.workspace_id, state.title, stored.revision, state.closing_until)


def _stored(seen: Workspace) -> Stored[Any]:
    return Stored(seen.id, seen.id, seen.revision, {})
