from collections.abc import Callable, Container
from time import monotonic

MARKED_SECONDS = 60.0
"""A builder corrects a document and hands it in again within that time."""


class CostlyWorkspaces(Container[str]):
    """Those one of whose documents lately took more than most do; `FairLine` serves them apart."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """`clock` gives seconds."""
        self._clock = clock
        self._until: dict[str, float] = {}

    def note(self, key: str) -> None:
        """Counts for `MARKED_SECONDS` from now; what is over is forgotten."""
        now = self._clock()
        self._until = {each: until for each, until in self._until.items() if until > now}
        self._until[key] = now + MARKED_SECONDS

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._until.get(key, 0.0) > self._clock()
