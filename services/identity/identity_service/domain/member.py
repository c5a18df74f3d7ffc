from dataclasses import dataclass

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody, or something, that works in one workspace."""

    id: MemberId
    workspace_id: WorkspaceId
    name: str
    role: Role
