"""People and groups as a company's directory knows them."""

from typing import Protocol

from contracts.ids import WorkspaceId
from identity_service.domain.group import Group, GroupRoles
from identity_service.domain.member import Member


class DirectoryStore(Protocol):
    """People as a company's directory knows them. They are the members of `MemberStore`."""

    async def provision(self, person: Member) -> None:
        """Add somebody new; `UserNameTaken` where another one has the name, in either case."""
        ...

    async def named(self, workspace_id: WorkspaceId, user_name: str) -> Member | None:
        """The person with that user name, in either case; who has none, by the e-mail address."""
        ...

    async def with_external_id(self, workspace_id: WorkspaceId, external_id: str) -> list[Member]:
        """The few for whom the directory has that id; nothing makes it unique."""
        ...

    async def with_email(self, workspace_id: WorkspaceId, email: str) -> list[Member]:
        """The few with that address among theirs, in either case."""
        ...

    async def people(self, workspace_id: WorkspaceId) -> list[Member]:
        """All people with a user name, oldest first: as many as a workspace may have members."""
        ...

    async def of_group(self, workspace_id: WorkspaceId, group_id: str) -> list[Member]:
        """All who belong to it, oldest first."""
        ...


class GroupStore(Protocol):
    """Groups of a company's directory; those that are closing are among them."""

    async def add(self, group: Group) -> None:
        """`GroupNameTaken` where another one has the name, in either case."""
        ...

    async def find(self, workspace_id: WorkspaceId, group_id: str) -> Group | None: ...

    async def each(self, workspace_id: WorkspaceId) -> list[Group]:
        """All, oldest first: at most MAX_GROUPS, and a few more where several add at once."""
        ...

    async def replace(self, seen: Group, changed: Group) -> None:
        """`Overtaken` where `seen` is no longer what is stored; `GroupNameTaken` as above."""
        ...

    async def remove(self, seen: Group) -> None:
        """Raises as `replace`."""
        ...


class GroupRolesStore(Protocol):
    async def read(self, workspace_id: WorkspaceId) -> GroupRoles: ...

    async def replace(self, seen: GroupRoles, changed: GroupRoles) -> None:
        """`Overtaken` where `seen` is no longer what is stored."""
        ...
