"""One member's signed-in account for one action."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from auth_service.domain.oauth.scopes import GrantedScopes
from auth_service.domain.renewal import Renewal, WhyLost
from contracts.ids import ActionId, MemberId, WorkspaceId
from kit.key_ring import Place, Sealed


class ConnectionState(StrEnum):
    LINKED = "linked"
    SIGN_IN_AGAIN = "sign_in_again"
    """What the action asks for changed since; the tokens are destroyed."""
    LOST = "lost"
    """The provider gives no more tokens."""
    REVOKED = "revoked"
    """By the member, or by an admin for them."""


class WhyEnded(StrEnum):
    """Beside those of `WhyLost`."""

    SCOPES_CHANGED = "scopes_changed"
    CLIENT_CHANGED = "client_changed"
    ORIGINS_CHANGED = "origins_changed"
    BY_MEMBER = "by_member"
    BY_ADMIN = "by_admin"
    MEMBER_LEFT = "member_left"


@dataclass(frozen=True, slots=True)
class Connection:
    """`sealed` (a `TokenSet`) is there exactly while it is linked."""

    id: str
    workspace_id: WorkspaceId
    action_id: ActionId
    member_id: MemberId
    renewal: Renewal
    sealed: Sealed | None
    scopes_asked: tuple[str, ...]
    scopes: GrantedScopes
    since: datetime
    state: ConnectionState = ConnectionState.LINKED
    why: WhyLost | WhyEnded | None = None
    account_label: str = ""
    last_used_at: datetime | None = None

    @property
    def place(self) -> Place:
        """Where its tokens are sealed."""
        return Place(self.workspace_id, "connections", self.id, "tokens")

    @property
    def generation(self) -> int:
        """Of its tokens: no two that it ever had share one."""
        return self.renewal.generation

    @property
    def expires_at(self) -> datetime | None:
        return self.renewal.expires_at

    @property
    def is_linked(self) -> bool:
        return self.state is ConnectionState.LINKED

    def linked_anew(
        self, sealed: Sealed, renewal: Renewal, scopes_asked: tuple[str, ...], scopes: GrantedScopes
    ) -> "Connection":
        """After another sign-in of the same member: whoever still renews the former tokens comes
        too late.
        """
        return replace(
            self,
            renewal=replace(
                renewal, generation=self.generation + 1, fence=self.renewal.fence, lease=None
            ),
            sealed=sealed,
            scopes_asked=scopes_asked,
            scopes=scopes,
            since=renewal.obtained_at,
            state=ConnectionState.LINKED,
            why=None,
        )

    def with_renewal(self, renewal: Renewal, sealed: Sealed | None = None) -> "Connection":
        """Of the same sign-in; with `sealed`, its new tokens. A lost one ends the connection. One
        that has ended takes none.
        """
        if not self.is_linked:
            return self
        if renewal.lost:
            return self._ended(ConnectionState.LOST, renewal.lost, renewal)
        return replace(self, renewal=renewal, sealed=sealed or self.sealed)

    def lost(self, why: WhyLost) -> "Connection":
        return self._ended(ConnectionState.LOST, why, replace(self.renewal, lost=why))

    def sign_in_again(self, why: WhyEnded) -> "Connection":
        return self._ended(ConnectionState.SIGN_IN_AGAIN, why, self.renewal)

    def revoked(self, why: WhyEnded) -> "Connection":
        return self._ended(ConnectionState.REVOKED, why, self.renewal)

    def used(self, at: datetime) -> "Connection":
        latest = max(at, self.last_used_at or at)
        return replace(self, last_used_at=latest)

    def _ended(
        self, state: ConnectionState, why: WhyLost | WhyEnded, renewal: Renewal
    ) -> "Connection":
        """Its tokens are destroyed; one that has ended stays as it ended, but for a revocation."""
        if not self.is_linked and state is not ConnectionState.REVOKED:
            return self
        ended = replace(renewal, lease=None, renewable=False)
        return replace(self, state=state, why=why, sealed=None, renewal=ended)
