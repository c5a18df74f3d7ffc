from dataclasses import dataclass, replace

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody, or something, that works in one workspace."""

    id: MemberId
    workspace_id: WorkspaceId
    name: str
    role: Role
    revision: int = 1

    def with_role(self, role: Role) -> "Member":
        return replace(self, role=role, revision=self.revision + 1)
