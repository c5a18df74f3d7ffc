"""A replica's live view of facts: what it cached is void the moment a fact says so.

Durable consumers share facts among replicas; caches need every replica to hear every fact. So each
replica keeps an ephemeral JetStream consumer with a fast heartbeat, checks that no sequence number
is missing, and knows at every moment whether it still hears. One that does not must not use what it
cached: `hearing` is False, and everything is forgotten before it becomes True again.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from contracts.errors import PlatformError
from contracts.fact import Fact
from kit import logs, metrics
from kit.bus import FACTS_STREAM, Bus
from kit.cloudevents import facts_of
from kit.errors import BusUnavailable

log = logs.logger("kit.watch")

F = TypeVar("F", bound=Fact)
HEARTBEAT_SECONDS = 0.2
MAX_SILENCE_SECONDS = 0.8
"""With the heartbeat above, a replica that was cut off refuses within a second."""
RESUBSCRIBE_SECONDS = 0.5
UNUSED_CONSUMER_SECONDS = 30.0
MAX_WAIT_SECONDS = 2.0


class FactWatch:
    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._reactions: dict[str, tuple[type[Fact], list[Callable[[Any], None]]]] = {}
        self._forgetters: list[Callable[[], None]] = []
        self._subscription: Subscription | None = None
        self._last_heard = float("-inf")
        self._inbox = ""
        self._sequence = 0
        self._established = False
        self._heard = asyncio.Event()

    @property
    def facts(self) -> list[type[Fact]]:
        return [fact for fact, _ in self._reactions.values()]

    @property
    def in_sync(self) -> bool:
        return monotonic() - self._last_heard < MAX_SILENCE_SECONDS

    def on(self, fact: type[F], react: Callable[[F], None]) -> None:
        """Call `react` for each of these facts, in order. It must be quick."""
        self._reactions.setdefault(fact.subject, (fact, []))[1].append(react)

    def on_lost(self, forget: Callable[[], None]) -> None:
        """Call `forget` whenever facts may have been missed."""
        self._forgetters.append(forget)

    async def ensure_in_sync(self) -> None:
        """Return at once while hearing; wait briefly for a busy moment to pass; else refuse."""
        if self.in_sync:
            return
        self._heard.clear()
        try:
            async with asyncio.timeout(MAX_WAIT_SECONDS):
                await self._heard.wait()
        except TimeoutError:
            raise BusUnavailable(
                "This replica cannot hear rule changes at the moment, so it refuses calls."
            ) from None

    async def keep_in_sync(self) -> None:
        """Subscribe, and start over whenever heartbeats stop or a message was missed."""
        silent_since = float("-inf")
        while True:
            if not self.in_sync and monotonic() - silent_since > RESUBSCRIBE_SECONDS:
                silent_since = monotonic()
                try:
                    await self._subscribe()
                except (NatsError, PlatformError, TimeoutError) as error:
                    log.warning("watch_not_established", error=repr(error))
            metrics.in_sync.labels(self._bus.service).set(self.in_sync)
            await asyncio.sleep(HEARTBEAT_SECONDS / 2)

    async def _subscribe(self) -> None:
        if not self._bus.connected or not self._reactions:
            return
        self._established = False
        if self._subscription is not None:
            await self._subscription.unsubscribe()
        await self._bus.ensure_streams()
        inbox = self._inbox = self._bus.client.new_inbox()
        self._sequence = 0
        self._subscription = await self._bus.client.subscribe(
            inbox, cb=partial(self._receive, inbox)
        )
        await self._bus.jetstream.add_consumer(
            FACTS_STREAM,
            ConsumerConfig(
                deliver_subject=inbox,
                deliver_policy=DeliverPolicy.NEW,
                ack_policy=AckPolicy.NONE,
                filter_subjects=sorted(self._reactions),
                idle_heartbeat=HEARTBEAT_SECONDS,
                inactive_threshold=UNUSED_CONSUMER_SECONDS,
                mem_storage=True,
                num_replicas=1,
            ),
        )
        self._forget_everything()
        self._established = True
        self._mark_heard()

    def _forget_everything(self) -> None:
        metrics.watch_resets.labels(self._bus.service).inc()
        for forget in self._forgetters:
            forget()

    def _mark_heard(self) -> None:
        self._last_heard = monotonic()
        self._heard.set()

    async def _receive(self, inbox: str, msg: Msg) -> None:
        if inbox != self._inbox:
            return  # a late word to a subscription that was given up
        if msg.headers and msg.headers.get("Status") == "100":
            last = int(msg.headers.get("Nats-Last-Consumer", "0"))
            self._continue(last == self._sequence)
            return
        sequence = msg.metadata.sequence.consumer
        in_order = sequence == self._sequence + 1
        self._sequence = sequence
        self._continue(self._react(msg) and in_order)

    def _continue(self, in_order: bool) -> None:  # noqa: FBT001 - private, and reads well
        """Nothing counts as heard before everything was forgotten that may be out of date."""
        if not in_order:
            log.warning("watch_missed_facts")
            self._last_heard = float("-inf")
        # After a silence more may be on its way than this one message.
        self._established = self._established and in_order and self.in_sync
        if self._established:
            self._mark_heard()

    def _react(self, msg: Msg) -> bool:
        """False for what cannot be read: nobody knows what it voids."""
        try:
            facts = facts_of(msg.subject, msg.data, msg.headers)
        except ValueError:
            log.warning("watch_heard_gibberish", subject=msg.subject)
            return False
        _, reactions = self._reactions[msg.subject]
        for fact in facts:
            for react in reactions:
                react(fact)
        return True
