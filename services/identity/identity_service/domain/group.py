"""Groups of a company's directory (RFC 7643, 4.2), and the roles that go with them.

Who belongs to a group is kept with each member, beside the role that follows from it. Groups that a
company's sign-in names give the same roles, and are not kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from contracts.ids import WorkspaceId
from contracts.requests import Role
from identity_service.domain.directory_entry import DirectoryEntry, key_of
from identity_service.domain.role_order import highest

MAX_GROUPS = 500
"""Of a workspace."""
MAX_OF_A_GROUP = 1_000
"""Members; each change of one is a write of its own."""


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    workspace_id: WorkspaceId
    display_name: str
    external_id: str | None = None
    closing: bool = False
    """It is being removed: nobody finds it any more, and it gives nobody a role."""
    revision: int = 1

    @property
    def key(self) -> str:
        """Unique in a workspace."""
        return key_of(self.display_name)

    def closed(self) -> "Group":
        return replace(self, closing=True, revision=self.revision + 1)


@dataclass(frozen=True, slots=True)
class GroupRole:
    group: str
    """Its name, in either case, or the id that it has in the directory or the company's sign-in."""
    role: Role


@dataclass(frozen=True, slots=True)
class GroupRoles:
    """Of a workspace; revision 0 where nobody set any."""

    workspace_id: WorkspaceId
    entries: tuple[GroupRole, ...] = ()
    revision: int = 0

    def role_of(self, entry: DirectoryEntry, groups: Sequence[Group]) -> Role | None:
        """The role that the directory gives; None where it says nothing.

        What it names for the person goes before the highest of their groups' roles. `groups` are
        those of the entry that there are.
        """
        return entry.named_role or self.highest_of(group for group in groups if not group.closing)

    def highest_of(self, groups: Iterable[Group]) -> Role | None:
        """The highest role that these groups give."""
        known = [*groups]
        names = {group.key for group in known}
        ids = {group.external_id for group in known}
        given = (e for e in self.entries if key_of(e.group) in names or e.group in ids)
        return highest(each.role for each in given)

    def highest_named(self, names: Iterable[str]) -> Role | None:
        """The same of groups as a company's sign-in names them."""
        named = {key_of(name) for name in names}
        return highest(each.role for each in self.entries if key_of(each.group) in named)

    @property
    def make_owners(self) -> bool:
        """Whether an owner decided that a group makes owners: nobody else can."""
        return any(each.role is Role.OWNER for each in self.entries)
