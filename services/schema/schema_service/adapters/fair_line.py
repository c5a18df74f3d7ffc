"""Hands out a fixed number of things, such as worker processes, and queues whoever finds none idle.

There is a queue for each key (a workspace). Queues are served round robin, so that a workspace with
many documents does not delay one with few: a key whose request was served goes behind the others.
Within a queue requests are served in the order in which they came.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Generic, TypeVar

from kit.shares import FairShares

T = TypeVar("T")


class FairLine(Generic[T]):
    """`places` counts the requests that wait, of all keys; it refuses a key that has its share.

    A request waits for at most `max_seconds`.
    """

    def __init__(self, things: Iterable[T], places: FairShares, max_seconds: float) -> None:
        self._idle = list(things)
        self._places = places
        self._max_seconds = max_seconds
        self._queues: dict[str, deque[asyncio.Future[T]]] = {}
        """In the order in which they are served next; none is empty, none while a thing is idle."""
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
        if self._idle:
            return self._idle.pop()
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
        """Hand it to the request that is served next, if any waits."""
        while self._queues:
            key = next(iter(self._queues))
            queue = self._queues.pop(key)
            request = queue.popleft()
            if queue:
                self._queues[key] = queue  # behind the others
            self._note_empty()
            if not request.done():  # False for one that was cancelled in this iteration of the loop
                request.set_result(thing)
                return
        self._idle.append(thing)

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
