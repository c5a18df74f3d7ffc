from contracts.fact import Fact


class WorkspaceCreated(Fact, name="workspace.created", by="identity"):
    """A tenant exists; its rules start closed: no domain is allowed."""

    title: str
