"""With what callers come: tokens, sessions, and links that begin one."""

from datetime import datetime
from typing import Protocol

from contracts.facts import SessionRevoked, TokenRevoked
from contracts.ids import MemberId, SessionId, TokenId, WorkspaceId
from identity_service.domain.api_token import ApiToken
from identity_service.domain.oidc.logout_token import Logout
from identity_service.domain.session import Session
from identity_service.domain.sign_in_link import SignInLink


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

    async def lent_by(
        self, workspace_id: WorkspaceId, member_id: MemberId, after: TokenId | None = None
    ) -> list[ApiToken]:
        """Others' tokens that rest on this member (`Lent.by`), newest first: `READ_AT_ONCE` at
        most, those after that one.
        """
        ...

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

    async def of_token(self, workspace_id: WorkspaceId, token_id: TokenId) -> list[Session]:
        """All that began with this token, whether or not it is there."""
        ...

    async def lent_by(
        self, workspace_id: WorkspaceId, member_id: MemberId, after: SessionId | None = None
    ) -> list[Session]:
        """Those that rest on this member (`Lent.by`), newest first: `READ_AT_ONCE` at most, those
        after that one.
        """
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

    async def keep_newest(self, own: SignInLink, most: int) -> None:
        """So many of its member's, of which it is the newest, whatever its id; older ones are good
        for nothing.
        """
        ...

    async def use_up(self, link: SignInLink) -> bool:
        """True for one of any number that try at once; False where it is used up or never was."""
        ...


class UseNotes(Protocol):
    def note(self, used: ApiToken | Session, at: datetime) -> None:
        """Remember that it was used. Returns at once; may be forgotten in a crash."""
        ...
