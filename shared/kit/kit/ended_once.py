"""What may end once only, such as an attempt to sign in that a browser carries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contracts.ids import WorkspaceId
from kit.codec import Codec
from kit.documents import Collection
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import Expires

NAME = "ended_attempts"
KEPT_FOR = timedelta(minutes=5)
"""After it expired: replicas' clocks differ, and none may find it gone too early."""


@dataclass(frozen=True, slots=True)
class EndedState:
    ended_at: datetime


ENDED = Codec(EndedState)


class MongoEndedOnce:
    """One document for each that ended, for as long as it could be brought again: `lives_for`, and
    the difference of clocks.
    """

    def __init__(self, database: Database, outbox: Outbox, lives_for: timedelta) -> None:
        self._ended = Collection(
            database=database,
            name=NAME,
            outbox=outbox,
            codec=ENDED,
            kept=Expires("ended_at", lives_for + KEPT_FOR),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._ended,)

    async def end(self, workspace_id: WorkspaceId, id_: str, at: datetime) -> bool:
        """Whether it had not ended: true for one of any number that try at once."""
        try:
            await self._ended.within(workspace_id).add(id_, EndedState(at))
        except Taken:
            return False
        return True
