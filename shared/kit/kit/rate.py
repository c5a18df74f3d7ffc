"""One key's calls in one process: when the next may be made. No I/O, no clock of its own.

Alone, a process follows GCRA: a call is made an `interval` after the theoretical arrival time of
the one before, or earlier by what the burst tolerates. What processes admit together is bounded by
the cells of a window, which a shared counter hands out in leases. So that a call need not wait for
one, a process admits a few before it counts them; what did not fit into its window is counted in
the next. A lease ends with its window, also that of a process that died or was frozen.
"""

from typing import NamedTuple

from kit.quota import Quota

LEASE_SECONDS = 0.5
"""A lease is what the process is going to use in this time, and no more than until its window's
end: what is left then is lost."""
FREE = 0.0
UNKNOWN = -1.0
"""Only the counter can say."""
PRESSED = 4
"""By this the burst of whoever was refused in the window before is divided."""
ROUNDING = 0.01
"""Of an interval: seconds since 1970 are exact to a quarter of a microsecond."""


class Draw(NamedTuple):
    """What is added to the counter of a window."""

    window: int
    uncounted: int
    """Calls that were admitted already."""
    lease: int
    """Calls to come."""

    @property
    def amount(self) -> int:
        return self.uncounted + self.lease


class Rate:
    """Times are seconds since 1970 by the broker's clock. One that is set back frees no calls."""

    __slots__ = (
        "_begins_at",
        "_ends_at",
        "_full",
        "_leased",
        "_low",
        "_pace",
        "_pressed",
        "_refuses",
        "_tolerance",
        "_uncounted",
        "_used",
        "_window",
        "is_asking",
        "next_at",
        "quota",
        "waiting",
    )

    def __init__(self, quota: Quota, now: float) -> None:
        self.quota = quota
        self.next_at = now
        """The theoretical arrival time of the next call."""
        self.is_asking = False
        self.waiting = 0
        """Calls that wait for the counter."""
        self._uncounted = self._used = 0
        self._window = -1
        self._refuses = False
        self._pressed = (max(1, quota.burst // PRESSED) - 1 + ROUNDING) * quota.interval
        self._begin(now)

    def _begin(self, now: float) -> None:
        window = self.quota.window_at(now)
        is_next = window == self._window + 1
        self._pace = self._used * self.quota.windows / 60 if is_next else 0.0
        # Whoever was refused in the window before goes on evenly, not with a burst in each window.
        burst = self.quota.burst
        whole = (burst - 1 + ROUNDING) * self.quota.interval
        self._tolerance = self._pressed if is_next and self._refuses else whole
        self._refuses = False
        self._window = window
        self._begins_at = self.quota.begins_at(window)
        self._ends_at = self.quota.begins_at(window + 1)
        self._used = self._leased = self._low = 0
        self._full = False
        # No more than a burst ahead of the clock, also of one that was set back.
        self.next_at = min(self.next_at, now + burst * self.quota.interval)

    def look(self, now: float) -> float:
        """FREE, UNKNOWN, or the seconds after which a call is admitted if no other comes first."""
        if not self._begins_at <= now < self._ends_at:
            self._begin(now)
        if self.next_at - now > self._tolerance:
            return self._refused(now)
        if self._leased > 0:
            return FREE
        if self._full:
            return self._refused(now)
        return FREE if self._uncounted < self.quota.uncounted else UNKNOWN

    def _refused(self, now: float) -> float:
        """Also of whoever comes later than that, which may be in a window that begins without the
        burst, since this one refuses.
        """
        self._refuses = True
        return self._evenly_after(now)

    def holds_back(self, now: float) -> float:
        """After `look`: the seconds that another limit's refusal must last, too, so that whoever
        waits as long is admitted here; FREE where nobody was refused in this window.
        """
        return max(self._evenly_after(now), FREE) if self._refuses else FREE

    def _evenly_after(self, now: float) -> float:
        """Seconds until a call is admitted without a burst."""
        at = self.next_at - self._pressed
        return (at if self._left > 0 else max(at, self._ends_at)) - now

    @property
    def _left(self) -> int:
        """Cells of this window, as far as this process knows; others may have used them."""
        if self._full:
            return self._leased
        return max(self.quota.cells(self._window) - self._used, 0)

    def look_alone(self, now: float, processes: int) -> float:
        """FREE or seconds, where the counter is away: this process has its share of the quota."""
        interval = self.quota.interval * processes
        tolerance = (max(1, self.quota.burst // processes) - 1 + ROUNDING) * interval
        # As in `_begin`: a clock that was set back refuses no longer than a burst takes.
        self.next_at = min(self.next_at, now + self.quota.burst * interval)
        return max(self.next_at - now - tolerance, FREE)

    def take(self, now: float) -> None:
        """After `look` found it free."""
        self.next_at = max(now, self.next_at) + self.quota.interval
        self._used += 1
        if self._leased > 0:
            self._leased -= 1
        else:
            self._uncounted += 1

    def take_alone(self, now: float, processes: int) -> None:
        """After `look_alone` found it free."""
        self.next_at = max(now, self.next_at) + self.quota.interval * processes

    @property
    def is_low(self) -> bool:
        """Whether to draw now, so that the calls to come need not wait."""
        if self.is_asking or self._full:
            return False
        if self._leased > 0:
            return self._leased <= self._low
        return 2 * self._uncounted > self.quota.uncounted

    def ask(self, now: float) -> Draw:
        """What to add to the counter now; `counted` or `lost` says what came of it."""
        self.is_asking = True
        pace = max(self._pace, self._used * self.quota.windows / 60)
        expected = round(pace * min(LEASE_SECONDS, self._ends_at - now))
        last = self._ends_at + self._tolerance - max(self.next_at, now)
        by_pace = int(last / self.quota.interval) + 1
        most = max(0, min(self.quota.most_leased, self.quota.cells(self._window), by_pace))
        return Draw(self._window, self._uncounted, min(max(expected, self.waiting), most))

    def counted(self, draw: Draw, value: int) -> None:
        """The counter of that window stands at `value` after the draw."""
        self.is_asking = False
        cells = self.quota.cells(draw.window)
        beyond = min(max(value - cells, 0), draw.amount)
        granted = max(draw.lease - beyond, 0)
        self._uncounted -= draw.uncounted - max(beyond - draw.lease, 0)
        if draw.window == self._window:
            self._leased += granted
            self._low = granted // 2
            self._full = value >= cells

    def lost(self) -> None:
        """The draw was not answered: it may be counted or not."""
        self.is_asking = False

    def remaining(self, now: float) -> int:
        """Calls that may be made at once, as far as this process knows."""
        spare = now + self._tolerance + self.quota.interval - self.next_at
        by_pace = min(int(spare / self.quota.interval), self.quota.burst)
        left = self._left if now < self._ends_at else by_pace
        return max(min(by_pace, left), 0)

    def whole_after(self, now: float) -> float:
        """Seconds until all of the burst may be made again."""
        return max(self.next_at - now, 0.0)
