"""What caches that die by facts cost, and what they keep: `just bench caches`.

All in one process, without a broker: how long a fact takes to void its entries among 100,000; what
a warm look-up and the check before a request's first byte take; and the share of look-ups that are
hits while facts about other workspaces arrive all the time and a load takes 20 ms.
"""

import argparse
import asyncio
import random
from collections.abc import Callable
from time import monotonic, perf_counter

from kit.cache import Limits, WatchedCache
from tests.bench.summary import percentile, table

ENTRIES = 100_000
WORKSPACES = 10_000
ACTIONS = 2
LOAD_SECONDS = 0.02
FACTS_A_SECOND = 50
LOOK_UPS_A_SECOND = 2_000
HOT_KEYS = 200
VERDICT_SECONDS = 30.0


class Watch:
    """A watch that is in sync."""

    in_sync_until = float("inf")

    async def ensure_in_sync(self) -> None:
        return

    def on_lost(self, forget: Callable[[], None]) -> None:
        return


def cache(entries: int = 2 * ENTRIES) -> WatchedCache[tuple[str, str, str], str]:
    limits = Limits(entries, 1024**3, VERDICT_SECONDS)
    return WatchedCache(Watch(), "bench", limits, tags_of=lambda key: key[:2])


async def value() -> str:
    return "allowed"


def key_of(number: int) -> tuple[str, str, str]:
    workspace = number % WORKSPACES
    action = f"act_{workspace}_{number // WORKSPACES % ACTIONS}"
    return f"ws_{workspace}", action, f"operation_{number}"


async def drops(repetitions: int) -> list[list[str]]:
    kept = cache()
    for number in range(ENTRIES):
        await kept.hold(key_of(number), value)
    none, some, all_of_it = [], [], []
    for workspace in random.sample(range(WORKSPACES), repetitions):
        none.append(timed(lambda w=workspace: kept.drop(f"ws_away_{w}")))
        some.append(timed(lambda w=workspace: kept.drop(f"act_{w}_0")))
        all_of_it.append(timed(lambda w=workspace: kept.drop(f"ws_{w}")))
    each = ENTRIES // WORKSPACES
    assert len(kept) == ENTRIES - repetitions * each
    return [
        [f"a fact about none of {ENTRIES:,} entries", *figures(none), "≤ 50"],
        [f"a fact about an action, {each // ACTIONS} of {ENTRIES:,}", *figures(some), "≤ 50"],
        [
            f"a fact about a workspace, the {each - each // ACTIONS} others",
            *figures(all_of_it),
            "≤ 50",
        ],
    ]


async def look_ups(repetitions: int) -> list[list[str]]:
    kept = cache()
    held = [await kept.hold(key_of(number), value) for number in range(1_000)]
    keys = [key_of(number) for number in range(1_000)]
    found = [timed(lambda k=key: kept.find(k)) for _ in range(repetitions) for key in keys]
    checks = [
        timed(lambda a=entry, b=held[0]: a.holds() and b.holds())
        for _ in range(repetitions)
        for entry in held
    ]
    return [
        ["a warm look-up", *figures(found), ""],
        ["the check before the first byte, of two entries", *figures(checks), "≤ 2"],
    ]


def timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1_000_000


def figures(microseconds: list[float]) -> list[str]:
    return [f"{percentile(microseconds, share):.1f}" for share in (50, 99)]


async def hit_rate(seconds: float) -> str:
    """Keys of two services' worth of workspaces; the facts are about others."""
    kept = cache()

    async def slow() -> str:
        await asyncio.sleep(LOAD_SECONDS)
        return "allowed"

    async def unrelated_facts() -> None:
        number = 0
        while True:
            kept.drop(f"ws_unrelated_{number % 1_000}")
            number += 1
            await asyncio.sleep(1 / FACTS_A_SECOND)

    facts = asyncio.create_task(unrelated_facts())
    await asyncio.gather(*(kept.hold(key_of(number), slow) for number in range(HOT_KEYS)))
    kept.hits = kept.misses = 0
    asking: set[asyncio.Task[object]] = set()
    until = monotonic() + seconds
    while monotonic() < until:
        for _ in range(LOOK_UPS_A_SECOND // 100):
            key = key_of(random.randrange(HOT_KEYS))
            if kept.find(key) is None:
                task = asyncio.create_task(kept.hold(key, slow))
                asking.add(task)
                task.add_done_callback(asking.discard)
        await asyncio.sleep(0.01)
    facts.cancel()
    if asking:
        await asyncio.wait(asking)
    share = kept.hits / (kept.hits + kept.misses)
    return f"{share:.2%} of {kept.hits + kept.misses:,} (goal ≥ 99 %)"


async def main(seconds: float, repetitions: int) -> None:
    rows = [*await drops(repetitions), *await look_ups(max(10, repetitions // 20))]
    print(table(["microseconds for", "median", "p99", "goal"], rows))
    print(
        f"\nWarm hits with {FACTS_A_SECOND} unrelated facts a second and loads of"
        f" {LOAD_SECONDS * 1000:.0f} ms, entries living {VERDICT_SECONDS:.0f} s:"
        f" {await hit_rate(seconds)}"
    )


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--repetitions", type=int, default=1_000)
    chosen = arguments.parse_args()
    asyncio.run(main(chosen.seconds, chosen.repetitions))
