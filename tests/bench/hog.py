"""What a workspace far beyond its quota costs another: `just bench hog` (H107, G16).

A quiet workspace calls, one call after the other, alone and beside one that calls 1,000 times a
second at a quota of 20, in turns within one run; the hog does not care what it is answered. Nothing
passes or fails.
"""

import argparse
import asyncio
import json
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path

from openactions import OpenActions
from openactions_local.child import Child
from openactions_local.servers import LOOPBACK, accepts, free_port
from tests.bench import upstream
from tests.bench.platform_up import Up, platform_up
from tests.bench.processes import CpuMeter
from tests.bench.sharing import body, document, neighbour, workspace
from tests.bench.sharing_load import request
from tests.bench.summary import percentile, table

CALLS_A_SECOND = 1_000
QUOTA_A_SECOND = 20


def hog(port: int, token: str, gpt_id: str) -> subprocess.Popen[bytes]:
    sent = body(gpt_id, "getItem").decode()
    command = [sys.executable, "-m", "tests.bench.hog_load", str(port), token, sent]
    process = subprocess.Popen([*command, str(CALLS_A_SECOND)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()  # it calls from now on
    return process


def stopped(process: subprocess.Popen[bytes]) -> Counter[str]:
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=20)
    return Counter(json.loads(out))


async def measure(up: Up, origin: str, rounds: int, seconds: float) -> list[list[str]]:
    port = up.ports["execution"]
    ours, theirs = workspace(up, document(origin)), workspace(up, document(origin))
    policy = OpenActions(f"http://{LOOPBACK}:{up.ports['policy']}", theirs[0])
    policy.patch("/v1/settings", {"calls_per_minute": 60 * QUOTA_A_SECOND})
    sent = request(port, ours[0], body(ours[1], "getItem"))
    await neighbour(port, sent, 1)
    meter = CpuMeter(up.pids)
    took: dict[str, list[float]] = {"alone": [], "beside the hog": []}
    spent: dict[str, Counter[str]] = {name: Counter() for name in took}
    statuses: Counter[str] = Counter()
    for _ in range(rounds):
        for name in took:
            process = hog(port, *theirs) if name != "alone" else None
            await asyncio.sleep(2)
            meter.start()
            took[name] += await neighbour(port, sent, seconds)
            spent[name].update(meter.spent())
            statuses += stopped(process) if process else Counter()
            await asyncio.sleep(1)
    return [
        [name, *_figures(times, took["alone"]), _cpu(spent[name], rounds * seconds), ""]
        for name, times in took.items()
    ] + [["", "", "", "", "", str(dict(statuses))]]


def _figures(took: list[float], alone: list[float]) -> list[str]:
    at = {each: (percentile(took, each), percentile(alone, each)) for each in (50, 99)}
    return [
        str(len(took)),
        *(f"{at[each][0]:.2f} ({at[each][0] / at[each][1]:.2f} times)" for each in (50, 99)),
    ]


def _cpu(spent: Counter[str], seconds: float) -> str:
    by_process = {name: used / seconds for name, used in spent.items()}
    most = sorted(by_process, key=by_process.__getitem__, reverse=True)[:3]
    named = ", ".join(f"{name} {by_process[name]:.0%}" for name in most)
    return f"{sum(by_process.values()):.0%} ({named})"


async def main(rounds: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory(prefix="openactions-bench-") as name:
        folder = Path(name)
        port = free_port()
        command = [sys.executable, "-m", "tests.bench.sharing_upstream", str(port)]
        api = Child("upstream", command, folder / "upstream.log")
        api.start()
        await api.ready(partial(accepts, port))
        (folder / "platform").mkdir()
        async with platform_up(folder / "platform", port) as up:
            rows = await measure(up, f"http://{upstream.HOST}:{port}", rounds, seconds)
        await api.stop()
    heads = ["a quiet workspace", "calls", "p50 ms", "p99 ms", "CPU of one core", "hog's answers"]
    print(table(heads, rows))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=4)
    arguments.add_argument("--seconds", type=float, default=5)
    chosen = arguments.parse_args()
    asyncio.run(main(chosen.rounds, chosen.seconds))
