"""Fair shares of what one replica has: calls under way, bytes, lists.

The rule is the dynamic threshold of Choudhury and Hahne (1998): a key gets more while what it would
then have is at most what is left free. One greedy key gets at most half, n of them 1/(n+1) each,
and something is always free for whoever comes next. Keys that hold nothing take no memory.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from contracts.errors import Limited, PlatformError, Unavailable
from kit import metrics
from kit.counted import counted


class ShareExceeded(Limited):
    """The workspace itself holds what it asks for; others are served meanwhile."""

    code = "platform.share_exceeded"


class Full(Unavailable):
    """Many workspaces together hold all that a replica has."""

    code = "platform.full"

    def __init__(self) -> None:
        super().__init__("This replica has no more to share.", hint="Try again in a moment.")


@dataclass(frozen=True, slots=True)
class Resource:
    """What is shared, and in which words it is refused."""

    name: str
    """A label of the metrics."""
    sentence: str
    """For whoever used up its share, such as "This workspace has {used} under way, …"."""
    noun: str
    """Of what is used, for one, such as "call"."""
    hint: str
    full: Callable[[], PlatformError] = Full
    """The refusal where others hold everything."""
    retry_after_seconds: float = 1.0


class FairShares:
    """Up to `capacity` units, shared by keys, of which one takes `most` at most (by default, as
    many as are its share). `take` and `give` cost the same at any number.
    """

    def __init__(
        self, service: str, resource: Resource, capacity: int, most: int | None = None
    ) -> None:
        self._resource = resource
        self._capacity = capacity
        self._most = capacity if most is None else most
        self._used: dict[str, int] = {}
        self._in_use = 0
        self._exceeded = metrics.share_refused.labels(service, resource.name, "exceeded")
        self._full = metrics.share_refused.labels(service, resource.name, "full")
        metrics.share_in_use.labels(service, resource.name).set_function(lambda: self._in_use)

    @property
    def in_use(self) -> int:
        return self._in_use

    @property
    def keys(self) -> int:
        """How many keys hold something."""
        return len(self._used)

    def held_by(self, key: str) -> int:
        return self._used.get(key, 0)

    def has_room(self, key: str, amount: int = 1) -> bool:
        mine = self._used.get(key, 0) + amount
        return mine <= self._most and mine <= self._capacity - self._in_use

    def take(self, key: str, amount: int = 1) -> None:
        """Raises `ShareExceeded` where this key has its share, `Resource.full` where others do."""
        mine = self._used.get(key, 0) + amount
        if mine > self._most or mine > self._capacity - self._in_use:
            raise self._refusal(mine - amount)
        self._used[key] = mine
        self._in_use += amount

    def count(self, key: str, amount: int) -> None:
        """Taken, also beyond the share and beyond the capacity; a negative amount is given."""
        if amount < 0:
            self.give(key, -amount)
        elif amount:
            self._used[key] = self._used.get(key, 0) + amount
            self._in_use += amount

    def give(self, key: str, amount: int = 1) -> None:
        """What was taken, in whatever portions."""
        left = self._used.get(key, 0) - amount  # whoever took 0 may give it after the key is gone
        if left > 0:
            self._used[key] = left
        else:
            self._used.pop(key, None)
        self._in_use -= amount

    def held(self, key: str, amount: int = 1) -> "Held":
        """Taken on entering a `with`, given on leaving it."""
        return Held(self, key, amount)

    def holding(self, key: str) -> "Holding":
        """Nothing at first; what it takes is given on leaving its `with`."""
        return Holding(self, key)

    def _refusal(self, used: int) -> PlatformError:
        """Whoever holds at least as much as the average of those who hold something is limited."""
        if not used or used * len(self._used) < self._in_use:
            self._full.inc()
            return self._resource.full()
        self._exceeded.inc()
        return ShareExceeded(
            self._resource.sentence.format(used=counted(used, self._resource.noun)),
            hint=self._resource.hint,
            retry_after_seconds=self._resource.retry_after_seconds,
        )


class Held:
    """A part of a share, as a context manager; for hot paths, where a generator costs too much."""

    __slots__ = ("_amount", "_key", "_shares")

    def __init__(self, shares: FairShares, key: str, amount: int) -> None:
        self._shares, self._key, self._amount = shares, key, amount

    def __enter__(self) -> None:
        self._shares.take(self._key, self._amount)

    def __exit__(self, *_: object) -> None:
        self._shares.give(self._key, self._amount)


class Holding:
    """What one request holds of a share while that grows and shrinks; given on leaving a `with`."""

    __slots__ = ("_amount", "_key", "_shares")

    def __init__(self, shares: FairShares, key: str) -> None:
        self._shares, self._key, self._amount = shares, key, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._shares.give(self._key, self._amount)

    def take(self, amount: int) -> None:
        """Raises as `FairShares.take`."""
        if not amount:
            return
        self._shares.take(self._key, amount)
        self._amount += amount

    def count(self, amount: int) -> None:
        """What is held already, and too late to be refused: others are, where nothing is left."""
        self._shares.count(self._key, amount)
        self._amount += amount

    def becomes(self, amount: int) -> None:
        """From now on it is this much; likewise too late to be refused."""
        self.count(amount - self._amount)


BYTES = Resource(
    "bytes",
    "Requests and answers of this workspace hold {used}, which is its share of this replica.",
    noun="byte",
    hint="Wait until some of them have ended, or ask for less at once.",
)
"""Bodies that a process holds while they are under way."""
