"""How soon everything works again after a freeze: `python -m tests.bench.recovery`.

The broker, or the database, of a platform in separate processes is stopped (SIGSTOP) and continued
(SIGCONT). From then on counts the time until each service is ready, a call that changes nothing and
one that changes something are answered, and the recorder has taken every fact. Nothing passes or
fails.
"""

import argparse
import asyncio
import os
import signal
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import monotonic

import nats.errors

from openactions import ProblemError, Unreachable
from openactions_local.servers import free_port
from openactions_local.services import OWNED_SEGMENTS
from tests.bench import upstream
from tests.bench.platform_up import BROKER, DATABASE, Up, platform_up
from tests.bench.summary import table

FREEZES_SECONDS = (1.0, 2.0, 4.0, 7.0, 12.0, 30.0)
LOOK_EVERY_SECONDS = 0.02
GIVE_UP_SECONDS = 60.0
GOAL = "≤ 3"
READ, CHANGE = "getItem", "addItem"

Check = Callable[[], Awaitable[bool]]


async def frozen(up: Up, process: str, seconds: float) -> dict[str, float]:
    """Seconds from the end of the freeze until each thing works, by its name."""
    os.kill(up.pids[process], signal.SIGSTOP)
    await asyncio.sleep(seconds)
    os.kill(up.pids[process], signal.SIGCONT)
    thawed = monotonic()
    checks: dict[str, Check] = {
        **{service: _ready(up, service) for service in OWNED_SEGMENTS},
        "read": _called(up, READ, upstream.READ),
        "change": _called(up, CHANGE, upstream.CHANGE),
    }
    times = await asyncio.gather(*(_until(check, thawed) for check in checks.values()))
    recorded = await _until(_recorded(up), thawed)
    return dict(zip([*checks, "recorded"], [*times, recorded], strict=True))


async def _until(check: Check, since: float) -> float:
    while not await check():
        if monotonic() - since > GIVE_UP_SECONDS:
            return float("inf")
        await asyncio.sleep(LOOK_EVERY_SECONDS)
    return monotonic() - since


def _ready(up: Up, service: str) -> Check:
    async def ready() -> bool:
        with up.client(service) as client:
            return await asyncio.to_thread(client.is_ready)

    return ready


def _called(up: Up, operation: str, arguments: dict[str, object]) -> Check:
    def call() -> bool:
        with up.client("execution") as client:
            try:
                return bool(client.invoke(up.gpt_id, operation, arguments)["status"] == 200)
            except (ProblemError, Unreachable):
                return False

    async def called() -> bool:
        return await asyncio.to_thread(call)

    return called


def _recorded(up: Up) -> Check:
    async def recorded() -> bool:
        try:
            return await up.recorded()
        except (nats.errors.Error, TimeoutError, KeyError):
            return False

    return recorded


async def main(freezes: list[float]) -> None:
    rows = []
    with tempfile.TemporaryDirectory(prefix="openactions-bench-") as name:
        folder, port = Path(name), free_port()
        api = upstream.upstream_child(folder / "upstream", port)
        api.start()
        try:
            async with platform_up(folder, port) as up:
                for process in (BROKER, DATABASE):
                    for seconds in freezes:
                        rows.append(_row(process, seconds, await frozen(up, process, seconds)))
                        await asyncio.sleep(1)
        finally:
            await api.stop()
    heads = ["frozen", "for s", "slowest service", "ready s", "read s", "change s", "recorded s"]
    print(table([*heads, "goal"], rows))


def _row(process: str, frozen_seconds: float, took: dict[str, float]) -> list[str]:
    slowest = max(OWNED_SEGMENTS, key=lambda service: took[service])
    measured = [took[slowest], took["read"], took["change"], took["recorded"]]
    seconds = [f"{each:.1f}" for each in measured]
    return [process, f"{frozen_seconds:g}", slowest, *seconds, GOAL]


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--freezes", type=float, nargs="+", default=FREEZES_SECONDS)
    asyncio.run(main(list(arguments.parse_args().freezes)))
