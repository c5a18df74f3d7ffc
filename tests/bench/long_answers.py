"""What many callers of a long answer cost: `python -m tests.bench.long_answers`.

512 clients of one workspace call an API that sends 10 MiB over 20 s, again and again; a neighbour
of another workspace calls one that answers at once, alone and beside them, in turns within one run.
Prints the most memory that the execution process had, its CPU, and the neighbour's figures, once
with the default limits, under which a workspace has at most half of 512 calls at once, and once
with limits under which all 512 run at once. Nothing passes or fails.
"""

import argparse
import asyncio
import contextlib
import sys
import tempfile
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Self

import orjson

from openactions_local.child import Child
from openactions_local.servers import accepts, free_port
from tests.bench import sharing, upstream
from tests.bench.platform_up import Up, platform_up
from tests.bench.processes import cpu_seconds, resident_mb
from tests.bench.sharing_load import request
from tests.bench.summary import percentile, table

CALLERS = 512
MIB = 1024 * 1024
LIMITS = {
    "default": {},
    "all at once": {
        "EXECUTION_MAX_IN_FLIGHT": str(4 * CALLERS),
        "EXECUTION_MAX_BYTES_IN_FLIGHT": str(256 * MIB),
        "EGRESS_MAX_CONNECTIONS": str(4 * CALLERS),
    },
}
WARM_SECONDS = 6.0
"""Until as many calls are under way as ever will be."""


def document(origin: str) -> str:
    described = upstream.document(origin)
    long = dict(described["paths"]["/items/{item_id}"]["get"], operationId="getLong")
    described["paths"]["/long/{item_id}"] = {"get": long}
    return orjson.dumps(described).decode()


class Memory:
    """Samples a process's resident memory until it is left; `most` in MB."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.most = 0.0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._sample())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _sample(self) -> None:
        while True:
            self.most = max(self.most, resident_mb(self._pid))
            await asyncio.sleep(0.02)


async def measure(up: Up, origin: str, rounds: int, seconds: float, limits: str) -> list[list[str]]:
    port, pid = up.ports["execution"], up.pids["execution"]
    ours = sharing.workspace(up, document(origin))
    theirs = sharing.workspace(up, document(origin))
    sent = request(port, ours[0], sharing.body(ours[1], "getItem"))
    await sharing.neighbour(port, sent, 1)
    before_all = resident_mb(pid)
    idle: list[float] = []
    beside: list[float] = []
    busy: list[float] = []
    statuses = {}
    async with Memory(pid) as memory:
        for _ in range(rounds):
            idle += await sharing.neighbour(port, sent, seconds)
            greedy = sharing.Greedy(port, *theirs, "getLong", CALLERS)
            await asyncio.sleep(WARM_SECONDS)
            spent, began = cpu_seconds(pid), perf_counter()
            beside += await sharing.neighbour(port, sent, seconds)
            busy.append((cpu_seconds(pid) - spent) / (perf_counter() - began))
            statuses = greedy.stop()
            await asyncio.sleep(4)
    p50, p99 = (f"{percentile(beside, at) / percentile(idle, at):.2f}" for at in (50, 99))
    return [
        [
            limits,
            f"{before_all:.0f}",
            f"{memory.most:.0f}",
            f"{max(busy):.0%}",
            f"{percentile(idle, 99):.2f}",
            f"{percentile(beside, 99):.2f}",
            p50,
            p99,
            str(statuses),
        ]
    ]


async def main(rounds: int, seconds: float) -> None:
    rows = []
    for limits, more in LIMITS.items():
        with tempfile.TemporaryDirectory(prefix="openactions-bench-") as name:
            folder = Path(name)
            port = free_port()
            command = [sys.executable, "-m", "tests.bench.long_answers_upstream", str(port)]
            api = Child("upstream", command, folder / "upstream.log")
            api.start()
            await api.ready(partial(accepts, port))
            (folder / "platform").mkdir()
            origin = f"http://{upstream.HOST}:{port}"
            async with platform_up(folder / "platform", port, more=more) as up:
                rows += await measure(up, origin, rounds, seconds, limits)
            await api.stop()
    heads = ["limits", "idle MB", "most MB", "CPU", "idle p99 ms", "beside p99 ms"]
    print(table([*heads, "p50 times idle", "p99 times idle", "answers by status"], rows))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--seconds", type=float, default=4)
    chosen = arguments.parse_args()
    asyncio.run(main(chosen.rounds, chosen.seconds))
