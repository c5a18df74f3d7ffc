"""How many bytes of requests and answers a process holds while they are under way."""

from typing import Final, Protocol

from contracts.errors import Limited, PlatformError
from egress.errors import EgressError, Overloaded, ShareExceeded

RESERVED: Final = 64 * 1024
"""Asked for before a request is sent, so that most of those that find no room change nothing.

As much as a connection buffers before its socket is paused (`wire.connection.READ_BUFFER`). One
read of the socket may bring up to 256 KiB beyond it, which the next turn of the loop hands out and
counts.
"""


class Budget(Protocol):
    """Shared by keys; who they are is not known here. `kit.shares.FairShares` is one."""

    def take(self, key: str, amount: int) -> None:
        """Raises `Limited` where this key has its share, another refusal where others do."""
        ...

    def give(self, key: str, amount: int) -> None: ...


class Portion:
    """What one exchange holds of the budget."""

    __slots__ = ("_answered", "_beyond", "_budget", "_held", "_key", "_room")

    def __init__(self, budget: Budget | None, key: str) -> None:
        self._budget, self._key = budget, key
        self._held = 0
        self._answered = 0
        self._beyond = 0
        self._room = 0
        """What of `RESERVED` the connection no longer needs for its buffer."""

    def reserve(self, request_bytes: int) -> None:
        """Before anything is sent: the request, and the connection's buffer."""
        self._take(request_bytes + RESERVED, sent=False)

    def arrived(self) -> None:
        """Nothing more is read: what is handed out takes the place of the connection's buffer, so
        that most answers need no more than that.
        """
        self._room = RESERVED

    def answered(self, count: int) -> None:
        """So many bytes more of the answer are held."""
        self.holds(self._answered + count)

    def holds(self, count: int) -> None:
        """So many bytes of the answer are held now. What is no longer held is given back."""
        beyond = max(count - self._room, 0)
        if beyond > self._beyond:
            self._take(beyond - self._beyond, sent=True)
        elif beyond < self._beyond:
            self._give(self._beyond - beyond)
        self._beyond, self._answered = beyond, count

    def ends_with(self, piece: bytes) -> bytes:
        """As much of a last piece as there is room for without the connection's buffer."""
        self.arrived()
        fitting = piece[: max(self._room + self._beyond - self._answered, 0)]
        self._answered += len(fitting)
        return fitting

    def end(self) -> None:
        if self._held:
            self._give(self._held)

    def _give(self, amount: int) -> None:
        if self._budget is not None:
            self._budget.give(self._key, amount)
        self._held -= amount

    def _take(self, amount: int, *, sent: bool) -> None:
        try:
            if self._budget is not None:
                self._budget.take(self._key, amount)
        except PlatformError as why:
            raise _refusal(why, sent=sent) from None
        self._held += amount


def _refusal(why: PlatformError, *, sent: bool) -> EgressError:
    kind = ShareExceeded if isinstance(why, Limited) else Overloaded
    refusal = kind(why.sentence, hint=why.hint, sent=sent)
    refusal.retry_after_seconds = why.retry_after_seconds
    return refusal
