from dataclasses import dataclass, replace
from enum import StrEnum

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role


class MemberKind(StrEnum):
    PERSON = "person"
    """Signs in, and has tokens."""
    SERVICE = "service"
    """A program: tokens alone, which outlive the people who made them."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody, or something, that works in one workspace."""

    id: MemberId
    workspace_id: WorkspaceId
    name: str
    role: Role
    revision: int = 1
    kind: MemberKind = MemberKind.PERSON
    email: str = ""
    """In lower case; empty where nobody named one."""
    active: bool = True
    """False: provisioned, and switched off. Signs in nowhere, and each token is refused."""

    def edited(self, edit: "MemberEdit") -> "Member":
        """Answers this very member where they are so already."""
        changed = replace(self, name=edit.name or self.name, role=edit.role or self.role)
        return self if changed == self else replace(changed, revision=self.revision + 1)


@dataclass(frozen=True, slots=True)
class MemberEdit:
    """What is None stays as it is."""

    name: str | None = None
    role: Role | None = None
