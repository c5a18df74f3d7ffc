"""How much of a replica one workspace's directory may have: what it asks for costs more than other
requests, and nothing else runs while it is read.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kit.shares import FairShares, Resource

DIRECTORIES = Resource(
    "directory_requests",
    "This workspace has {used} of its directory under way, which is its share of this replica.",
    noun="request",
    hint="Send one after the other; this one can be repeated as it is.",
)
PLACES = 512
"""Requests of all directories that are under way or wait."""
PLACES_OF_ONE = 16
"""Those of one workspace: whoever floods leaves room for as many directories as there may be."""
AT_ONCE = 2
"""Of a workspace; the others wait, so that whoever is of another one waits behind two at most."""


class DirectoryTurns:
    """`AT_ONCE` requests of a workspace at a time. Raises as `FairShares.take` where as many wait
    as may.
    """

    def __init__(self, places: FairShares) -> None:
        self._places = places
        self._turns: dict[str, asyncio.Semaphore] = {}
        """Of those that have a request under way."""

    @asynccontextmanager
    async def held(self, key: str) -> AsyncIterator[None]:
        with self._places.held(key):
            try:
                async with self._turns.setdefault(key, asyncio.Semaphore(AT_ONCE)):
                    yield
            finally:
                if self._places.held_by(key) == 1:  # this one
                    self._turns.pop(key, None)

    @property
    def keys(self) -> int:
        return len(self._turns)


def new_turns() -> DirectoryTurns:
    return DirectoryTurns(FairShares("identity", DIRECTORIES, PLACES, PLACES_OF_ONE))
