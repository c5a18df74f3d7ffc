"""What identity needs of the world."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from contracts.facts import (
    MemberChanged,
    SessionRevoked,
    TokenRevoked,
    WorkspaceClosed,
    WorkspaceCreated,
    WorkspaceRemoved,
    WorkspaceRestored,
)
from contracts.ids import MemberId, SessionId, TokenId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken, DrawnToken
from identity_service.domain.bootstrap import Bootstrap
from identity_service.domain.drawn_secret import DrawnSecret
from identity_service.domain.group import Group, GroupRoles
from identity_service.domain.invitation import Invitation
from identity_service.domain.member import EVERY_MEMBER, Member, WantedMembers
from identity_service.domain.oidc.logout_token import Logout
from identity_service.domain.oidc.sign_in_settings import ConfirmedDomains, SignInSettings
from identity_service.domain.session import Session
from identity_service.domain.sign_in_link import SignInLink
from identity_service.domain.workspace import Workspace

Clock = Callable[[], datetime]
DrawToken = Callable[[], DrawnToken]
DrawSecret = Callable[[], DrawnSecret]
AnnounceOwnerToken = Callable[[str], None]
"""Shows an owner token to whoever operates the installation, outside any log."""
AnnounceSignInLink = Callable[[str], None]
"""The same for the address by which the first owner signs in."""


class BootstrapStore(Protocol):
    """There is at most one bootstrap in an installation."""

    async def begin(self, proposed: Bootstrap) -> Bootstrap:
        """The bootstrap of this installation: the first that anybody proposed."""
        ...

    async def read(self) -> Bootstrap: ...

    async def replace(self, seen: Bootstrap, changed: Bootstrap) -> None:
        """`Overtaken` where `seen` is no longer what is stored."""
        ...

    async def forget(self, workspace_id: WorkspaceId) -> None:
        """Where it made that workspace: the next start begins anew."""
        ...


class WorkspaceStore(Protocol):
    async def add(self, workspace: Workspace, fact: WorkspaceCreated) -> None:
        """Commit workspace and fact together. Adding it again changes nothing."""
        ...

    async def find(self, workspace_id: WorkspaceId) -> Workspace | None: ...

    async def read(self, workspace_id: WorkspaceId) -> Workspace: ...

    async def replace(
        self,
        seen: Workspace,
        changed: Workspace,
        fact: WorkspaceClosed | WorkspaceRestored | None = None,
    ) -> None:
        """Commit the change and the fact together.

        `Overtaken` where `seen` is no longer what is stored; `NotInForce` where the fact
        could not be published.
        """
        ...

    async def ensure_in_force(self, workspace_id: WorkspaceId) -> None:
        """Publish what is still to be published of it; `NotInForce` where that fails."""

    async def page(self, limit: int, after: str | None, text: str = "") -> list[Workspace]:
        """Of the whole installation, newest first, up to `limit + 1`, with that text in the title,
        in either case.
        """
        ...

    async def due(self, now: datetime, limit: int) -> list[Workspace]:
        """Closed ones, of all, whose time is over."""
        ...

    async def remove(self, seen: Workspace, fact: WorkspaceRemoved) -> None:
        """Gone for every reader at once; raises as `replace`."""
        ...


class MemberStore(Protocol):
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
        """One more revision alone, so that who changes what they saw before is `Overtaken`."""
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


class TokenStore(Protocol):
    """Tokens that were not revoked; expired ones are among them."""

    async def add(self, token: ApiToken) -> None: ...

    async def find_by_digest(self, digest: str) -> ApiToken | None:
        """Across workspaces: the token itself says whose it is."""
        ...

    async def read(self, workspace_id: WorkspaceId, token_id: TokenId) -> ApiToken: ...

    async def page(
        self,
        workspace_id: WorkspaceId,
        limit: int,
        after: str | None,
        member_id: MemberId | None = None,
        text: str = "",
    ) -> list[ApiToken]:
        """Newest first; one more than `limit` shows that there is a next page. That member's, and
        with that text in the name, in either case.
        """
        ...

    async def of_member(self, workspace_id: WorkspaceId, member_id: MemberId) -> list[ApiToken]: ...

    async def revoke(self, token: ApiToken, fact: TokenRevoked) -> None:
        """Gone for every reader at once, together with the fact that says so.

        `Overtaken` where it was gone before; `NotInForce` where the fact could not be
        published: others may have it in their caches.
        """
        ...

    async def rely_on(self, token: ApiToken) -> None:
        """Whoever revokes it as they saw it before is refused from now on.

        `Overtaken` where it is revoked.
        """
        ...

    async def revoke_as_seen(self, seen: ApiToken, fact: TokenRevoked) -> None:
        """As `revoke`; `Overtaken` also where somebody relied on it meanwhile."""
        ...

    async def revoked_lately(self, workspace_id: WorkspaceId, token_id: TokenId) -> bool:
        """True for one that was revoked in the last day; `NotInForce` as above."""
        ...

    async def set_last_used(self, token: ApiToken, at: datetime) -> None:
        """Keeps what was set less than `USE_PRECISION` before `at`, whoever set it."""
        ...


class SessionStore(Protocol):
    """Sessions that are not deleted yet; expired ones, and those that ended, may be among them."""

    async def add(self, session: Session) -> None: ...

    async def find_by_digest(self, digest: str) -> Session | None:
        """Across workspaces: the session itself says whose it is."""
        ...

    async def find(self, workspace_id: WorkspaceId, session_id: SessionId) -> Session | None: ...

    async def page(
        self, workspace_id: WorkspaceId, member_id: MemberId, limit: int, after: str | None
    ) -> list[Session]:
        """Those that did not end, newest first; one more than `limit` shows that there is a next
        page.
        """
        ...

    async def of_member(self, workspace_id: WorkspaceId, member_id: MemberId) -> list[Session]:
        """All, newest first."""
        ...

    async def of_workspace(self, workspace_id: WorkspaceId) -> list[Session]:
        """All, of every member."""
        ...

    async def of_provider(self, workspace_id: WorkspaceId, logout: Logout) -> list[Session]:
        """Those that the logout ends (`Logout.ends`)."""
        ...

    async def replace(self, seen: Session, changed: Session, fact: SessionRevoked) -> None:
        """Commit another secret and the fact about the old one together.

        `ChangedMeanwhile` where `seen` is no longer what is stored; `NotInForce` where the fact
        could not be published.
        """
        ...

    async def end(self, seen: Session, fact: SessionRevoked) -> None:
        """It lets nobody in from then on, and is deleted once the fact is out; raises as above.

        Until then it stays, as one that ended, so that whoever ends it again learns when it is in
        force.
        """
        ...

    async def ended_lately(self, workspace_id: WorkspaceId, session_id: SessionId) -> bool:
        """True for one that was deleted in the last day; `NotInForce` as above."""
        ...

    async def set_last_used(self, session: Session, at: datetime) -> None:
        """Keeps what was set less than `USE_PRECISION` before `at`, whoever set it."""
        ...


class SignInLinkStore(Protocol):
    """Links that were not followed yet; expired ones are among them."""

    async def add(self, link: SignInLink) -> None: ...

    async def find_by_digest(self, digest: str) -> SignInLink | None:
        """Across workspaces: the link itself says for whom it is."""
        ...

    async def use_up(self, link: SignInLink) -> bool:
        """True for one of any number that try at once; False where it is used up or never was."""
        ...


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

    async def count(self, workspace_id: WorkspaceId) -> int: ...

    async def revoke_to(self, workspace_id: WorkspaceId, email: str) -> None: ...

    async def use_up(self, workspace_id: WorkspaceId, invitation_id: str) -> bool:
        """Whether it was still there: true for one of any number that try at once."""
        ...


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


class UseNotes(Protocol):
    def note(self, used: ApiToken | Session, at: datetime) -> None:
        """Remember that it was used. Returns at once; may be forgotten in a crash."""
        ...


class SignInSettingsStore(Protocol):
    """At most one a workspace."""

    async def find(self, workspace_id: WorkspaceId) -> SignInSettings | None: ...

    async def of_issuer(self, issuer: str) -> list[SignInSettings]:
        """Across workspaces, oldest workspace first."""
        ...

    async def of_domain(self, domain: str) -> list[SignInSettings]:
        """The same of those that name this domain."""
        ...

    async def save(self, seen: SignInSettings | None, changed: SignInSettings) -> None:
        """`Overtaken` where `seen` is no longer what is stored."""
        ...

    async def remove(self, seen: SignInSettings) -> bool:
        """At once; was it as it was seen?"""
        ...


class ConfirmedDomainStore(Protocol):
    async def find(self, workspace_id: WorkspaceId) -> ConfirmedDomains:
        """Without any domain where nobody confirmed one."""
        ...

    async def put(self, confirmed: ConfirmedDomains) -> None: ...
