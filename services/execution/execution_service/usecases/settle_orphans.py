from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.facts import InvocationFinished, Outcome
from execution_service.domain.invocation import INTERRUPTED
from execution_service.ports import InvocationRecords, Ledger

MAX_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class SettleOrphans:
    """End calls whose replica died while they were under way as *unknown*.

    The fact's id derives from the invocation's, so that several replicas publish it once.
    """

    records: InvocationRecords
    ledger: Ledger
    clock: Callable[[], datetime]
    orphaned_after: timedelta

    async def __call__(self) -> int:
        orphans = await self.records.orphans(self.clock() - self.orphaned_after, MAX_AT_ONCE)
        for orphan in orphans:
            await self.ledger.after_interruption(
                InvocationFinished.because(
                    orphan.id,
                    workspace_id=orphan.workspace_id,
                    gpt_workspace_id=orphan.gpt_workspace_id,
                    invocation_id=orphan.id,
                    gpt_id=orphan.gpt_id,
                    action_id=orphan.action_id,
                    operation=orphan.operation,
                    method=orphan.method,
                    host=orphan.host,
                    member_id=orphan.member_id,
                    via=orphan.via,
                    acted_by=orphan.acted_by,
                    arguments_hash=orphan.arguments_hash,
                    outcome=Outcome.UNKNOWN,
                    code=INTERRUPTED,
                )
            )
        return len(orphans)
