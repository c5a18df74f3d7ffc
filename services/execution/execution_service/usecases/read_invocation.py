import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ulid import ULID

from contracts.ids import InvocationId, WorkspaceId
from execution_service.domain.errors import InvocationNotFound
from execution_service.domain.invocation import InvocationRecord
from execution_service.ports import InvocationRecords

RECORDER_MAY_TAKE = timedelta(seconds=15)
"""Its batches take a moment; what one had in hand when it died takes until it comes again."""
POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class ReadInvocation:
    """One audit record. An id that is seconds old is waited for: recorders write in batches."""

    records: InvocationRecords

    async def __call__(
        self, workspace_id: WorkspaceId, invocation_id: InvocationId
    ) -> InvocationRecord:
        give_up_at = _made_at(invocation_id) + RECORDER_MAY_TAKE
        while True:
            record = await self.records.find(workspace_id, invocation_id)
            if record is not None and record.outcome is not None:
                return record
            if datetime.now(UTC) > give_up_at:
                break
            await asyncio.sleep(POLL_SECONDS)
        if record is None:
            raise InvocationNotFound
        return record


def _made_at(invocation_id: str) -> datetime:
    """The time in a ULID; for what is none of ours, long ago."""
    try:
        made_at: datetime = ULID.from_str(invocation_id.removeprefix("inv_")).datetime
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    now = datetime.now(UTC)
    return min(made_at, now)
