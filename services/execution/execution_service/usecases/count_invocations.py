from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from contracts.ids import GptId
from contracts.principal import Principal
from execution_service.domain.invocation import CallCounts, CountedCalls
from execution_service.ports import InvocationRecords
from execution_service.usecases.list_invocations import only_of

COUNTED_FOR = timedelta(days=7)
MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class CountInvocations:
    """The calls of the last 7 days of each GPT, 1,000 at most: of owners and admins the
    workspace's, of others their own. An id that is unknown or foreign has none.
    """

    records: InvocationRecords
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def __call__(self, principal: Principal, gpt_ids: Sequence[GptId]) -> CallCounts:
        """In the order of the ids; one that is given twice is counted once."""
        now = self.clock()
        since, only = now - COUNTED_FOR, only_of(principal)
        counts = {}
        for gpt_id in dict.fromkeys(gpt_ids):
            counted = CountedCalls(gpt_id, since, now, only)
            found = await self.records.count(principal.workspace_id, counted, MOST_COUNTED + 1)
            counts[gpt_id] = found
        return CallCounts(since, counts, MOST_COUNTED)
