from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.ids import WorkspaceId

CLOSED_FOR = timedelta(days=30)
"""How long an owner may undo the removal of a workspace."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """One tenant."""

    id: WorkspaceId
    title: str
    revision: int = 1
    closing_until: datetime | None = None
    """When it is going to be removed; None unless an owner asked for that."""

    def closed(self, until: datetime) -> "Workspace":
        return replace(self, closing_until=until, revision=self.revision + 1)

    def restored(self) -> "Workspace":
        return replace(self, closing_until=None, revision=self.revision + 1)
