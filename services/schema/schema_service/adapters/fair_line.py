"""Hands out a fixed number of things, such as worker processes, and queues whoever finds none idle.

There is a queue for each key (a workspace). Queues are served round robin, so that a workspace with
many documents does not delay one with few: a key whose request was served goes behind the others.
Within a queue requests are served in the order in which they came.

Costly keys share one turn, however many they are, and leave one thing to the others: what they ask
for takes long.
"""

import asyncio
from collections import deque
from collections.abc import Container, Iterable
from typing import Generic, TypeVar

from kit.shares import FairShares

T = TypeVar("T")


class FairLine(Generic[T]):
    """`places` counts the requests that wait, of all keys; it refuses a key that has its share.

    A request waits for at most `max_seconds`. Which keys are `costly` may change at any time.
    """

    def __init__(
        self,
        things: Iterable[T],
        places: FairShares,
        max_seconds: float,
        costly: Container[str] = frozenset(),
    ) -> None:
        self._idle = list(things)
        self._for_costly = max(1, len(self._idle) - 1)
        """How many things costly keys may have at a time."""
        self._lent: dict[T, str] = {}
        """Who has each thing."""
        self._places = places
        self._max_seconds = max_seconds
        self._costly = costly
        self._queues: dict[str, deque[asyncio.Future[T]]] = {}
        """In the order in which they are served next; none is empty. While a thing is idle, only
        costly keys have any.
        """
        self.empty = asyncio.Event()
        """Set while no request waits."""
        self.empty.set()

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return sum(map(len, self._queues.values()))

    async def take(self, key: str) -> T:
        """A thing that nobody else has, to be given back.

        Raises `TimeoutError` after `max_seconds`, and what `places` raises.
        """
        if self._idle and self._may_have(key):
            return self._lend(key)
        with self._places.held(key):
            request: asyncio.Future[T] = asyncio.get_running_loop().create_future()
            self._queues.setdefault(key, deque()).append(request)
            self.empty.clear()
            try:
                async with asyncio.timeout(self._max_seconds):
                    return await request
            except BaseException:
                self._withdraw(key, request)
                raise

    def give_back(self, thing: T) -> None:
        """Hand it to the request that is served next, if any waits that may have it."""
        served = self._lent.pop(thing)
        if served in self._queues:  # one that had a thing at once was never in the queue
            self._queues[served] = self._queues.pop(served)
        self._idle.append(thing)
        while self._idle and (key := next(filter(self._may_have, self._queues), None)) is not None:
            request = self._next_of(key)
            if not request.done():  # False for one that was cancelled in this iteration of the loop
                request.set_result(self._lend(key))

    def _may_have(self, key: str) -> bool:
        """Whether a thing that is idle is for this key."""
        if key not in self._costly:
            return True
        return sum(each in self._costly for each in self._lent.values()) < self._for_costly

    def _lend(self, key: str) -> T:
        thing = self._idle.pop()
        self._lent[thing] = key
        return thing

    def _next_of(self, key: str) -> asyncio.Future[T]:
        queue = self._queues[key]
        request = queue.popleft()
        if key in self._costly:  # it was the turn of all of them
            for each in [each for each in self._queues if each in self._costly]:
                self._queues[each] = self._queues.pop(each)
        del self._queues[key]
        if queue:
            self._queues[key] = queue  # behind the others
        self._note_empty()
        return request

    def _withdraw(self, key: str, request: asyncio.Future[T]) -> None:
        if request.done() and not request.cancelled():
            self.give_back(request.result())  # served at the moment in which it was withdrawn
            return
        queue = self._queues.get(key, deque())
        if request in queue:
            queue.remove(request)
            if not queue:
                del self._queues[key]
                self._note_empty()

    def _note_empty(self) -> None:
        if not self._queues:
            self.empty.set()
