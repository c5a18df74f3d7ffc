"""API tokens: `oat_` and 43 base64url characters, which are 256 random bits.

A token's text is known to whoever holds it and to nobody else: what is kept is its SHA-256.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contracts.ids import MemberId, TokenId, WorkspaceId
from contracts.principal import SCOPES_OF_ROLE, Scope
from contracts.requests import Role
from identity_service.domain.lent import Lent, effective_role

PREFIX = "oat_"
RANDOM_BYTES = 32
HINT_CHARACTERS = 4
USE_PRECISION = timedelta(minutes=1)
LASTS_FOR = timedelta(days=1)
"""So long a token must live for an owner, or an owner's token, to go because it stays."""


@dataclass(frozen=True, slots=True)
class DrawnToken:
    """A fresh token before anybody has it. Its text is shown once and never stored."""

    text: str = field(repr=False)
    digest: str
    """SHA-256 (hex) of the text."""

    @property
    def hint(self) -> str:
        return self.text[len(PREFIX) :][:HINT_CHARACTERS]


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What is known of a token; it never changes but for its last use and who relies on it."""

    id: TokenId
    workspace_id: WorkspaceId
    member_id: MemberId
    name: str
    digest: str
    hint: str
    """The four characters after the prefix, by which people recognise their tokens."""
    scopes: frozenset[str] | None
    """At most these, of what the member's role allows now. None: all of that, scopes of later
    releases included.
    """
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    """To the minute."""
    created_by: MemberId | None = None
    """None: an installation made it, or a release that did not keep that."""
    lent: Lent | None = None
    """Where somebody else made it for a person, or lent what made it. None: none did, or a release
    that did not keep that.
    """
    relied_on: str | None = None
    """A new value each time an owner, or an owner's token, may go because this token stays."""

    @classmethod
    def for_owner(
        cls,
        id_: TokenId,
        workspace_id: WorkspaceId,
        owner_id: MemberId,
        drawn: DrawnToken,
        now: datetime,
    ) -> "ApiToken":
        """The token with which an owner gets in at first: it may do all that owners may."""
        return cls(
            id=id_,
            workspace_id=workspace_id,
            member_id=owner_id,
            name="Owner token",
            digest=drawn.digest,
            hint=drawn.hint,
            scopes=None,
            created_at=now,
        )

    def live(self, now: datetime) -> bool:
        return self.expires_at is None or now < self.expires_at

    def scopes_within(
        self, role_scopes: frozenset[str], named: frozenset[str] = frozenset()
    ) -> frozenset[str]:
        """What it may do now, given what its member's role allows now, and what it has only where
        it names it (`named_scopes`).
        """
        return role_scopes if self.scopes is None else self.scopes & (role_scopes | named)

    def lets_owner_in(self, at: datetime) -> bool:
        """Whether then an owner who has no other way in can make tokens and sign-in links by it."""
        if effective_role(Role.OWNER, self.lent) is not Role.OWNER:
            return False
        scopes = self.scopes_within(SCOPES_OF_ROLE[Role.OWNER])
        return self.live(at) and Scope.TOKENS_WRITE in scopes

    def rests_on(self, member_id: MemberId) -> bool:
        """Whether it ends where that member is removed."""
        return member_id == self.member_id or (self.lent is not None and member_id in self.lent.by)

    def use_is_news(self, now: datetime) -> bool:
        return self.last_used_at is None or now - self.last_used_at >= USE_PRECISION
