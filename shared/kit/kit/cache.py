"""A bounded cache whose entries die by facts: misses are loaded once, however many wait."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from time import monotonic
from typing import Generic, TypeVar

from kit.watch import FactWatch

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class WatchedCache(Generic[K, V]):
    """Entries live until `drop`, until their time is up, or until the watch lost facts.

    A value that was being loaded while something was dropped is handed out but not kept: it may
    have been read before the change.
    """

    def __init__(self, watch: FactWatch, *, max_entries: int, ttl_seconds: float) -> None:
        self._watch = watch
        self._max_entries = max_entries
        self._ttl_seconds = ttl_seconds
        self._entries: dict[K, tuple[float, V]] = {}
        self._loading: dict[K, asyncio.Task[V]] = {}
        self._generation = 0
        watch.on_lost(self.clear)

    def get(self, key: K) -> V | None:
        """The live entry; the caller has made sure that the watch is hearing."""
        entry = self._entries.get(key)
        if entry is None or entry[0] < monotonic():
            return None
        return entry[1]

    async def get_or_load(
        self,
        key: K,
        load: Callable[[], Awaitable[V]],
        *,
        keep: Callable[[V], float | None] = lambda _: None,
    ) -> V:
        """`keep` may shorten an entry's life in seconds; 0 means: hand out, do not keep."""
        await self._watch.ensure_in_sync()
        if (value := self.get(key)) is not None:
            return value
        loading = self._loading.get(key)
        if loading is None:
            loading = asyncio.ensure_future(self._load(key, load, keep))
            self._loading[key] = loading
            loading.add_done_callback(lambda done: self._loaded(key, done))
        return await asyncio.shield(loading)

    async def _load(
        self, key: K, load: Callable[[], Awaitable[V]], keep: Callable[[V], float | None]
    ) -> V:
        generation = self._generation
        value = await load()
        seconds = keep(value)
        life = self._ttl_seconds if seconds is None else min(seconds, self._ttl_seconds)
        if generation == self._generation and life > 0:
            if len(self._entries) >= self._max_entries:
                self._entries.pop(next(iter(self._entries)))
            self._entries[key] = (monotonic() + life, value)
        return value

    def _loaded(self, key: K, done: asyncio.Task[V]) -> None:
        if self._loading.get(key) is done:
            del self._loading[key]
        if not done.cancelled():
            done.exception()  # whoever waits has it; nobody waiting is no error

    def drop(self, matches: Callable[[K], bool]) -> None:
        """Forget matching entries, and do not keep what is being loaded now."""
        self._generation += 1
        self._loading.clear()
        for key in [key for key in self._entries if matches(key)]:
            del self._entries[key]

    def clear(self) -> None:
        self._generation += 1
        self._loading.clear()
        self._entries.clear()
