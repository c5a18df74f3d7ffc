"""A bounded cache whose entries facts void: a miss is loaded once, however many wait for it.

An entry is filed under tags that its key implies (a workspace, an action, a token's digest) before
it is loaded, and under those that its value implies (a token's member) once it is. A fact drops a
tag: what is filed under it is void, be it kept, being loaded, or held by a call that waits for
something else. Nothing else is touched.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from cachetools import LRUCache

from kit import cache_figures
from kit.clock import elapsed_seconds
from kit.tags import TagIndex

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

ENTRY_BYTES = 1_000
"""What an entry costs beyond its key and value: itself, its places by key and by two tags."""


class Watch(Protocol):
    """`kit.watch.FactWatch`, as far as a cache needs it."""

    @property
    def in_sync_until(self) -> float:
        """On the clock of `elapsed_seconds`."""
        ...

    async def ensure_in_sync(self) -> None: ...

    def on_lost(self, forget: Callable[[], None]) -> None: ...


class Unchanging:
    """In the place of a watch, for values that no fact can void: they are named by content."""

    in_sync_until = float("inf")

    async def ensure_in_sync(self) -> None:
        return

    def on_lost(self, forget: Callable[[], None]) -> None:
        """Nothing is ever lost."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is used least recently makes room."""

    max_entries: int
    max_bytes: int
    ttl_seconds: float


class _Era:
    """The time between two losses of facts; what was loaded in one is void in the next."""

    __slots__ = ("over",)

    def __init__(self) -> None:
        self.over = False


class Entry(Generic[K, V]):
    """One value, and whether it may still be relied on. Only a cache makes one."""

    __slots__ = ("__weakref__", "_era", "_watch", "expires_at", "key", "size", "value", "voided")
    value: V

    def __init__(self, key: K, watch: Watch, era: _Era) -> None:
        self.key = key
        self.voided = False
        self.expires_at = float("inf")
        self.size = 0
        self._watch = watch
        self._era = era

    @property
    def outdated(self) -> bool:
        """A fact about it arrived after its loading had begun, or may have."""
        return self.voided or self._era.over

    def holds(self) -> bool:
        """Not outdated, within its time, and the replica is in sync: under a microsecond."""
        return (
            not self.voided
            and not self._era.over
            and (now := elapsed_seconds()) < self.expires_at
            and now < self._watch.in_sync_until
        )


@dataclass(frozen=True, slots=True)
class _Loading(Generic[K, V]):
    entry: Entry[K, V]
    task: asyncio.Task[Entry[K, V]]
    dropped: set[Hashable]
    """Tags that were dropped meanwhile: its value may turn out to imply one."""


