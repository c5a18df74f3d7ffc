"""Figures of all caches, collected when Prometheus scrapes; a hit only increments a counter."""

from collections.abc import Iterator
from typing import Protocol
from weakref import WeakSet

from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector


class Counted(Protocol):
    name: str
    hits: int
    misses: int

    def __len__(self) -> int: ...

    @property
    def bytes(self) -> int: ...


class CacheFigures(Collector):
    """Caches of one name in one process are added up."""

    def __init__(self) -> None:
        self.caches: WeakSet[Counted] = WeakSet()

    def collect(self) -> Iterator[Metric]:
        label = ["cache"]
        hits = CounterMetricFamily(
            "openactions_cache_hits", "Values found in a cache", labels=label
        )
        misses = CounterMetricFamily(
            "openactions_cache_misses", "Values that had to be loaded", labels=label
        )
        entries = GaugeMetricFamily("openactions_cache_entries", "Values kept", labels=label)
        size = GaugeMetricFamily(
            "openactions_cache_bytes", "Estimated memory of the values kept", labels=label
        )
        for name in sorted({cache.name for cache in self.caches}):
            same = [cache for cache in self.caches if cache.name == name]
            hits.add_metric([name], sum(cache.hits for cache in same))
            misses.add_metric([name], sum(cache.misses for cache in same))
            entries.add_metric([name], sum(len(cache) for cache in same))
            size.add_metric([name], sum(cache.bytes for cache in same))
        yield from (hits, misses, entries, size)


_figures = CacheFigures()
REGISTRY.register(_figures)


def show(cache: Counted) -> None:
    """Count this cache in for as long as it lives."""
    _figures.caches.add(cache)
