"""How one action signs in. The secret itself is not here: only its sealed form is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from auth_service.domain.errors import CredentialBoundElsewhere, KeyUnknown, SignInUnknown
from auth_service.domain.sealed_field import Place, Sealed
from contracts.errors import PlatformError
from contracts.ids import ActionId, MemberId, WorkspaceId


class SignIn(StrEnum):
    NONE = "none"
    API_KEY = "api_key"


class Placement(StrEnum):
    BASIC = "basic"
    BEARER = "bearer"
    CUSTOM = "custom"
    QUERY = "query"
    HEADERS = "headers"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key's public side. `origins` are canonical; what counts is their copy inside `sealed`."""

    placement: Placement
    header_names: tuple[str, ...]
    parameter_names: tuple[str, ...]
    origins: tuple[str, ...]
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class Credential:
    """An action's settings; revision 0 means that nobody ever set any."""

    workspace_id: WorkspaceId
    action_id: ActionId
    revision: int = 0
    api_key: ApiKey | None = None
    set_by: MemberId | None = None
    set_at: datetime | None = None
    is_known: bool = True
    """False for a way to sign in that this release does not know; a later one wrote it."""

    def ensure_known(self) -> None:
        """Raises `SignInUnknown`. What is not known is neither used, shown nor replaced."""
        if not self.is_known:
            raise SignInUnknown

    @property
    def sign_in(self) -> SignIn:
        return SignIn.API_KEY if self.api_key else SignIn.NONE

    @property
    def place(self) -> Place:
        return place_of(self.workspace_id, self.action_id)

    def replaced(self, api_key: ApiKey | None, by: MemberId, at: datetime) -> "Credential":
        return replace(self, revision=self.revision + 1, api_key=api_key, set_by=by, set_at=at)

    def unusable_because(
        self, current_origins: Iterable[str], known_keys: Iterable[str]
    ) -> PlatformError | None:
        """Why calls to the action's hosts would go without this credential; None: they would not.

        `current_origins` are canonical.
        """
        if self.api_key is None:
            return None
        if self.api_key.sealed.key_id not in known_keys:
            return KeyUnknown()
        bound = self.api_key.origins
        moved = next((origin for origin in current_origins if origin not in bound), None)
        return CredentialBoundElsewhere(bound, moved) if moved else None


def place_of(workspace_id: WorkspaceId, action_id: ActionId) -> Place:
    return Place(workspace_id, "credentials", action_id, "api_key")
