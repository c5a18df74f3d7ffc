"""How an installation begins: one workspace, its owner, and a pending token for them.

The ids are drawn once, by whichever replica is first, so that every step can be repeated. The token
stays pending until it was announced; a replica claims that for 5 s, so that replicas that
start together announce one token between them.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.ids import MemberId, WorkspaceId

CLAIM_LASTS = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Bootstrap:
    workspace_id: WorkspaceId
    owner_id: MemberId
    revision: int = 1
    token_pending: bool = True
    claimed_until: datetime | None = None

    def claimable(self, now: datetime) -> bool:
        return self.claimed_until is None or self.claimed_until <= now

    def claimed(self, now: datetime) -> "Bootstrap":
        return replace(self, revision=self.revision + 1, claimed_until=now + CLAIM_LASTS)

    def announced(self) -> "Bootstrap":
        return replace(self, revision=self.revision + 1, token_pending=False, claimed_until=None)

    def with_token_pending(self) -> "Bootstrap":
        """A new token is pending; a claim of the one before ends."""
        return replace(self, revision=self.revision + 1, token_pending=True, claimed_until=None)
