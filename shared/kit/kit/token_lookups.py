"""How many tokens are looked up at once: a flood of made-up ones must not delay valid ones.

A token counts, not for whom its bearer acts: one that is valid may bring many people at once.

Whether a token is valid is known only after its look-up. A token that was valid before is looked up
at once; all others together get a bounded number of look-ups, and the excess is refused unasked.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from cachetools import LRUCache

from contracts.errors import Unavailable

T = TypeVar("T")
MAX_UNPROVEN = 32
"""Look-ups under way in a process of tokens that it has not known to be valid."""
MAX_PROVEN = 50_000
"""Digests that are remembered as valid once, about 250 bytes each."""


class TooManyLookUps(Unavailable):
    """Nothing was asked; the token may be valid. Tokens that this replica knows are served."""

    code = "platform.too_many_lookups"

    def __init__(self) -> None:
        super().__init__(
            "This replica is checking as many unknown API tokens as it may.",
            hint="Try again in a moment.",
            retry_after_seconds=1,
        )


class TokenLookUps:
    """By the digest of a token, or the key of a session. Two concurrent look-ups of the same thing
    are the caller's to join.
    """

    def __init__(self, max_unproven: int = MAX_UNPROVEN) -> None:
        self._max_unproven = max_unproven
        self._unproven = 0
        self._proven: LRUCache[str, None] = LRUCache(MAX_PROVEN)

    async def run(self, digest: str, look_up: Callable[[], Awaitable[T]]) -> T:
        """What `look_up` returns, or raises; `TooManyLookUps` beyond the bound."""
        if digest in self._proven:
            found = await look_up()
        else:
            found = await self._unproven_one(look_up)
        self._proven[digest] = None
        return found

    def forget(self, digest: str) -> None:
        """It is not valid any more."""
        self._proven.pop(digest, None)

    async def _unproven_one(self, look_up: Callable[[], Awaitable[T]]) -> T:
        if self._unproven >= self._max_unproven:
            raise TooManyLookUps
        self._unproven += 1
        try:
            return await look_up()
        finally:
            self._unproven -= 1
