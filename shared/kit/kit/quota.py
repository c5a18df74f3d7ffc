"""A quota of calls a minute: as an interval between calls (GCRA, ITU-T I.371) for one process, and
as cells of short windows for all processes together.
"""

from dataclasses import dataclass, field
from math import ceil
from typing import NamedTuple

MINUTE = 60.0
MOST_WINDOWS, FEWEST_WINDOWS = 60, 10
"""A minute has so many windows; a window has ten cells where the quota allows that."""
CELLS_OF_SMALL = 4
"""A smaller quota has fewer windows, of up to so many cells, so that somebody who tries out a few
calls makes them at once: as many too many in a minute as four processes may lease."""
LARGE_QUOTA, WINDOWS_OF_LARGE = 6_000, 120
"""From so many calls a minute on, a window of 0.5 s keeps a minute within 1 % of the quota."""
CELLS_A_WINDOW = 10
COUNTED_BELOW = 50
"""Of so small a quota each call is counted first: each one that is not would be much of it."""
MOST_UNCOUNTED = 5
LEASED_OF_QUOTA = 10


@dataclass(frozen=True, slots=True)
class Quota:
    """`per_minute` calls, at least 1. Two of the same number are the same."""

    per_minute: int
    interval: float = field(init=False, compare=False)
    """Seconds from one call to the next at an even pace."""
    windows: int = field(init=False, compare=False)
    """Of a minute."""
    burst: int = field(init=False, compare=False)
    """Calls at once, after a pause: what a window holds, at least 1 and at most the quota."""
    uncounted: int = field(init=False, compare=False)
    """Calls that a process may admit before it counts them."""
    most_leased: int = field(init=False, compare=False)
    """Calls that a process may take at once: a tenth of the quota, at least 1."""

    def __post_init__(self) -> None:
        if self.per_minute < 1:
            raise ValueError("A quota is at least 1 call a minute.")
        fewest = min(FEWEST_WINDOWS, ceil(self.per_minute / CELLS_OF_SMALL))
        windows = min(MOST_WINDOWS, max(fewest, self.per_minute // CELLS_A_WINDOW))
        if self.per_minute >= LARGE_QUOTA:
            windows = WINDOWS_OF_LARGE
        burst = max(1, self.per_minute // windows)
        is_small = self.per_minute < COUNTED_BELOW
        computed = {
            "interval": MINUTE / self.per_minute,
            "windows": windows,
            "burst": burst,
            "uncounted": 0 if is_small else min(MOST_UNCOUNTED, burst // 2),
            "most_leased": max(1, self.per_minute // LEASED_OF_QUOTA),
        }
        for name, value in computed.items():
            object.__setattr__(self, name, value)

    @property
    def promise(self) -> tuple[int, int]:
        """Calls, and the seconds of a window, rounded up: what holds for less than a minute."""
        seconds = ceil(MINUTE / self.windows)
        return max(1, self.per_minute * seconds // int(MINUTE)), seconds

    @property
    def spread(self) -> str:
        """How the calls are spread over the minute, for a sentence."""
        a_second = self.per_minute / MINUTE
        pace = (
            f"one in {self.interval:.3g} s"
            if a_second <= 1
            else f"{round(a_second, 2):,g} a second"
        )
        return pace if self.burst == 1 else f"{self.burst:,} at once, then {pace}"

    def window_at(self, seconds: float) -> int:
        """The number of the window at a time since 1970, which all processes agree on."""
        return int(seconds * self.windows / MINUTE)

    def begins_at(self, window: int) -> float:
        return window * MINUTE / self.windows

    def cells(self, window: int) -> int:
        """Calls of this window; those of any `windows` in a row are `per_minute`."""
        return (
            self.per_minute * (window + 1) // self.windows
            - self.per_minute * window // self.windows
        )


Key = tuple[str, ...]
"""Words of letters, digits, `_` and `-`: part of a counter's name."""


class Limit(NamedTuple):
    """One of the limits that a call is under."""

    name: str
    """A label of metrics, and the policy's name in headers."""
    whose: str
    """In a sentence, such as "This workspace"."""
    key: Key
    quota: Quota
