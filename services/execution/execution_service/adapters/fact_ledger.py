"""Facts about calls, on their way to JetStream. A failed publication never fails the call."""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Protocol

from contracts.errors import Unavailable
from contracts.fact import Fact
from contracts.facts import InvocationFinished, InvocationStarted
from execution_service.adapters.group_commit import MAX_TOGETHER, GroupCommit
from kit import logs
from kit.metrics import facts_dropped

log = logs.logger("execution.ledger")
RETRY_SECONDS = 1.0
MAX_KEPT = 10_000
MAX_UNDER_WAY = 100
GATHER_SECONDS = 0.01


class Publisher(Protocol):
    """`kit.bus.Bus`, as far as a ledger needs it."""

    async def publish(self, fact: Fact) -> None: ...

    async def publish_batch(self, facts: Sequence[Fact]) -> None: ...


class FactLedger:
    """Calls that changed nothing are published moments later, many to a message; calls that change
    something are waited for, and share a message with whoever waits too (decision 5).
    """

    def __init__(self, publisher: Publisher, *, max_kept: int = MAX_KEPT) -> None:
        self._max_kept = max_kept
        self._publisher = publisher
        self._started = GroupCommit(publisher.publish_batch)
        self._finished = GroupCommit(publisher.publish_batch)
        self._gathered: list[InvocationFinished] = []
        self._timer: asyncio.TimerHandle | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self._late: deque[InvocationFinished] = deque()

    async def before(self, started: InvocationStarted) -> None:
        await self._started.publish(started)

    async def after_change(self, finished: InvocationFinished) -> None:
        try:
            await self._finished.publish(finished)
        except Unavailable:
            self._keep([finished])

    async def after_interruption(self, finished: InvocationFinished) -> None:
        """In a message of its own: other replicas publish the same fact, under the same id."""
        try:
            await self._publisher.publish(finished)
        except Unavailable:
            log.warning("orphan_settled_later", invocation=finished.invocation_id)

    async def after(self, finished: InvocationFinished) -> None:
        """Waits only where the broker is far behind."""
        self._gathered.append(finished)
        if len(self._gathered) >= MAX_TOGETHER:
            self._send_gathered()
        elif self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(GATHER_SECONDS, self._send_gathered)
        if len(self._under_way) >= MAX_UNDER_WAY:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)

    def _send_gathered(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._gathered:
            sending = asyncio.create_task(self._publish(self._gathered))
            self._gathered = []
            self._under_way.add(sending)
            sending.add_done_callback(self._under_way.discard)

    async def _publish(self, finished: list[InvocationFinished]) -> None:
        try:
            await self._publisher.publish_batch(finished)
        except Unavailable:
            self._keep(finished)

    def _keep(self, finished: list[InvocationFinished]) -> None:
        """Publish later what cannot be published now; drop the oldest beyond `max_kept`.

        A call that changed something is then settled as interrupted, of another nothing is left.
        """
        self._late.extend(finished)
        log.warning("facts_kept_for_later", facts=len(finished), waiting=len(self._late))
        excess = len(self._late) - self._max_kept
        if excess > 0:
            for _ in range(excess):
                self._late.popleft()
            self._drop(excess)

    def _drop(self, facts: int) -> None:
        log.error("facts_dropped", facts=facts)
        facts_dropped.labels("invocation.finished").inc(facts)

    async def publish_late_facts(self) -> None:
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            await self.flush()

    async def flush(self) -> None:
        while self._late:
            oldest = self._late[0]
            try:
                await self._publisher.publish(oldest)
            except Unavailable:
                return
            if self._late and self._late[0] is oldest:  # a full queue may have let it go meanwhile
                self._late.popleft()

    async def close(self) -> None:
        """Publish what can still be published; count what cannot."""
        self._send_gathered()
        await asyncio.gather(*self._under_way)
        await self.flush()
        if self._late:
            self._drop(len(self._late))
