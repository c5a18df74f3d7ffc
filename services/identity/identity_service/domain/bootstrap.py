"""How an installation begins: one workspace, one owner, and a token that is owed to them.

The ids are drawn once, by whichever replica is first, so that every step can be repeated. The token
stays owed until it was announced; whoever announces claims that for a moment, so that replicas that
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
    token_owed: bool = True
    claimed_until: datetime | None = None

    def claimable(self, now: datetime) -> bool:
        return self.claimed_until is None or self.claimed_until <= now

    def claimed(self, now: datetime) -> "Bootstrap":
        return replace(self, revision=self.revision + 1, claimed_until=now + CLAIM_LASTS)

    def announced(self) -> "Bootstrap":
        return replace(self, revision=self.revision + 1, token_owed=False, claimed_until=None)

    def owing(self) -> "Bootstrap":
        """A new token is owed, and whoever was announcing one is too late."""
        return replace(self, revision=self.revision + 1, token_owed=True, claimed_until=None)
