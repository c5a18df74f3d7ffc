"""The installation's workspaces, and how its first one comes to be."""

from datetime import datetime
from typing import Protocol

from contracts.facts import WorkspaceClosed, WorkspaceCreated, WorkspaceRemoved, WorkspaceRestored
from contracts.ids import WorkspaceId
from identity_service.domain.bootstrap import Bootstrap
from identity_service.domain.workspace import Workspace


class BootstrapStore(Protocol):
    """There is at most one bootstrap in an installation."""

    async def begin(self, proposed: Bootstrap) -> Bootstrap:
        """The bootstrap of this installation: the first that anybody proposed."""
        ...

    async def read(self) -> Bootstrap: ...

    async def replace(self, seen: Bootstrap, changed: Bootstrap) -> None:
        """`Overtaken` where `seen` is no longer what is stored."""
        ...

    async def forget(self, workspace_id: WorkspaceId) -> None:
        """Where it made that workspace: the next start begins anew."""
        ...


class WorkspaceStore(Protocol):
    async def add(self, workspace: Workspace, fact: WorkspaceCreated) -> None:
        """Commit workspace and fact together. Adding it again changes nothing."""
        ...

    async def find(self, workspace_id: WorkspaceId) -> Workspace | None: ...

    async def read(self, workspace_id: WorkspaceId) -> Workspace: ...

    async def replace(
        self,
        seen: Workspace,
        changed: Workspace,
        fact: WorkspaceClosed | WorkspaceRestored | None = None,
    ) -> None:
        """Commit the change and the fact together.

        `Overtaken` where `seen` is no longer what is stored; `NotInForce` where the fact
        could not be published.
        """
        ...

    async def ensure_in_force(self, workspace_id: WorkspaceId) -> None:
        """Publish what is still to be published of it; `NotInForce` where that fails."""

    async def page(self, limit: int, after: str | None, text: str = "") -> list[Workspace]:
        """Of the whole installation, newest first, up to `limit + 1`, with that text in the title,
        in either case.
        """
        ...

    async def due(self, now: datetime, limit: int) -> list[Workspace]:
        """Closed ones, of all, whose time is over."""
        ...

    async def remove(self, seen: Workspace, fact: WorkspaceRemoved) -> None:
        """Gone for every reader at once; raises as `replace`."""
        ...