class WatchedCache(Generic[K, V]):
    """Entries live until a fact drops one of their tags, until their time is up, until they must
    make room, or until the watch lost facts.

    A value that was being loaded when one of its tags was dropped is handed out but not kept: it
    may have been read before the change. A lookup after the drop loads anew.
    """

    def __init__(
        self,
        watch: Watch,
        name: str,
        limits: Limits,
        *,
        tags_of: Callable[[K], Sequence[Hashable]] = lambda _: (),
        tags_of_value: Callable[[V], Sequence[Hashable]] | None = None,
        size_of: Callable[[K, V], int] = lambda _key, _value: 0,
    ) -> None:
        """Tags must never change; `size_of` is in bytes, without `ENTRY_BYTES`."""
        self.name = name
        self.hits = 0
        self.misses = 0
        self._watch = watch
        self._limits = limits
        self._tags_of = tags_of
        self._tags_of_value = tags_of_value
        self._size_of = size_of
        self._entries: LRUCache[K, Entry[K, V]] = LRUCache(limits.max_bytes, lambda kept: kept.size)
        self._loading: dict[K, _Loading[K, V]] = {}
        self._index: TagIndex[Entry[K, V]] = TagIndex()
        self._era = _Era()
        watch.on_lost(self.clear)
        cache_figures.show(self)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def bytes(self) -> int:
        """An estimate: what `size_of` says, and what entries cost themselves."""
        return int(self._entries.currsize)

    def find(self, key: K) -> Entry[K, V] | None:
        """What is kept and holds."""
        try:
            entry = self._entries[key]
        except KeyError:
            return None
        if not entry.holds():
            return None
        self.hits += 1
        return entry

    async def get_or_load(
        self,
        key: K,
        load: Callable[[], Awaitable[V]],
        *,
        keep: Callable[[V], float | None] = lambda _: None,
    ) -> V:
        """The value alone; see `hold`."""
        return (self.find(key) or await self.hold(key, load, keep=keep)).value

    async def hold(
        self,
        key: K,
        load: Callable[[], Awaitable[V]],
        *,
        keep: Callable[[V], float | None] = lambda _: None,
    ) -> Entry[K, V]:
        """The entry; its `holds` is False once it was dropped, also for those who have it already.

        `keep` may shorten an entry's life in seconds; 0 means: hand out, do not keep.
        """
        await self._watch.ensure_in_sync()
        if (entry := self.find(key)) is not None:
            return entry
        self.misses += 1
        loading = self._loading.get(key)
        if loading is None:
            loading = self._start(key, load, keep)
        return await asyncio.shield(loading.task)

    def _start(
        self, key: K, load: Callable[[], Awaitable[V]], keep: Callable[[V], float | None]
    ) -> _Loading[K, V]:
        entry: Entry[K, V] = Entry(key, self._watch, self._era)
        self._index.add(
            entry, self._tags_of(key)
        )  # before the load, so that no fact comes in between
        dropped: set[Hashable] = set()
        task = asyncio.ensure_future(self._load(entry, load, keep, dropped))
        loading = self._loading[key] = _Loading(entry, task, dropped)
        task.add_done_callback(lambda done: self._loaded(loading, done))
        return loading

    async def _load(
        self,
        entry: Entry[K, V],
        load: Callable[[], Awaitable[V]],
        keep: Callable[[V], float | None],
        dropped: set[Hashable],
    ) -> Entry[K, V]:
        value = entry.value = await load()
        if self._tags_of_value is not None:
            tags = self._tags_of_value(value)
            entry.voided = entry.voided or not dropped.isdisjoint(tags)
            self._index.add(entry, tags)
        seconds, longest = keep(value), self._limits.ttl_seconds
        life = longest if seconds is None else min(seconds, longest)
        entry.expires_at = elapsed_seconds() + (life if life > 0 else longest)
        if life > 0 and not entry.outdated:
            self._keep(entry)
        return entry

    def _keep(self, entry: Entry[K, V]) -> None:
        entry.size = ENTRY_BYTES + self._size_of(entry.key, entry.value)
        if entry.size > self._limits.max_bytes:
            return
        while len(self._entries) >= self._limits.max_entries:
            self._entries.popitem()
        self._entries[entry.key] = entry

    def _loaded(self, loading: _Loading[K, V], done: asyncio.Task[Entry[K, V]]) -> None:
        key = loading.entry.key
        if self._loading.get(key) is loading:
            del self._loading[key]
        if not done.cancelled():
            done.exception()  # whoever waits has it; nobody waiting is no error

    def drop(self, tag: Hashable) -> None:
        """Void what is filed under this tag, kept or being loaded."""
        for entry in self._index.take(tag):
            entry.voided = True
            # One key, one set of tags: whatever is there under the key is void, too.
            with suppress(KeyError):
                del self._entries[entry.key]
            self._loading.pop(entry.key, None)
        if self._tags_of_value is not None:
            for loading in self._loading.values():
                loading.dropped.add(tag)

    def clear(self) -> None:
        """Void everything."""
        self._era.over = True
        self._era = _Era()
        self._index.clear()  # first: references that are gone are not called for entries that go
        self._loading.clear()
        self._entries.clear()
