"""Who waits for one of few things, and whose turn is next: each workspace's, round robin."""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Generic, TypeVar

from kit.shares import FairShares

T = TypeVar("T")


class FairLine(Generic[T]):
    """The things are handed out and come back. There is a line for each key that waits.

    `places` are those in all lines together; who has its share of them is refused.
    """

    def __init__(self, things: Iterable[T], places: FairShares) -> None:
        self._idle = list(things)
        self._places = places
        self._lines: dict[str, deque[asyncio.Future[T]]] = {}
        """In the order in which they are served next. Nobody waits while something is idle."""

    async def take(self, key: str) -> T:
        if self._idle:
            return self._idle.pop()
        with self._places.held(key):
            turn: asyncio.Future[T] = asyncio.get_running_loop().create_future()
            self._lines.setdefault(key, deque()).append(turn)
            try:
                return await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self.give_back(turn.result())  # it came at the same moment
                raise

    def give_back(self, thing: T) -> None:
        while self._lines:
            key = next(iter(self._lines))
            line = self._lines.pop(key)
            turn = line.popleft()
            if line:
                self._lines[key] = line  # behind the others
            if not turn.done():  # whoever gave up waiting has cancelled it
                turn.set_result(thing)
                return
        self._idle.append(thing)
