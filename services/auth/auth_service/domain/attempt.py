"""A member's way to sign in to an action: a ticket, the attempt itself, and what comes back.

Neither is stored. The ticket is in the address that a program shows its person; the attempt is the
`state` of the authorization request (RFC 6749, 4.1.1), sealed with a secret that this browser alone
has, in a short-lived cookie. Which ones ended is remembered for as long as they could come again.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from auth_service.domain.connection import Whose
from contracts.ids import ActionId, MemberId, WorkspaceId

LIVES_FOR = timedelta(minutes=10)
CLOCKS_DIFFER = timedelta(minutes=1)
"""Replicas', at most."""
MAX_RETURN_TO = 1_000
"""Characters: the way back is in the state, and addresses have an end."""
MAX_ID = 64
YEARS = range(2020, 3000)
"""Of dates to which ten minutes can be added, in any zone."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """For one member and action, whoever holds it: the page demands the member's session."""

    id: str
    workspace_id: WorkspaceId
    action_id: ActionId
    member_id: MemberId
    return_to: str
    created_at: datetime

    @property
    def whose(self) -> Whose:
        return Whose(self.workspace_id, self.action_id, self.member_id)

    def live(self, now: datetime) -> bool:
        return is_live(self.id, self.created_at, now)


@dataclass(frozen=True, slots=True)
class Attempt:
    id: str
    workspace_id: WorkspaceId
    action_id: ActionId
    member_id: MemberId
    origin_set: str
    """Of the record whose client asks (`contracts.origin.origin_set_digest`)."""
    settings_digest: str
    """`ClientSettings.digest`: the browser was sent by these settings."""
    redirect_uri: str
    return_to: str
    created_at: datetime
    verifier: str = field(repr=False)
    """RFC 7636, 4.1."""
    issuer: str = ""
    """Of the provider, as its metadata says; empty where that is not known."""
    names_itself: bool = False
    """Whether its metadata promises that every answer has `iss` (RFC 9207, 3)."""

    @property
    def whose(self) -> Whose:
        return Whose(self.workspace_id, self.action_id, self.member_id)

    def live(self, now: datetime) -> bool:
        return is_live(self.id, self.created_at, now)


def is_live(id_: str, began: datetime, now: datetime) -> bool:
    """An installation without root keys of its own seals with less than it could: what is opened
    may hold any date, and none that the comparison could stumble over counts.
    """
    has_date = began.utcoffset() is not None and began.year in YEARS
    return has_date and len(id_) <= MAX_ID and began - CLOCKS_DIFFER <= now < began + LIVES_FOR
