"""How many bytes of requests and answers a process holds while they are under way."""

from typing import Final, Protocol

from contracts.errors import Limited, PlatformError
from egress.errors import EgressError, Overloaded, ShareExceeded

RESERVED: Final = 64 * 1024
"""Asked for before a request is sent, so that most of those that find no room change nothing.

As much as a connection buffers before its socket is paused; most answers need no more.
"""


class Budget(Protocol):
    """Shared by keys; who they are is not known here. `kit.shares.FairShares` is one."""

    def take(self, key: str, amount: int) -> None:
        """Raises `Limited` where this key has its share, another refusal where others do."""
        ...

    def give(self, key: str, amount: int) -> None: ...


class Portion:
    """What one exchange holds of the budget."""

    __slots__ = ("_answered", "_budget", "_held", "_key", "_reserved")

    def __init__(self, budget: Budget | None, key: str) -> None:
        self._budget, self._key = budget, key
        self._held = 0
        self._reserved = 0
        self._answered = 0

    def reserve(self, request_bytes: int) -> None:
        """Before anything is sent: the request, and room for an answer of the usual size."""
        self._take(request_bytes + RESERVED, sent=False)
        self._reserved = RESERVED

    def answered(self, count: int) -> None:
        """So many bytes more of the answer are held."""
        self._answered += count
        if count <= self._reserved:
            self._reserved -= count
        else:
            self._take(count - self._reserved, sent=True)
            self._reserved = 0

    def holds(self, count: int) -> None:
        """So many bytes of the answer are held now. What is no longer held makes room for more."""
        more = count - self._answered
        if more > 0:
            self.answered(more)
        else:
            self._reserved -= more
            self._answered = count

    def end(self) -> None:
        if self._budget is not None and self._held:
            self._budget.give(self._key, self._held)
        self._held = 0

    def _take(self, amount: int, *, sent: bool) -> None:
        if self._budget is None:
            return
        try:
            self._budget.take(self._key, amount)
        except PlatformError as why:
            raise _refusal(why, sent=sent) from None
        self._held += amount


def _refusal(why: PlatformError, *, sent: bool) -> EgressError:
    kind = ShareExceeded if isinstance(why, Limited) else Overloaded
    refusal = kind(why.sentence, hint=why.hint, sent=sent)
    refusal.retry_after_seconds = why.retry_after_seconds
    return refusal
