"""Facts that come with every call, taken in batches: FastStream's cost a message would be felt.

Delivery is as for `kit.consume`: at least once, retried with growing delay, in the end
dead-lettered.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import cache

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from contracts.errors import PlatformError, Unavailable
from contracts.fact import Fact
from kit import logs, metrics
from kit.bus import Bus
from kit.cloudevents import facts_of
from kit.consume import UNLIMITED, dead_letter
from kit.pull import PullSubscription

log = logs.logger("kit.batches")
MAX_BATCH = 200
MAX_FACTS = 1_000
"""At once to `take`: a message holds up to 48, and all must be done within ACK_WAIT_SECONDS."""
LINGER_SECONDS = 0.2
"""Maximum wait to fill a batch, which costs what several single facts do."""
RETRY_SECONDS = 1.0
ACK_WAIT_SECONDS = 6.0
"""When others get what a dead replica had taken. A slow batch may come twice, which is harmless."""

Take = Callable[[Sequence[Fact]], Awaitable[None]]
Delivery = tuple[Msg, Sequence[Fact]]
"""A message and the facts in it: one, or several that travelled together."""


class BatchConsumer:
    """Hands facts of the given kinds to `take`, up to MAX_BATCH messages' at once, in order."""

    def __init__(self, bus: Bus, name: str, facts: Sequence[type[Fact]], take: Take) -> None:
        self.facts = facts
        self._bus = bus
        self._take = take
        self._taken = cache(lambda fact: metrics.facts_consumed.labels(bus.service, fact, "taken"))
        self.name = name
        self._exists = False
        self._durable_name = f"{bus.service}_{name}"
        [self._stream] = {fact.stream for fact in facts}
        self._config = ConsumerConfig(
            name=self._durable_name,
            durable_name=self._durable_name,
            filter_subjects=[fact.subject for fact in facts],
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ACK_WAIT_SECONDS,
            max_deliver=UNLIMITED,
            max_ack_pending=MAX_BATCH * 4,
        )

    async def ensure_consumer(self) -> None:
        await self._bus.jetstream.add_consumer(self._stream, self._config)
        self._exists = True

    async def run(self) -> None:
        """For ever. A consumer that an operator deleted is made again within a fetch."""
        while True:
            try:
                await self._take_while_subscribed()
            except NotFoundError:
                self._exists = False
                log.warning("consumer_vanished", consumer=self._durable_name)
            except (NatsError, PlatformError, TimeoutError) as error:
                log.warning("batches_postponed", error=repr(error))
            await asyncio.sleep(RETRY_SECONDS)

    async def _take_while_subscribed(self) -> None:
        subscription = await self._subscribe()
        try:
            while True:
                await self._take_next(subscription)
        finally:
            await subscription.stop()

    async def _subscribe(self) -> PullSubscription[Delivery]:
        if not self._exists:  # creating takes the cluster's own leader, which may be away for long
            await self._bus.ensure_streams()
            await self.ensure_consumer()
        next_subject = f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{self._durable_name}"
        subscription = PullSubscription(self._bus.client, next_subject, self._read)
        await subscription.start()
        return subscription

    async def _take_next(self, subscription: PullSubscription[Delivery]) -> None:
        batch = await subscription.gather(MAX_BATCH, LINGER_SECONDS)
        if batch:
            await self._take_in_parts(batch)
        else:  # a deleted consumer is silent too: this raises NotFoundError for it
            await self._bus.jetstream.consumer_info(self._stream, self._durable_name)
            await asyncio.sleep(LINGER_SECONDS)  # whatever the server says, ask it in moderation

    async def _take_in_parts(self, batch: Sequence[Delivery]) -> None:
        """Keep the messages that still wait from being delivered to another replica meanwhile."""
        parts = parts_of(batch, MAX_FACTS)
        for number, part in enumerate(parts):
            for waiting in parts[number:] if number else ():
                for message, _ in waiting:
                    await message.in_progress()
            await self._take_batch(part)

    async def _take_batch(self, batch: Sequence[Delivery]) -> None:
        try:
            await self._take([fact for _, facts in batch for fact in facts])
        except Exception as error:
            if not isinstance(error, PlatformError):
                log.exception("batch_failed", messages=len(batch))
            if isinstance(error, Unavailable):
                for message, _ in batch:
                    await self._postpone(message, error)
            elif len(batch) == 1:
                await self._take_alone(batch[0], error)
            else:  # one of them is at fault: the others must not share its fate
                for delivery in batch:
                    await self._take_batch([delivery])
            return
        for delivery in batch:
            await self._done(delivery)

    async def _take_alone(self, delivery: Delivery, error: Exception) -> None:
        """One message whose facts failed together: each is tried once more by itself."""
        message, facts = delivery
        if len(facts) > 1:
            for fact in facts:
                with suppress(Exception):  # `error` is reported, with the message
                    await self._take([fact])
        await self._postpone(message, error)

    async def _done(self, delivery: Delivery) -> None:
        message, facts = delivery
        await message.ack()
        self._taken(facts[0].name).inc(len(facts))

    async def _read(self, message: Msg) -> Delivery | None:
        try:
            stored_at = message.metadata.timestamp
            return message, facts_of(message.subject, message.data, message.headers, stored_at)
        except ValueError as error:
            await self._dead_letter(message, error)
            return None

    async def _postpone(self, message: Msg, error: Exception) -> None:
        delay = self._bus.redelivery.after(error, message.metadata.num_delivered)
        if delay is None:
            await self._dead_letter(message, error)
        else:
            await message.nak(delay=delay)

    async def _dead_letter(self, message: Msg, error: Exception) -> None:
        if (delay := await dead_letter(self._bus, message, error)) is not None:
            await message.nak(delay=delay)


def parts_of(batch: Sequence[Delivery], max_facts: int) -> list[list[Delivery]]:
    """The batch in order, cut so that each part holds at most `max_facts`, or one message."""
    parts: list[list[Delivery]] = []
    held = max_facts
    for delivery in batch:
        if held + len(delivery[1]) > max_facts:
            parts.append([])
            held = 0
        parts[-1].append(delivery)
        held += len(delivery[1])
    return parts
