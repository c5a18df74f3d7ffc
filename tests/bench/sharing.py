"""What one workspace's load costs another: `python -m tests.bench.sharing`.

A neighbour calls, one call after the other, alone and beside a greedy workspace, in turns within
one run. Greedy is first 1,000 clients of an API that takes two seconds, then 64 clients of one
that answers at once. Ratios are to the neighbour's own idle values. Nothing passes or fails.
"""

import argparse
import asyncio
import json
import signal
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from time import perf_counter

import orjson

from openactions import OpenActions
from openactions_local.child import Child
from openactions_local.servers import LOOPBACK, accepts, free_port
from tests.bench import upstream
from tests.bench.platform_up import OPERATOR_TOKEN, Up, platform_up
from tests.bench.processes import cpu_seconds
from tests.bench.sharing_load import answered, request
from tests.bench.summary import percentile, table
from tests.quotas import NO_QUOTAS

LOADS = {"1,000 slow": ("getSlow", 1_000), "64 fast": ("getItem", 64)}
PAUSE_SECONDS = 0.01


def document(origin: str) -> str:
    described = upstream.document(origin)
    slow = dict(described["paths"]["/items/{item_id}"]["get"], operationId="getSlow")
    described["paths"]["/slow/{item_id}"] = {"get": slow}
    return orjson.dumps(described).decode()


def workspace(up: Up, described: str) -> tuple[str, str]:
    """A new workspace's token, and its published GPT."""
    identity = OpenActions(f"http://{LOOPBACK}:{up.ports['identity']}", OPERATOR_TOKEN)
    token = identity.post("/v1/workspaces", {"title": "One more"})["owner_token"]
    own = {name: OpenActions(f"http://{LOOPBACK}:{port}", token) for name, port in up.ports.items()}
    schema = own["schema"].post_document("/v1/schemas", described, "application/json")
    gpt_id = own["catalog"].post("/v1/gpts", {"name": "Items"})["id"]
    own["catalog"].post(f"/v1/gpts/{gpt_id}/actions", {"schema_id": schema["id"]})
    own["policy"].post("/v1/domains", {"domain": upstream.DOMAIN})
    own["policy"].patch("/v1/settings", NO_QUOTAS)
    own["catalog"].post(f"/v1/gpts/{gpt_id}/publish", {"sharing": "workspace"})
    return token, gpt_id


def body(gpt_id: str, operation: str) -> bytes:
    return orjson.dumps({"gpt_id": gpt_id, "operation": operation, "arguments": upstream.READ})


async def neighbour(port: int, sent: bytes, seconds: float) -> list[float]:
    """Milliseconds of each call; every one of them must be answered with 200."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    took = []
    until = perf_counter() + seconds
    while perf_counter() < until:
        started = perf_counter()
        writer.write(sent)
        status, _, _ = await answered(reader)
        took.append((perf_counter() - started) * 1000)
        if status != 200:
            raise RuntimeError(f"The neighbour was answered with {status}.")
        await asyncio.sleep(PAUSE_SECONDS)
    writer.close()
    return took


class Greedy:
    """The other workspace's clients, in a process of their own."""

    def __init__(self, port: int, token: str, gpt_id: str, operation: str, clients: int) -> None:
        command = [sys.executable, "-m", "tests.bench.sharing_load", str(port), token]
        command += [body(gpt_id, operation).decode(), str(clients)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)

    def stop(self) -> dict[str, int]:
        self.process.send_signal(signal.SIGTERM)
        out, _ = self.process.communicate(timeout=20)
        return json.loads(out)


async def measure(up: Up, origin: str, rounds: int, seconds: float) -> list[list[str]]:
    port, pid = up.ports["execution"], up.pids["execution"]
    ours, theirs = workspace(up, document(origin)), workspace(up, document(origin))
    sent = request(port, ours[0], body(ours[1], "getItem"))
    await neighbour(port, sent, 1)
    idle: list[float] = []
    beside: dict[str, list[float]] = {name: [] for name in LOADS}
    counted: dict[str, list[str]] = {name: [] for name in LOADS}
    for _ in range(rounds):
        idle += await neighbour(port, sent, seconds)
        for name, load in LOADS.items():
            greedy = Greedy(port, *theirs, *load)
            await asyncio.sleep(4)
            before, began = cpu_seconds(pid), perf_counter()
            beside[name] += await neighbour(port, sent, seconds)
            busy = (cpu_seconds(pid) - before) / (perf_counter() - began)
            statuses = greedy.stop()
            counted[name].append(f"{statuses} {busy:.0%}")
            await asyncio.sleep(2.5)
    rows = [["idle", *_figures(idle, idle), ""]]
    rows += [[name, *_figures(beside[name], idle), counted[name][-1]] for name in LOADS]
    return rows


def _figures(took: list[float], idle: list[float]) -> list[str]:
    at = {each: (percentile(took, each), percentile(idle, each)) for each in (50, 99)}
    return [
        str(len(took)),
        *(f"{at[each][0]:.2f} ({at[each][0] / at[each][1]:.2f} times)" for each in (50, 99)),
    ]


async def main(rounds: int, seconds: float, starts: int) -> None:
    with tempfile.TemporaryDirectory(prefix="openactions-bench-") as name:
        folder = Path(name)
        port = free_port()
        command = [sys.executable, "-m", "tests.bench.sharing_upstream", str(port)]
        api = Child("upstream", command, folder / "upstream.log")
        api.start()
        await api.ready(partial(accepts, port))
        (folder / "platform").mkdir()
        origin = f"http://{upstream.HOST}:{port}"
        more = {"EXECUTION_STARTS_AT_ONCE": str(starts)}
        async with platform_up(folder / "platform", port, more=more) as up:
            rows = await measure(up, origin, rounds, seconds)
        await api.stop()
    heads = ["beside", "calls", "p50 ms", "p99 ms", "greedy: answers by status, CPU of execution"]
    print(table(heads, rows))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=4)
    arguments.add_argument("--seconds", type=float, default=4)
    arguments.add_argument("--starts", type=int, default=2, help="EXECUTION_STARTS_AT_ONCE")
    chosen = arguments.parse_args()
    asyncio.run(main(chosen.rounds, chosen.seconds, chosen.starts))
