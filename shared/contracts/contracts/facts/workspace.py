from datetime import datetime

from contracts.fact import Fact


class WorkspaceCreated(Fact, name="workspace.created", by="identity"):
    """A tenant exists; its rules start closed: no domain is allowed."""

    title: str


class WorkspaceClosed(Fact, name="workspace.closed", by="identity", voids=True):
    """An owner asked for the workspace's removal; nothing of it may run or change until then."""

    closing_until: datetime
    """When it is going to be removed, unless an owner restores it."""


class WorkspaceRestored(Fact, name="workspace.restored", by="identity", voids=True):
    """The workspace is not going to be removed after all; everything of it works again."""


class WorkspaceRemoved(Fact, name="workspace.removed", by="identity", voids=True):
    """The workspace is gone for good; every service deletes what it has of it."""
