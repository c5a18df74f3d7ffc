"""Rate limits of one process, within quotas that it shares with the service's other processes.

A decision is local: some dictionary look-ups, no message. Leases are drawn beside the calls
(`kit.rate`, `kit.counters`). Only a call that comes before its first lease, or where a burst took
all of one, waits for the counter's answer, so that nobody is refused what the quota allows. While
the counter is away, a process goes on with its share: the quota by the number of processes.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import cache, partial
from math import ceil

from contracts.errors import Limited, PlatformError
from kit import logs, metrics
from kit.counters import Counter
from kit.outage import Outage
from kit.presence import Presence
from kit.quota import Key, Limit
from kit.rate import FREE, UNKNOWN, Rate

log = logs.logger("kit.rate_limits")
LOOK_EVERY_SECONDS = 1.0
IDLE_SECONDS = 60.0
"""What had no call for one to two times as long takes no memory."""
MOST_KEYS = 100_000
AGAIN_SECONDS = 1.0
CLOCKS_DIFFER_SECONDS = 0.01
"""Between a client that waits and the broker."""
MOST_WAITS = 5
"""Answers of the counter that a call waits for: others may take what each of them brings."""


class RateLimited(Limited):
    """The workspace or the member made more calls than it may make in this time."""

    code = "platform.rate_limited"

    def __init__(self, limit: Limit, seconds: float) -> None:
        wait = max(1, ceil(seconds))
        many = "1 call" if limit.quota.per_minute == 1 else f"{limit.quota.per_minute:,} calls"
        super().__init__(
            f"{limit.whose} may make {many} a minute, spread over it: {limit.quota.spread}. These "
            f"are made; the next call is possible in {wait} s.",
            hint="Wait as long as Retry-After says, and spread calls over time. Owners and admins "
            "change the limit: PATCH /v1/settings.",
            retry_after_seconds=wait,
        )
        self.limit = limit


class RateLimits:
    """`clock` is seconds since 1970, alike in all processes."""

    def __init__(
        self,
        service: str,
        counter: Counter,
        clock: Callable[[], float],
        *,
        most_keys: int = MOST_KEYS,
    ) -> None:
        self._counter = counter
        self._clock = clock
        self._most_keys = most_keys
        self._presence = Presence(counter, clock)
        self._alone = False
        self._is_made = False
        self._outage = Outage(service, "counter_answers_again")
        self._young: dict[Key, Rate] = {}
        self._old: dict[Key, Rate] = {}
        self._turned_at = clock()
        self._draws: dict[Key, asyncio.Task[None]] = {}
        self._refusals = cache(partial(metrics.rate_limited.labels, service))
        metrics.rate_limits_alone.labels(service).set_function(lambda: self._alone)
        metrics.rate_limit_processes.labels(service).set_function(lambda: self.processes)
        metrics.rate_limit_keys.labels(service).set_function(lambda: self.keys)

    @property
    def processes(self) -> int:
        """Of the service, as far as known at the last contact."""
        return self._presence.processes

    @property
    def is_alone(self) -> bool:
        """Whether the counter is away, so that this process goes on with its share."""
        return self._alone

    @property
    def keys(self) -> int:
        return len(self._young) + len(self._old)

    async def admit(self, limits: Sequence[Limit]) -> None:
        """Returns once the call is admitted and counted under each limit; raises `RateLimited`."""
        for _ in range(MOST_WAITS):
            if self.decide(limits):
                return
            await self._wait(limits)
        raise self._refused(limits[0], AGAIN_SECONDS)

    def decide(self, limits: Sequence[Limit]) -> bool:
        """Admitted and counted; False where only the counter can say. Raises `RateLimited`.

        Nothing is counted under one limit where another one refuses.
        """
        now = self._clock()
        rates = [self._rate(limit, now) for limit in limits]
        if self._alone:
            self._decide_alone(limits, rates, now)
            return True
        looks = [rate.look(now) for rate in rates]
        refuses = max(looks, default=FREE) > FREE
        held_back = max(rate.holds_back(now) for rate in rates) if refuses else FREE
        self._demand(limits, looks, held_back)
        if UNKNOWN in looks:
            return False
        for limit, rate in zip(limits, rates, strict=True):
            rate.take(now)
            if rate.is_low:
                self._draw(limit.key, rate)
        return True

    def _decide_alone(self, limits: Sequence[Limit], rates: list[Rate], now: float) -> None:
        processes = self.processes
        self._demand(limits, [rate.look_alone(now, processes) for rate in rates])
        for rate in rates:
            rate.take_alone(now, processes)

    def _demand(
        self, limits: Sequence[Limit], looks: Sequence[float], held_back: float = FREE
    ) -> None:
        """Of several that refuse, the one that does so longest says when a call is possible, unless
        one that refused before, in the window that is, will hold back whoever comes then.
        """
        longest = max(looks, default=FREE)
        if longest > FREE:
            wait = max(longest, held_back) + CLOCKS_DIFFER_SECONDS
            raise self._refused(limits[looks.index(longest)], wait)

    def _refused(self, limit: Limit, seconds: float) -> RateLimited:
        self._refusals(limit.name).inc()
        return RateLimited(limit, seconds)

    def remaining(self, limits: Sequence[Limit]) -> list[tuple[Limit, int, float]]:
        """Of each limit: how many calls may be made at once, and the seconds until all of a burst
        may be made again.
        """
        now, left = self._clock(), []
        for limit in limits:
            rate = self._young.get(limit.key) or self._rate(limit, now)
            left.append((limit, rate.remaining(now), rate.whole_after(now)))
        return left

    def _rate(self, limit: Limit, now: float) -> Rate:
        key, quota = limit.key, limit.quota
        rate = self._young.get(key)
        if rate is None:
            rate = self._rate_of_before(key, now)
        if rate is None or (rate.quota is not quota and rate.quota != quota):
            rate = self._young[key] = Rate(quota, now)
        return rate

    def _rate_of_before(self, key: Key, now: float) -> Rate | None:
        """Two generations: what was not asked for while the younger one lasted is gone with it."""
        is_full = 2 * len(self._young) >= self._most_keys
        if is_full or not 0 <= now - self._turned_at < IDLE_SECONDS:
            self._turn(now)
        rate = self._old.pop(key, None)
        if rate is not None:
            self._young[key] = rate
        return rate

    def _turn(self, now: float) -> None:
        self._old, self._young = self._young, {}
        self._turned_at = now

    async def _wait(self, limits: Sequence[Limit]) -> None:
        """For the counters of those limits of which nothing is known."""
        now = self._clock()
        waiting = [(limit.key, self._rate(limit, now)) for limit in limits]
        waiting = [(key, rate) for key, rate in waiting if rate.look(now) == UNKNOWN]
        for _, rate in waiting:
            rate.waiting += 1
        try:
            for key, rate in waiting:
                self._draw(key, rate)
            if waiting:
                await asyncio.wait([self._draws[key] for key, _ in waiting])
        finally:
            for _, rate in waiting:
                rate.waiting -= 1

    def _draw(self, key: Key, rate: Rate) -> None:
        if key in self._draws:
            return
        rate.is_asking = True
        task = self._draws[key] = asyncio.create_task(self._count(key, rate))
        task.add_done_callback(lambda _: self._draws.pop(key, None))

    async def _count(self, key: Key, rate: Rate) -> None:
        draw = rate.ask(self._clock())  # now, so that all who came at once are among those waiting
        name = ".".join((*key, str(rate.quota.per_minute), str(draw.window)))
        try:
            value = await self._counter.add(name, draw.amount)
        except PlatformError as error:
            rate.lost()
            self._is_away(error)
        except BaseException:
            rate.lost()
            raise
        else:
            rate.counted(draw, value)

    def _is_away(self, error: PlatformError) -> None:
        self._alone, self._is_made = True, False
        self._outage.report("counter_away", processes=str(self.processes), cause=error.sentence)

    async def run(self) -> None:
        """For ever: count this process among the others, find out when the counter is back."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def look(self) -> None:
        """Also before the first call: then the counter is there, and who shares it known."""
        now = self._clock()
        if now - self._turned_at >= IDLE_SECONDS:
            self._turn(now)
        try:
            if not self._is_made:
                await self._counter.ensure()
                self._is_made = True
            await self._presence.look()
        except PlatformError as error:
            self._is_away(error)
        else:
            self._alone = False
            self._outage.over()

    async def close(self) -> None:
        for task in [*self._draws.values()]:
            task.cancel()
        await asyncio.gather(*self._draws.values(), return_exceptions=True)
