"""How long after a rule change calls still run: `python -m tests.bench.rule_change`.

Light load goes on all the time. Each change empties the list of allowed domains; what counts is the
time from the change's answer to the start of the last call that still ran. Nothing passes or fails.
"""

import argparse
import asyncio
import tempfile
from functools import partial
from pathlib import Path
from time import monotonic

from openactions import ProblemError
from openactions_local.servers import accepts, free_port
from tests.bench import upstream
from tests.bench.platform_up import Up, platform_up
from tests.bench.summary import middle, percentile, table

CALLS_EVERY_SECONDS = 0.005
WATCHED_SECONDS = 1.5
CALLERS = 2
REFUSED = "policy.no_domains_allowed"


async def call_until(up: Up, deadline: float, ran: list[float]) -> None:
    """Call again and again; note when each call that still ran was started."""

    def calls() -> None:
        with up.client("execution") as execution:
            while monotonic() < deadline:
                started = monotonic()
                try:
                    execution.invoke(up.gpt_id, "getItem", upstream.READ)
                except ProblemError as refused:
                    if refused.code != REFUSED:
                        raise
                else:
                    ran.append(started)

    await asyncio.to_thread(calls)


async def one_change(up: Up) -> tuple[float, float]:
    """Seconds from the change's answer, and from its request, to the last call that ran."""
    policy = up.client("policy")
    await asyncio.to_thread(policy.put, "/v1/domains", _allowing(upstream.DOMAIN))
    await _until_calls_run(up)
    ran: list[float] = []
    deadline = monotonic() + WATCHED_SECONDS
    callers = [asyncio.create_task(call_until(up, deadline, ran)) for _ in range(CALLERS)]
    await asyncio.sleep(0.2)
    asked = monotonic()
    await asyncio.to_thread(policy.put, "/v1/domains", _allowing())
    answered = monotonic()
    await asyncio.gather(*callers)
    return max(0.0, max(ran) - answered), max(0.0, max(ran) - asked)


async def _until_calls_run(up: Up) -> None:
    with up.client("execution") as execution:
        while True:
            try:
                await asyncio.to_thread(execution.invoke, up.gpt_id, "getItem", upstream.READ)
            except ProblemError:
                await asyncio.sleep(CALLS_EVERY_SECONDS)
            else:
                return


def _allowing(*domains: str) -> dict:
    return {"mode": "list", "domains": list(domains)}


async def main(changes: int) -> None:
    with tempfile.TemporaryDirectory(prefix="openactions-bench-") as name:
        folder = Path(name)
        port = free_port()
        api = upstream.upstream_child(folder / "upstream", port)
        api.start()
        await api.ready(partial(accepts, port))
        (folder / "platform").mkdir()
        async with platform_up(folder / "platform", port) as up:
            measured = [await one_change(up) for _ in range(changes)]
        await api.stop()
    rows = []
    for what, at in (("the change's answer", 0), ("its request", 1)):
        milliseconds = [pair[at] * 1000 for pair in measured]
        worst = percentile(milliseconds, 100)
        rows.append([what, middle(milliseconds, 1), f"{worst:.1f}", "≤ 1,000"])
    print(f"{changes} changes, {CALLERS} callers. Milliseconds to the last call that ran:\n")
    print(table(["from", "median", "worst", "budget"], rows))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--changes", type=int, default=25)
    asyncio.run(main(max(20, arguments.parse_args().changes)))
