"""Facts about calls, on their way to JetStream. No answer to a caller fails for want of one."""

import asyncio
from collections import deque

from contracts.errors import Unavailable
from contracts.facts import InvocationFinished, InvocationStarted
from kit import logs
from kit.outbox import FactPublisher

log = logs.logger("execution.ledger")
RETRY_SECONDS = 1.0
MAX_KEPT = 10_000
MAX_UNDER_WAY = 1_000


class FactLedger:
    """Calls that changed nothing are stated in a pipeline: callers do not wait for a disk."""

    def __init__(self, publisher: FactPublisher) -> None:
        self._publisher = publisher
        self._under_way: set[asyncio.Task[None]] = set()
        self._late: deque[InvocationFinished] = deque(maxlen=MAX_KEPT)

    async def before(self, started: InvocationStarted) -> None:
        await self._publisher.state(started)

    async def after(self, finished: InvocationFinished) -> None:
        """Waits only where the broker is far behind."""
        if len(self._under_way) >= MAX_UNDER_WAY:
            await self.after_change(finished)
            return
        stating = asyncio.create_task(self.after_change(finished))
        self._under_way.add(stating)
        stating.add_done_callback(self._under_way.discard)

    async def after_change(self, finished: InvocationFinished) -> None:
        """A finished call that cannot be stated now is stated later, or settled as an orphan."""
        try:
            await self._publisher.state(finished)
        except Unavailable:
            log.warning("fact_kept_for_later", invocation_id=finished.invocation_id)
            self._late.append(finished)

    async def state_late_facts(self) -> None:
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            await self.flush()

    async def flush(self) -> None:
        while self._late:
            oldest = self._late[0]
            try:
                await self._publisher.state(oldest)
            except Unavailable:
                return
            if self._late and self._late[0] is oldest:  # a full queue may have let it go meanwhile
                self._late.popleft()

    async def close(self) -> None:
        """Nothing that can still be stated stays behind."""
        await asyncio.gather(*self._under_way)
        await self.flush()
