"""Which cached things a fact is about: an index by tag that holds what it names weakly."""

from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar
from weakref import ref

T = TypeVar("T")


class _Named(ref[T]):
    """A weak reference with the tags under which it is filed."""

    __slots__ = ("tags",)
    tags: Sequence[Hashable]


class TagIndex(Generic[T]):
    """Things by tag. Whoever evicts one need not say so: it leaves the index when it dies.

    Compared by identity.
    """

    def __init__(self) -> None:
        self._named: dict[Hashable, set[_Named[T]]] = {}

    def __len__(self) -> int:
        """How many tags name something."""
        return len(self._named)

    def add(self, thing: T, tags: Sequence[Hashable]) -> None:
        if not tags:
            return
        named = _Named(thing, self._forget)
        named.tags = tags
        for tag in tags:
            self._named.setdefault(tag, set()).add(named)

    def take(self, tag: Hashable) -> list[T]:
        """What lives under this tag, which names nothing from now on; O(1) in all other things."""
        alive = (named() for named in self._named.pop(tag, ()))
        return [thing for thing in alive if thing is not None]

    def clear(self) -> None:
        self._named = {}

    def _forget(self, dead: ref[T]) -> None:
        for tag in dead.tags if isinstance(dead, _Named) else ():
            named = self._named.get(tag)
            if named is not None:
                named.discard(dead)
                if not named:
                    del self._named[tag]
