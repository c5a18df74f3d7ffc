from dataclasses import dataclass

from contracts.ids import WorkspaceId


@dataclass(frozen=True, slots=True)
class Workspace:
    """One tenant."""

    id: WorkspaceId
    title: str
    revision: int = 1
