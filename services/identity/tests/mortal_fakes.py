"""Processes that are killed at any point of their work."""

from dataclasses import dataclass


class Killed(BaseException):
    """What a kill -9 looks like from the inside: nothing after it runs."""


class Mortal:
    """A store whose process is killed right after a given number of its writes, shared by all."""

    WRITES = frozenset({"begin", "add", "replace", "renew", "revoke", "forget", "remove"})

    def __init__(self, store, life, writes=WRITES):
        self._store = store
        self._life = life
        self._writes = writes

    def __getattr__(self, name):
        call = getattr(self._store, name)
        return self._lethal(call) if name in self._writes else call

    def _lethal(self, call):
        async def write(*arguments):
            result = await call(*arguments)
            self._life.spend()
            return result

        return write


@dataclass
class Life:
    """How many steps a process has left."""

    steps: int

    def spend(self):
        self.steps -= 1
        if self.steps == 0:
            raise Killed
