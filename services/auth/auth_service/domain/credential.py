"""How an action signs in at one set of origins. The secret itself is not here: only its sealed
form is.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.ids import MemberId
from kit.key_ring import Sealed


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
    """A key's public side."""

    placement: Placement
    header_names: tuple[str, ...]
    parameter_names: tuple[str, ...]
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class Credential:
    """What was entered for one set of origins: a key, or that nothing is sent (None); or that a key
    was deleted, and calls are refused until something is entered.
    """

    origin_set: str
    """Its digest (`contracts.origin.origin_set_digest`)."""
    origins: tuple[str, ...]
    """Canonical, sorted; what counts for a key are those inside `sealed`, which may be more. Empty
    where only the digest is known, of releases that went without when the first key was entered.
    """
    revision: int
    """The action's, when this was entered: no two keys of an action have the same."""
    api_key: ApiKey | None = None
    set_by: MemberId | None = None
    set_at: datetime | None = None
    deleted: bool = False
    is_known: bool = True
    """False for a way to sign in that this release does not have; a later one wrote it."""

    @property
    def sign_in(self) -> SignIn:
        return SignIn.API_KEY if self.api_key else SignIn.NONE
