"""Invitations: `oiv_` and 43 base64url characters in an address by which one person becomes a
member, once.

There is no mail server: whoever invites is shown the link, and hands it over.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.lent import Lent

PREFIX = "oiv_"
RANDOM_BYTES = 32
LIVES_FOR = timedelta(days=7)
PATH = "/v1/session/invitation/"
"""What comes before the secret in the address."""
MAX_OPEN = 200
"""In a workspace: those that were not used yet."""


@dataclass(frozen=True, slots=True)
class Invitation:
    id: str
    workspace_id: WorkspaceId
    email: str
    """As `read_email` answers it."""
    name: str
    role: Role
    digest: str
    """SHA-256 (hex) of its secret."""
    invited_by: MemberId
    created_at: datetime
    expires_at: datetime
    lent: Lent | None = None
    """On whom it rests, `invited_by` among them. None: a release that did not keep that made it."""

    def live(self, now: datetime) -> bool:
        return now < self.expires_at

    @property
    def makers(self) -> tuple[MemberId, ...]:
        """Whoever invited, and whoever lent them what they invited with: each must be able to."""
        return self.lent.by if self.lent else (self.invited_by,)
