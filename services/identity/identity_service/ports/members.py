"""Members of a workspace, and who is invited to become one."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Protocol

from contracts.facts import MemberChanged
from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.invitation import Invitation
from identity_service.domain.member import EVERY_MEMBER, Member, WantedMembers


class MemberStore(Protocol):
    """Whoever writes a member ends the invitations to their addresses: `add`, `provision` and
    `replace` those to the addresses that they have or had, `remove` for good (`close_to`). Where
    the database ends none after the member is stored, that raises nothing: such an invitation is
    refused while they are a member, and ends when they go.
    """

    async def add(self, member: Member) -> None:
        """Adding a member again changes nothing. `EmailTaken` where another one has the address."""
        ...

    async def find(self, workspace_id: WorkspaceId, member_id: MemberId) -> Member | None: ...

    async def find_by_email(self, workspace_id: WorkspaceId, email: str) -> Member | None:
        """By an address as `read_email` answers it."""
        ...

    async def find_by_address(self, workspace_id: WorkspaceId, email: str) -> Member | None:
        """The same, else whose user name it is in the company's directory."""
        ...

    async def known(
        self, workspace_id: WorkspaceId, member_ids: Sequence[MemberId], role: Role | None = None
    ) -> frozenset[MemberId]:
        """Those of them who are members of this workspace, with that role; None: any."""
        ...

    async def replace(self, seen: Member, changed: Member, *facts: MemberChanged) -> None:
        """Commit the change and the fact, if any, together.

        `Overtaken` where `seen` is no longer what is stored; `NotInForce` where the fact
        could not be published; `EmailTaken` as above.
        """
        ...

    async def renew(self, seen: Member) -> None:
        """One revision more and nothing else; `Overtaken` as above.

        Whoever changes the member on what they saw before is refused from now on.
        """
        ...

    async def remove(self, seen: Member, fact: MemberChanged) -> None:
        """Gone for every reader at once; raises as `replace`."""
        ...

    async def ensure_in_force(self, workspace_id: WorkspaceId, member_id: MemberId) -> None:
        """Publish what is still to be published about them; `NotInForce` where that fails."""

    async def ensure_all_in_force(self, workspace_id: WorkspaceId) -> None:
        """The same about whomever of the workspace."""

    async def removed_lately(self, workspace_id: WorkspaceId, member_id: MemberId) -> bool:
        """True for one who was removed in the last day; `NotInForce` as above."""
        ...

    async def page(
        self,
        workspace_id: WorkspaceId,
        limit: int,
        after: str | None,
        wanted: WantedMembers = EVERY_MEMBER,
    ) -> list[Member]:
        """Those wanted, newest first; one more than `limit` shows that there is a next page."""
        ...

    async def with_role(self, workspace_id: WorkspaceId, role: Role) -> list[Member]:
        """All of them, oldest first: at most as many as a workspace may have members."""
        ...

    async def count(self, workspace_id: WorkspaceId) -> int: ...


class InvitationStore(Protocol):
    """Invitations that were not used yet; expired ones are among them."""

    async def add(self, invitation: Invitation) -> None: ...

    async def find_by_digest(self, digest: str) -> Invitation | None:
        """Across workspaces: the invitation itself says to which one."""
        ...

    async def page(
        self, workspace_id: WorkspaceId, limit: int, after: str | None
    ) -> list[Invitation]:
        """Newest first; one more than `limit` shows that there is a next page."""
        ...

    async def count_beside(self, workspace_id: WorkspaceId, email: str) -> int:
        """Of the workspace, without those to that address."""
        ...

    async def revoke_to(self, workspace_id: WorkspaceId, emails: AbstractSet[str]) -> None: ...

    async def open_to(self, workspace_id: WorkspaceId, email: str) -> AbstractSet[str]:
        """Ids of those to that address."""
        ...

    async def close_to(
        self, workspace_id: WorkspaceId, emails: AbstractSet[str], at: datetime
    ) -> None:
        """As `revoke_to`; that nothing made before `at` is open is known for as long as it could
        be.
        """
        ...

    async def closed_at(self, workspace_id: WorkspaceId, email: str) -> datetime | None:
        """When `close_to` was said of that address last; None: not for a week."""
        ...

    async def use_up(self, workspace_id: WorkspaceId, invitation_id: str) -> bool:
        """Whether it was still there: true for one of any number that try at once."""
        ...
