"""Turns on the event loop: where many requests are ready to run, each workspace's in turn.

An event loop runs what is ready in the order of arrival. Sixty requests of one workspace, each a
fraction of a millisecond of CPU, would stand before the one request of another, at every step.
"""

import asyncio
from collections import deque

CONTENDED_SECONDS = 10.0


class Turns:
    """At most `at_once` requests start in one iteration of the loop; the others wait in line.

    There is a line for each key that has somebody waiting, and they are served round robin. Nobody
    waits where no more than `at_once` are ready, or where a single key has asked for a while:
    shorter iterations cost a few percent of the throughput, and would then help nobody.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._left = at_once
        self._lines: dict[str, deque[asyncio.Future[None]]] = {}
        """In the order in which they are served next."""
        self._scheduled = False
        self._last_key: str | None = None
        self._contended_until: float | None = None

    @property
    def keys(self) -> int:
        """How many keys have somebody waiting."""
        return len(self._lines)

    def ask(self, key: str) -> asyncio.Future[None] | None:
        """None: go on at once. Otherwise await what is returned, then go on."""
        if key != self._last_key:
            now = asyncio.get_running_loop().time()
            self._contended_until = now + CONTENDED_SECONDS if self._last_key else None
            self._last_key = key
        elif not self._lines and not self._is_contended():
            return None
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._next)
        if self._left and not self._lines:
            self._left -= 1
            return None
        turn = asyncio.get_running_loop().create_future()
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = deque()
        line.append(turn)
        return turn

    def _is_contended(self) -> bool:
        if self._contended_until is None:  # the usual case, without a look at the clock
            return False
        if asyncio.get_running_loop().time() > self._contended_until:
            self._contended_until = None
        return self._contended_until is not None

    def _next(self) -> None:
        """Once in each iteration of the loop while there is anything to do."""
        left = self._at_once
        while left and self._lines:
            key = next(iter(self._lines))
            line = self._lines.pop(key)
            turn = line.popleft()
            if line:
                self._lines[key] = line  # behind the others
            if not turn.done():  # whoever gave up waiting has cancelled it
                turn.set_result(None)
                left -= 1
        self._left = left
        self._scheduled = left < self._at_once
        if self._scheduled:
            asyncio.get_running_loop().call_soon(self._next)
