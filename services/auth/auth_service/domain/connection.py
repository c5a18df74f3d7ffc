"""One member's signed-in account for one action."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from auth_service.domain.oauth.scopes import GrantedScopes
from auth_service.domain.renewal import Renewal, WhyLost
from contracts.ids import ActionId, MemberId, WorkspaceId
from kit.key_ring import Place, Sealed

MAX_CONNECTIONS = 10_000
"""Of a member; what has ended counts too, while it is kept."""
NOTED_EVERY = timedelta(minutes=1)
"""At most, when a connection was used."""
NO_SCOPES = GrantedScopes(())


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

    SETTINGS_CHANGED = "settings_changed"
    """The provider, the client, the scopes, or where a key stands."""
    ORIGINS_CHANGED = "origins_changed"
    BY_MEMBER = "by_member"
    BY_ADMIN = "by_admin"
    MEMBER_LEFT = "member_left"
    """Removed, or switched off."""
    ACTION_REMOVED = "action_removed"


class ConnectionKind(StrEnum):
    OAUTH = "oauth"
    KEY = "key"
    """A key that the member entered."""


@dataclass(frozen=True, slots=True)
class Whose:
    """There is one connection of each at most."""

    workspace_id: WorkspaceId
    action_id: ActionId
    member_id: MemberId


class Gpt(NamedTuple):
    """Whose action it is, as it was called at the sign-in; empty where catalog did not say."""

    id: str = ""
    name: str = ""


NO_GPT = Gpt()


@dataclass(frozen=True, slots=True)
class Account:
    """What a member signed in with. What its tokens are bound to is sealed with them: here it
    says what to show, and when to sign in again.
    """

    settings_digest: str
    """`ClientSettings.digest` or `OwnKey.digest` of the record that it was signed in by."""
    api_origins: tuple[str, ...]
    """Canonical, sorted."""
    kind: ConnectionKind = ConnectionKind.OAUTH
    scopes_asked: tuple[str, ...] = ()
    scopes: GrantedScopes = NO_SCOPES
    label: str = ""
    """By which the member knows it; empty where the provider does not say."""
    gpt: Gpt = NO_GPT

    def serves(self, digest: str, origins: tuple[str, ...]) -> bool:
        """Whether calls to these origins sign in with it, where the action's settings are so."""
        return bool(digest) and digest == self.settings_digest and {*origins} <= {*self.api_origins}


@dataclass(frozen=True, slots=True)
class Connection:
    """`sealed` (a `TokenSet`) is there exactly while it is linked."""

    id: str
    workspace_id: WorkspaceId
    action_id: ActionId
    member_id: MemberId
    renewal: Renewal
    sealed: Sealed | None
    account: Account
    since: datetime
    state: ConnectionState = ConnectionState.LINKED
    why: WhyLost | WhyEnded | None = None
    last_used_at: datetime | None = None
    version: int = field(default=0, compare=False)
    """Of what is stored; 0: nothing is."""

    @property
    def whose(self) -> Whose:
        return Whose(self.workspace_id, self.action_id, self.member_id)

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

    def linked_anew(self, sealed: Sealed, renewal: Renewal, account: Account) -> "Connection":
        """After another sign-in of the same member: whoever still renews the former tokens comes
        too late.
        """
        return replace(
            self,
            renewal=replace(
                renewal, generation=self.generation + 1, fence=self.renewal.fence, lease=None
            ),
            sealed=sealed,
            account=account,
            since=renewal.obtained_at,
            state=ConnectionState.LINKED,
            why=None,
            last_used_at=None,
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
