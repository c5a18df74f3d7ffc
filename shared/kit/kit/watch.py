"""A replica's live view of facts: each voids what is cached as soon as it comes (decision 1).

The leader of the FACTS stream publishes each fact again once it is stored. Each replica subscribes
to that, and asks the leader every POLL_SECONDS where the stream ends. A replica is in sync while it
has every fact that the leader had when it was asked, at most MAX_AGE_SECONDS ago. So a replica
whose messages are late, whose broker node is cut off from the leader, or whose leader is cut off
from the majority, is not in sync, and must not use what it cached.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from contracts.errors import PlatformError
from contracts.fact import EVERY_FACT, FACTS_STREAM, Fact
from kit import logs, metrics
from kit.bus import Bus
from kit.clock import elapsed_seconds
from kit.cloudevents import facts_of
from kit.errors import BusUnavailable
from kit.stream_answers import (
    MessageMissing,
    Position,
    StoredMessage,
    StreamMissing,
    read_message,
    read_position,
)
from kit.streams import LIVE_PREFIX

log = logs.logger("kit.watch")

F = TypeVar("F", bound=Fact)
POLL_SECONDS = 0.2
MAX_AGE_SECONDS = 0.8
"""With the above, a replica that was cut off refuses within a second."""
ANSWER_SECONDS = 0.8
"""A later answer would be of no use."""
LIVE_DELAY_SECONDS = 0.05
"""How long a fact may be on its way before it is fetched from the stream instead."""
FETCHED_AT_ONCE = 32
MAX_FETCHED = 2_000
"""Beyond these, forgetting everything is cheaper than catching up."""
FETCH_SECONDS = 2.0
MAX_WAIT_SECONDS = 2.0
CREATE_AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Asked:
    """An answer that the replica does not cover yet."""

    at: float
    last: int


class FactWatch:
    def __init__(self, bus: Bus, clock: Callable[[], float] = elapsed_seconds) -> None:
        """`clock` is for tests without caches: a cache reads `elapsed_seconds`."""
        self._bus = bus
        self._clock = clock
        self._reactions: dict[str, tuple[type[Fact], list[Callable[[Any], None]]]] = {}
        self._forgetters: list[Callable[[], None]] = []
        self._stream: str | None = None
        self._received = 0
        self._received_at = float("-inf")
        self._uncovered: deque[_Asked] = deque(maxlen=16)
        self.in_sync_until = float("-inf")
        """On the clock of `elapsed_seconds`: what a cache compares at each look."""
        self._in_sync_again = asyncio.Event()
        self._polls: set[asyncio.Task[None]] = set()
        self._catching_up: asyncio.Task[None] | None = None
        self._was_in_sync = False
        metrics.in_sync.labels(bus.service).set_function(lambda: float(self.in_sync))
        self._missing = False

    @property
    def facts(self) -> list[type[Fact]]:
        return [fact for fact, _ in self._reactions.values()]

    @property
    def in_sync(self) -> bool:
        """Whether every fact that was stored MAX_AGE_SECONDS ago has been reacted to."""
        return self._clock() < self.in_sync_until

    def on(self, fact: type[F], react: Callable[[F], None]) -> None:
        """Call `react` for each of these facts, in order. It must be quick."""
        self._reactions.setdefault(fact.subject, (fact, []))[1].append(react)

    def on_lost(self, forget: Callable[[], None]) -> None:
        """Call `forget` whenever facts may have been missed."""
        self._forgetters.append(forget)

    async def ensure_in_sync(self) -> None:
        """Return at once while in sync; wait briefly for a busy moment to pass; else refuse."""
        if self.in_sync:
            return
        self._in_sync_again.clear()
        try:
            async with asyncio.timeout(MAX_WAIT_SECONDS):
                await self._in_sync_again.wait()
        except TimeoutError:
            raise BusUnavailable(
                "This replica may not know the latest rules at the moment, so it refuses requests."
            ) from None

    async def keep_in_sync(self) -> None:
        """Subscribe, then ask for the stream's end for ever. Answers are not waited for."""
        subscription = await self._bus.client.subscribe(
            f"{LIVE_PREFIX}{EVERY_FACT}", cb=self._receive_live
        )
        try:
            while True:
                if self._missing:
                    await self._create_streams()
                if self._bus.connected:
                    poll = asyncio.create_task(self._poll())
                    self._polls.add(poll)
                    poll.add_done_callback(self._polls.discard)
                self._report()
                await asyncio.sleep(POLL_SECONDS)
        finally:
            for task in (*self._polls, *filter(None, [self._catching_up])):
                task.cancel()
            if self._bus.connected:
                await subscription.unsubscribe()

    async def _create_streams(self) -> None:
        """An operator deleted them, or the broker was started anew with nothing."""
        self._missing = False
        try:
            await self._bus.ensure_streams()
        except PlatformError as error:
            log.warning("streams_not_created", code=error.code)
            await asyncio.sleep(CREATE_AGAIN_SECONDS)

    def _report(self) -> None:
        in_sync = self.in_sync
        if in_sync != self._was_in_sync:
            log.info("watch_in_sync" if in_sync else "watch_out_of_sync", received=self._received)
        self._was_in_sync = in_sync

    async def _poll(self) -> None:
        asked_at = self._clock()
        try:
            answer = await self._bus.request(
                f"$JS.API.STREAM.INFO.{FACTS_STREAM}", b"", ANSWER_SECONDS
            )
            position = read_position(answer)
        except StreamMissing:
            self._missing = True
            return
        except (NatsError, PlatformError, TimeoutError, ValueError, LookupError, TypeError):
            return  # not in sync soon, which the log says once
        if position.led:
            self._learn(asked_at, position)

    def _learn(self, asked_at: float, position: Position) -> None:
        """Take in where the stream ended at some time after `asked_at`."""
        if self._lost_some(asked_at, position):
            self._begin_anew(position)
        self._uncovered.append(_Asked(asked_at, position.last))
        self._settle()
        idle = self._catching_up is None or self._catching_up.done()
        if self._received < position.last and idle:
            self._catching_up = asyncio.create_task(self._catch_up(position.last))

    def _lost_some(self, asked_at: float, position: Position) -> bool:
        """Another stream of that name, facts that are gone by now, or too many to fetch."""
        went_back = position.last < self._received and asked_at > self._received_at
        return (
            position.stream != self._stream
            or went_back
            or self._received + 1 < position.first
            or position.last - self._received > MAX_FETCHED
        )

    def _begin_anew(self, position: Position) -> None:
        """What is loaded from now on is as new as the stream's end that the leader named."""
        self._stream = position.stream
        self._received, self._received_at = position.last, self._clock()
        self._uncovered.clear()
        self._forget_everything()

    def _forget_everything(self) -> None:
        log.info("watch_cleared_caches", received=self._received)
        metrics.watch_resets.labels(self._bus.service).inc()
        for forget in self._forgetters:
            forget()

    def _settle(self) -> None:
        while self._uncovered and self._uncovered[0].last <= self._received:
            until = self._uncovered.popleft().at + MAX_AGE_SECONDS
            self.in_sync_until = max(self.in_sync_until, until)
        if self.in_sync:
            self._in_sync_again.set()

    async def _receive_live(self, msg: Msg) -> None:
        headers = msg.headers or {}
        if self._stream is not None and headers.get("Nats-Stream") == FACTS_STREAM:
            subject = msg.subject.removeprefix(LIVE_PREFIX)
            self._take(int(headers["Nats-Sequence"]), subject, msg.data, headers)

    def _take(self, sequence: int, subject: str, data: bytes, headers: dict[str, str]) -> None:
        """React if it is the next; one before was taken, one after that is fetched in its turn."""
        if sequence != self._received + 1:
            return
        if not self._react(subject, data, headers):
            self._forget_everything()
        self._received, self._received_at = sequence, self._clock()
        self._settle()

    def _react(self, subject: str, data: bytes, headers: dict[str, str]) -> bool:
        """False for what cannot be read: it may void anything."""
        if subject not in self._reactions:
            return True
        try:
            facts = facts_of(subject, data, headers)
        except ValueError:
            log.warning("watch_read_nonsense", subject=subject)
            return False
        _, reactions = self._reactions[subject]
        for fact in facts:
            for react in reactions:
                react(fact)
        return True

    async def _catch_up(self, last: int) -> None:
        """Fetch from the leader what did not come by itself, such as during a lost connection."""
        await asyncio.sleep(LIVE_DELAY_SECONDS)
        try:
            while self._received < last:
                until = min(last, self._received + FETCHED_AT_ONCE)
                wanted = range(self._received + 1, until + 1)
                for message in await asyncio.gather(*map(self._fetch, wanted)):
                    self._take(message.sequence, message.subject, message.data, message.headers)
        except MessageMissing:
            self._stream = None  # it was deleted: the next answer begins anew
        except (
            NatsError,
            PlatformError,
            TimeoutError,
            ValueError,
            LookupError,
            TypeError,
        ) as error:
            log.warning("watch_not_caught_up", error=repr(error))

    async def _fetch(self, sequence: int) -> StoredMessage:
        answer = await self._bus.request(
            f"$JS.API.STREAM.MSG.GET.{FACTS_STREAM}", b'{"seq":%d}' % sequence, FETCH_SECONDS
        )
        return read_message(answer)
