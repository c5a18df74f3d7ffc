"""`just bench`: invocations against calling the API directly and against FastMCP's `from_openapi`.

Everything runs as processes of its own, on loopback. A repetition starts with fresh folders and
goes through all cases in an order of its own. Nothing here passes or fails.
"""

import argparse
import asyncio
import random
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from openactions_local.child import Child
from openactions_local.servers import LOOPBACK, accepts, free_port
from tests.bench import fastmcp_up, invoke_report, upstream
from tests.bench.invoke_report import Measured, Repetitions
from tests.bench.load import Load, send
from tests.bench.platform_up import EMBEDDED_SYNC, Up, platform_up
from tests.bench.processes import CpuMeter, resident_mb

CALLS = {
    "direct": {1: 3_000, 32: 20_000},
    "read": {1: 500, 32: 1_500},
    "change": {1: 300, 32: 800},
    "FastMCP read": {1: 150, 32: 500},
    "FastMCP change": {1: 150, 32: 500},
}
"""Calls by case and calls in flight. SecantusDB slows down tenfold after some 10,000 writes; one
repetition makes 3,100 invocations of two writes at most, and 400 to warm up."""
WARM_UP = 200


@dataclass(frozen=True, slots=True)
class Stand:
    """All that a repetition needs, up and running."""

    platform: Up
    loads: dict[str, Load]
    meter: CpuMeter


@asynccontextmanager
async def stand(folder: Path, sync_interval: str) -> AsyncIterator[Stand]:
    upstream_port, fastmcp_port = free_port(), free_port()
    children = {
        upstream_port: upstream.upstream_child(folder / "upstream", upstream_port),
        fastmcp_port: fastmcp_up.fastmcp_child(folder / "fastmcp", fastmcp_port, upstream_port),
    }
    try:
        for port, child in children.items():
            child.start()
            await child.ready(partial(accepts, port))
        (folder / "platform").mkdir()
        async with platform_up(folder / "platform", upstream_port, sync_interval) as platform:
            loads = _loads(platform, upstream_port, fastmcp_port)
            yield Stand(platform, loads, _meter(platform, children[fastmcp_port]))
    finally:
        for child in children.values():
            await child.stop()


def _meter(platform: Up, fastmcp: Child) -> CpuMeter:
    return CpuMeter({**platform.pids, "FastMCP": fastmcp.pid})


def _loads(platform: Up, upstream_port: int, fastmcp_port: int) -> dict[str, Load]:
    direct = f"http://{LOOPBACK}:{upstream_port}/items/42?units=metric"
    fastmcp = f"http://{LOOPBACK}:{fastmcp_port}/mcp"
    ours = {"authorization": f"Bearer {platform.token}", "content-type": "application/json"}
    theirs = fastmcp_up.HEADERS
    calls = {"getItem": upstream.READ, "addItem": upstream.CHANGE}
    expected = upstream.EXPECTED
    bodies = {name: platform.call(name, arguments) for name, arguments in calls.items()}
    tools = {name: fastmcp_up.tool_call(name, arguments) for name, arguments in calls.items()}
    return {
        "direct": Load("GET", direct, expected),
        "read": Load("POST", platform.url, expected, bodies["getItem"], ours),
        "change": Load("POST", platform.url, expected, bodies["addItem"], ours),
        "FastMCP read": Load("POST", fastmcp, expected, tools["getItem"], theirs),
        "FastMCP change": Load("POST", fastmcp, expected, tools["addItem"], theirs),
    }


async def measure(stand: Stand, case: str, in_flight: int) -> Measured:
    """CPU includes what is left to do after the last answer: facts are recorded in batches."""
    stand.meter.start()
    sent = await asyncio.to_thread(send, stand.loads[case], in_flight, CALLS[case][in_flight])
    await all_recorded(stand.platform)
    cpu = {name: seconds / sent.calls * 1e6 for name, seconds in stand.meter.spent().items()}
    return Measured(sent.calls_per_second, sent.p50_ms, sent.p99_ms, cpu)


async def all_recorded(platform: Up) -> None:
    while not await platform.recorded():  # noqa: ASYNC110 - the broker has no event for it
        await asyncio.sleep(0.05)


async def repetition(results: Repetitions, sync_interval: str) -> None:
    cases = [(case, in_flight) for case, calls in CALLS.items() for in_flight in calls]
    random.shuffle(cases)
    with tempfile.TemporaryDirectory(prefix="openactions-bench-") as folder:
        async with stand(Path(folder), sync_interval) as up:
            for name, pid in up.platform.pids.items():
                results.idle_mb[name].append(resident_mb(pid))
            for case in [case for case in up.loads if case != "direct"]:
                await asyncio.to_thread(send, up.loads[case], 32, WARM_UP // 2)
            await all_recorded(up.platform)
            for case, in_flight in cases:
                results.measured[case, in_flight].append(await measure(up, case, in_flight))


async def main(repetitions: int, sync_interval: str) -> None:
    fastmcp_up.install()
    results = Repetitions(defaultdict(list), defaultdict(list))
    for number in range(1, repetitions + 1):
        print(f"Repetition {number} of {repetitions} …", flush=True)
        await repetition(results, sync_interval)
    print(invoke_report.report(results))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=5, help="at least 3")
    parser.add_argument("--sync-interval", default=EMBEDDED_SYNC, help="the broker's; such as 2m")
    arguments = parser.parse_args()
    asyncio.run(main(max(3, arguments.repetitions), arguments.sync_interval))
