"""Sign-in links: `osl_` and 43 base64url characters in an address that lets one browser in, once.

Whoever has the link is taken for the member, so it is shown to whoever made it and to nobody else,
lives for ten minutes, and is void where whoever made it may not stand for the member any more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.ids import MemberId, WorkspaceId
from identity_service.domain.lent import Lent

PREFIX = "osl_"
RANDOM_BYTES = 32
LIVES_FOR = timedelta(minutes=10)
MAX_OF_A_MEMBER = 20
"""Open at once: another one takes the place of the oldest."""
PATH = "/v1/session/link/"
"""What comes before the secret in the address."""


@dataclass(frozen=True, slots=True)
class SignInLink:
    id: str
    workspace_id: WorkspaceId
    member_id: MemberId
    digest: str
    """SHA-256 (hex) of its secret."""
    expires_at: datetime
    lent: Lent | None = None
    """None: the installation made it, or the member themself."""

    def live(self, now: datetime) -> bool:
        return now < self.expires_at
