"""How many processes of a service there are: each counts itself in once a period."""

from collections.abc import Callable

from kit.counters import Counter

PERIOD_SECONDS = 10.0


class Presence:
    """`processes` is that of the last look, at least 1. One that died counts for up to two periods;
    one that started counts within one.
    """

    def __init__(self, counter: Counter, clock: Callable[[], float]) -> None:
        self._counter = counter
        self._clock = clock
        self._counted_in = -1
        self.processes = 1

    async def look(self) -> None:
        """Raises *unavailable* where the counter does; `processes` then stays."""
        period = int(self._clock() / PERIOD_SECONDS)
        now = await self._counter.add(_name(period), int(period != self._counted_in))
        self._counted_in = period
        before = await self._counter.add(_name(period - 1), 0)
        self.processes = max(now, before, 1)


def _name(period: int) -> str:
    return f"processes.{period}"
