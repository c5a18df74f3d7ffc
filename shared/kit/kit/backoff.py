"""What failed is tried again later, each time later: 1, 2, 4, … seconds, up to a limit."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

FIRST_SECONDS = 1.0
MAX_KEYS = 10_000


@dataclass
class Backoff:
    """Bounded: the key that failed longest ago is forgotten, and then tried at once."""

    clock: Callable[[], float] = time.monotonic
    max_keys: int = MAX_KEYS
    _until: dict[str, tuple[float, float]] = field(default_factory=dict)
    """When a key's wait ends, and how long it is."""

    def holds(self, key: str) -> bool:
        return key in self._until and self.clock() < self._until[key][0]

    def fail(self, key: str, longest: float) -> float:
        """The seconds until the next attempt."""
        _, before = self._until.pop(key, (0.0, FIRST_SECONDS / 2))
        wait = min(before * 2, longest)
        if len(self._until) >= self.max_keys:
            del self._until[next(iter(self._until))]
        self._until[key] = (self.clock() + wait, wait)
        return wait

    def clear(self, key: str) -> None:
        self._until.pop(key, None)
