"""How an action signs in at one set of origins. The secret itself is not here: only its sealed
form is.
"""

from dataclasses import dataclass
from datetime import datetime

from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.own_key import OwnKey
from auth_service.domain.placement import Placement
from auth_service.domain.secret_reference import ReferredPart
from auth_service.domain.sign_in import SignIn
from contracts.ids import MemberId
from kit.key_ring import Sealed


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key's public side."""

    placement: Placement
    header_names: tuple[str, ...]
    parameter_names: tuple[str, ...]
    sealed: Sealed
    references: tuple[ReferredPart, ...] = ()
    """What is shown of parts that stay in a store; what counts is inside `sealed`."""


Way = ApiKey | OwnKey | ClientSettings
"""Of signing in: with one key for all, with each member's own, as a client of an OAuth provider."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What was entered for one set of origins: a way to sign in, or that nothing is sent (None); or
    that it was deleted, and calls are refused until something is entered.
    """

    origin_set: str
    """Its digest (`contracts.origin.origin_set_digest`)."""
    origins: tuple[str, ...]
    """Canonical, sorted; what counts for a secret are those inside `sealed`, which may be more.
    Empty where only the digest is known, of releases that went without when the first credential
    was entered.
    """
    revision: int
    """The action's, when this was entered: no two secrets of an action have the same."""
    way: Way | None = None
    set_by: MemberId | None = None
    set_at: datetime | None = None
    deleted: bool = False
    is_known: bool = True
    """False for a way to sign in that this release does not have; a later one wrote it."""

    @property
    def sign_in(self) -> SignIn:
        match self.way:
            case None:
                return SignIn.NONE
            case ClientSettings(sign_in=sign_in):
                return sign_in
            case _:
                return SignIn.API_KEY

    @property
    def api_key(self) -> ApiKey | None:
        return self.way if isinstance(self.way, ApiKey) else None

    @property
    def client(self) -> ClientSettings | None:
        return self.way if isinstance(self.way, ClientSettings) else None

    @property
    def own_key(self) -> OwnKey | None:
        return self.way if isinstance(self.way, OwnKey) else None

    @property
    def sealed(self) -> Sealed | None:
        """Its secret; None where it has none."""
        return None if self.way is None or isinstance(self.way, OwnKey) else self.way.sealed

    @property
    def per_user(self) -> bool:
        """Whether each member signs in with a key or an account of their own."""
        return self.own_key is not None or self.sign_in is SignIn.OAUTH

    @property
    def account_digest(self) -> str:
        """Of all that a member's account or key for it depends on; empty where there is none."""
        if self.own_key is not None:
            return self.own_key.digest
        client = self.client
        return client.digest if client and self.sign_in is SignIn.OAUTH else ""

    @property
    def asks_for(self) -> str:
        """Of all that a member agrees to who signs in by it: the hosts, and who asks for what."""
        return f"{self.origin_set}.{self.account_digest}"
