"""Connections kept alive between exchanges, separated by key and bounded in number and time."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Hashable
from time import monotonic

from egress.wire.connection import Connection


class Pool:
    """Keys are (pool key, origin): two workspaces or credentials never share a connection.

    `open` counts every connection that exists, idle or carrying; the oldest idle one makes room.
    """

    def __init__(self, *, max_open: int, max_idle: int, idle_seconds: float) -> None:
        self._max_open, self._max_idle, self._idle_seconds = max_open, max_idle, idle_seconds
        self._idle: dict[Hashable, deque[Connection]] = {}
        self._by_age: OrderedDict[Connection, Hashable] = OrderedDict()
        self._carrying = 0
        self._closed = False
        self._sweep: asyncio.TimerHandle | None = None

    @property
    def open(self) -> int:
        return self._carrying + len(self._by_age)

    @property
    def idle(self) -> int:
        return len(self._by_age)

    def take(self, key: Hashable, max_idle_seconds: float) -> Connection | None:
        """The most recently used idle connection of this key, if it is alive and fresh enough."""
        line = self._idle.get(key)
        while line:
            age = monotonic() - line[-1].idle_since
            fit = line[-1].reusable and age <= self._idle_seconds
            if fit and age > max_idle_seconds:
                return None  # too long idle for this request, not for others
            connection = line.pop()
            self._forget(connection, key)
            if fit:
                self._carrying += 1
                return connection
            connection.abort()
        return None

    def make_room(self) -> bool:
        """Reserve the place of a connection about to be made; False when all are carrying."""
        if self.open >= self._max_open and not self._drop_oldest():
            return False
        self._carrying += 1
        return True

    def give_up(self, connection: Connection | None) -> None:
        """A place is free again; its connection, if it was ever made, is finished."""
        self._carrying -= 1
        if connection is not None:
            connection.abort()

    def give_back(self, key: Hashable, connection: Connection) -> None:
        """The exchange is over; keep the connection if it is fit to carry another."""
        keep = self._max_idle > 0 and self._idle_seconds > 0 and not self._closed
        if not (keep and connection.reusable):
            self.give_up(connection)
            return
        self._carrying -= 1
        if len(self._by_age) >= self._max_idle:
            self._drop_oldest()
        connection.idle_since = monotonic()
        self._idle.setdefault(key, deque()).append(connection)
        self._by_age[connection] = key
        if self._sweep is None:
            self._sweep_later()

    def close(self) -> None:
        self._closed = True
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None
        while self._drop_oldest():
            pass

    def _forget(self, connection: Connection, key: Hashable) -> None:
        del self._by_age[connection]
        if not self._idle[key]:
            del self._idle[key]

    def _drop_oldest(self) -> bool:
        if not self._by_age:
            return False
        key = next(iter(self._by_age.values()))
        oldest = self._idle[key].popleft()  # each line is in order of age, too
        self._forget(oldest, key)
        oldest.abort()
        return True

    def _sweep_later(self) -> None:
        oldest = next(iter(self._by_age))
        due = oldest.idle_since + self._idle_seconds - monotonic()
        self._sweep = asyncio.get_running_loop().call_later(max(due, 0.05), self._sweep_now)

    def _sweep_now(self) -> None:
        self._sweep = None
        oldest_allowed = monotonic() - self._idle_seconds
        while self._by_age and next(iter(self._by_age)).idle_since <= oldest_allowed:
            self._drop_oldest()
        if self._by_age:
            self._sweep_later()
