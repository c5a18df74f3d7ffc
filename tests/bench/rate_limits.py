"""What a rate limit costs, and how well processes keep a quota together: `just bench rate_limits`.

First decisions a second in one process, each under a workspace's and a member's quota. Then four
processes, with a real broker, that call without pause for a minute, all alike and with most of the
calls in one of them: what they admitted of the quota, and what that took. Nothing passes or fails.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

import uvloop

from kit.broker_time import BrokerTime
from kit.bus import Bus
from kit.counters import JetStreamCounter
from kit.quota import Limit, Quota
from kit.rate_limits import RateLimited, RateLimits
from kit.testing import MemoryCounter
from openactions_local.servers import LOOPBACK, accepts, free_port, nats_server
from tests.bench.processes import cpu_seconds
from tests.bench.summary import table

PROCESSES = 4
AT_ONCE = 20
LARGE = 600_000_000


def limits_of(per_minute: int, workspace: str = "ws_1") -> tuple[Limit, ...]:
    return (
        Limit("workspace", "This workspace", (workspace,), Quota(per_minute)),
        Limit("member", "You", (workspace, "mem_1"), Quota(per_minute)),
    )


async def decisions(per_minute: int, seconds: float) -> tuple[float, float]:
    """A second of CPU, admitted and refused ones; leases are drawn meanwhile."""
    limits = RateLimits("bench", MemoryCounter(), BrokerTime())
    wanted, counts = limits_of(per_minute), [0, 0]
    await limits.admit(wanted)
    began, until = process_time(), perf_counter() + seconds
    while perf_counter() < until:
        for _ in range(AT_ONCE):
            try:
                await limits.admit(wanted)
                counts[0] += 1
            except RateLimited:
                counts[1] += 1
        await asyncio.sleep(0)
    spent = process_time() - began
    return counts[0] / spent, counts[1] / spent


async def process(url: str, per_minute: int, seconds: float, pause: float) -> None:
    """One of the four: prints how many were admitted and refused, and its CPU."""
    bus = Bus("execution", url, stream_replicas=1)
    await bus.connect()
    clock = BrokerTime()
    await clock.measure(bus)
    limits = RateLimits("execution", JetStreamCounter(bus), clock)
    await limits.look()
    running = asyncio.create_task(limits.run())
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    wanted, counts = limits_of(per_minute), [0, 0]
    began, until = process_time(), perf_counter() + seconds
    while perf_counter() < until:
        calls = await asyncio.gather(
            *(limits.admit(wanted) for _ in range(2)), return_exceptions=True
        )
        counts[0] += calls.count(None)
        counts[1] += len(calls) - calls.count(None)
        await asyncio.sleep(pause)
    running.cancel()
    print(json.dumps([*counts, process_time() - began]), flush=True)
    await limits.close()
    await bus.stop()


async def together(
    url: str, broker: int, per_minute: int, seconds: float, pauses: Sequence[float]
) -> list[str]:
    children = []
    for pause in pauses:
        command = ["--process", url, str(per_minute), str(seconds), str(pause)]
        children.append(
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.bench.rate_limits", *command),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
        )
    for child in children:
        await child.stdout.readline()
    before = cpu_seconds(broker)
    for child in children:
        child.stdin.write(b"go\n")
    found = [json.loads(await child.stdout.readline()) for child in children]
    spent = cpu_seconds(broker) - before
    for child in children:
        await child.wait()
    admitted = sum(each[0] for each in found)
    quota = per_minute * seconds / 60
    return [
        f"{per_minute:,} a minute",
        " ".join(f"{1 / (pause + 1e-9) * 2:,.0f}" for pause in pauses),
        f"{admitted:,} ({admitted / quota - 1:+.2%})",
        " ".join(str(each[0]) for each in found),
        f"{sum(each[1] for each in found):,}",
        f"{sum(each[2] for each in found) / seconds:.1%} + {spent / seconds:.1%}",
    ]


async def main(seconds: float) -> None:
    rows = []
    for name, per_minute in (("admitted", LARGE), ("refused, nearly all", 6_000)):
        admitted, refused = await decisions(per_minute, 3)
        rows.append([name, f"{admitted + refused:,.0f}", f"{1e6 / (admitted + refused):.1f}"])
    print(table(["decisions under two quotas", "a second of CPU", "microseconds"], rows), "\n")
    with tempfile.TemporaryDirectory(prefix="openactions-bench-") as name:
        port = free_port()
        broker = nats_server(Path(name), port)
        broker.start()
        await broker.ready(partial(accepts, port))
        url = f"nats://{LOOPBACK}:{port}"
        cases = [
            (6_000, [0.005] * PROCESSES),
            (6_000, [0.005, 0.1, 0.4, 1.6]),
            (1_200, [0.005] * PROCESSES),
            (60, [0.005] * PROCESSES),
        ]
        rows = [await together(url, broker.pid, quota, seconds, pauses) for quota, pauses in cases]
        await broker.stop()
    heads = ["quota", "calls/s wanted, by process", "admitted", "by process", "refused"]
    print(table([*heads, "CPU: processes + broker"], rows))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--process"]:
        url, per_minute, seconds, pause = sys.argv[2:]
        uvloop.run(process(url, int(per_minute), float(seconds), float(pause)))
    else:
        arguments = argparse.ArgumentParser(description=__doc__)
        arguments.add_argument("--seconds", type=float, default=60)
        asyncio.run(main(arguments.parse_args().seconds))
