"""Browser sessions: a secret of `oas_` and 43 base64url characters, 256 random bits, in a cookie.

A session ends 12 hours after its last use, and 7 days after its begin at the latest; one that began
with a token ends with the token, too. Its secret is bound to the role that the member had when it
was drawn: with another role it is good for nothing but being exchanged for a new one.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.ids import MemberId, SessionId, TokenId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.lent import Lent

PREFIX = "oas_"
RANDOM_BYTES = 32
IDLE_FOR = timedelta(hours=12)
LIVES_FOR = timedelta(days=7)
USE_PRECISION = timedelta(minutes=1)
MAX_OF_A_MEMBER = 20
"""Live ones; one more ends the oldest."""


@dataclass(frozen=True, slots=True)
class AtProvider:
    """With which account of a company a session began."""

    issuer: str
    client_id: str
    subject: str
    sid: str | None = None
    """The provider's name for the session there, where it told one."""


@dataclass(frozen=True, slots=True)
class ByToken:
    """With which API token a browser signed in."""

    id: TokenId
    expires_at: datetime | None
    """Of the token; None: it has no end."""


@dataclass(frozen=True, slots=True)
class Session:
    """One browser, signed in as one member of one workspace."""

    id: SessionId
    workspace_id: WorkspaceId
    member_id: MemberId
    digest: str
    """SHA-256 (hex) of its secret."""
    role: Role
    """The member's when the secret was drawn."""
    browser: str
    """Such as `Firefox on Linux`: by this people recognise it."""
    created_at: datetime
    last_used_at: datetime
    """To the minute."""
    ended: bool = False
    """Nobody gets in with it any more; it is deleted once that is in force everywhere."""
    revision: int = 1
    at_provider: AtProvider | None = None
    """None: it began by a link."""
    lent: Lent | None = None
    """Where another member made the link that it began by."""
    by_token: ByToken | None = None
    """It ends with that token. None: it began otherwise, or with a release that did not keep it."""

    @property
    def expires_at(self) -> datetime:
        """Unless it is used again before."""
        ends = min(self.last_used_at + IDLE_FOR, self.created_at + LIVES_FOR)
        until = self.by_token.expires_at if self.by_token else None
        return ends if until is None else min(ends, until)

    def live(self, now: datetime) -> bool:
        return not self.ended and now < self.expires_at

    def use_is_news(self, now: datetime) -> bool:
        return now - self.last_used_at >= USE_PRECISION

    def used(self, now: datetime) -> "Session":
        return replace(self, last_used_at=max(now, self.last_used_at))

    def with_secret(self, digest: str, role: Role) -> "Session":
        return replace(self, digest=digest, role=role, revision=self.revision + 1)

    def at_its_end(self) -> "Session":
        return replace(self, ended=True, revision=self.revision + 1)
