"""The tokens that an action gets for itself (RFC 6749, 4.4)."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from auth_service.domain.renewal import Renewal
from contracts.ids import ActionId, WorkspaceId
from kit.key_ring import Place, Sealed

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
WITHOUT_TOKENS = Renewal(NEVER, NEVER, generation=0)


@dataclass(frozen=True, slots=True)
class ServiceToken:
    """Of the credential's record that was entered with `revision`. `sealed` is a `TokenSet`."""

    workspace_id: WorkspaceId
    action_id: ActionId
    revision: int
    renewal: Renewal = WITHOUT_TOKENS
    sealed: Sealed | None = None
    version: int = field(default=0, compare=False)
    """Of what is stored; 0: nothing is."""

    @property
    def id(self) -> str:
        return f"{self.action_id}.{self.revision}"

    @property
    def place(self) -> Place:
        """Where its tokens are sealed."""
        return Place(self.workspace_id, "service_tokens", self.id, "tokens")

    def with_renewal(self, renewal: Renewal, sealed: Sealed | None = None) -> "ServiceToken":
        """Whatever the provider says, it may give a token later: these are never lost."""
        return replace(self, renewal=replace(renewal, lost=None), sealed=sealed or self.sealed)
