from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.ids import WorkspaceId

CLOSED_FOR = timedelta(days=30)
"""How long an owner may undo the removal of a workspace."""
RESTORABLE_UNTIL_BEFORE = timedelta(minutes=1)
"""Nobody begins to restore it so shortly before it is removed: replicas' clocks differ, and it
must not be restored while it is being removed.
"""


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

    def restorable(self, now: datetime) -> bool:
        return self.closing_until is None or now < self.closing_until - RESTORABLE_UNTIL_BEFORE

    def restored(self) -> "Workspace":
        return replace(self, closing_until=None, revision=self.revision + 1)
