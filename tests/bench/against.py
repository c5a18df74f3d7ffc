"""`just bench against FOLDER`: what a read costs here and in another checkout, such as a release.

Both platforms are up at the same time and are measured in turns, each by its own checkout's
programs (`invoke`), so that whatever else the machine does falls on both alike. FOLDER needs its
own environment: run `./openactions check` there first. Nothing passes or fails.
"""

import argparse
import asyncio
import signal
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import orjson

from tests.bench import fastmcp_up
from tests.bench.invoke import Stand, all_recorded, stand
from tests.bench.load import send
from tests.bench.platform_up import EMBEDDED_SYNC
from tests.bench.summary import table

HERE = Path(__file__).parents[2]
IN_FLIGHT = 32
CALLS = 1_000
WARM_UP = 300
TURNS = 8
IDLE_SECONDS = 3.0
IDLE_EVERY = 3
"""Turns from one measurement of an idle second to the next: both orders come up."""
ENDS_WITHIN_SECONDS = 60
BESIDE = ("database", "FastMCP")
"""Measured, and not in a sum."""


@dataclass
class Side:
    """One checkout's figures, by process; microseconds of CPU."""

    a_call: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    idle_second: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


class Served:
    """A platform of one checkout, which measures itself when it is asked to."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def measure(self, what: str) -> dict[str, float]:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # `answer` says so
            self._process.stdin.write(f"{what}\n".encode())
            self._process.stdin.flush()
        return self.answer()

    def answer(self) -> dict[str, float]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            sys.exit("A platform ended before it was measured; its output is above.")
        answer: dict[str, float] = orjson.loads(line)
        return answer


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    python = folder / ".venv" / "bin" / "python"
    process = subprocess.Popen(
        ["env", f"PYTHONPATH={folder}", python, "-P", __file__, "--serve", folder],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        platform = Served(process)
        platform.answer()
        yield platform
    finally:
        end(process)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Its input ends, and so does it. Where it hangs, it is interrupted, so that it stops its
    servers, and killed if that does not help: its servers are killed with it
    (`openactions_local.child`).
    """
    try:
        process.communicate(timeout=ENDS_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        print("A platform did not end by itself and is interrupted.", file=sys.stderr)
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(ENDS_WITHIN_SECONDS)
    finally:
        process.kill()  # nothing happens where it has ended
        process.wait()


async def serve() -> None:
    """In the other process: answers each line of the input with a line of JSON."""
    fastmcp_up.install()
    with tempfile.TemporaryDirectory(prefix="openactions-bench-") as folder:
        async with stand(Path(folder), EMBEDDED_SYNC) as up:
            await asyncio.to_thread(send, up.loads["read"], IN_FLIGHT, WARM_UP)
            await all_recorded(up.platform)
            _print({})
            while what := (await asyncio.to_thread(sys.stdin.readline)).strip():
                _print(await (_idle(up) if what == "idle" else _calls(up)))


def _print(figures: Mapping[str, float]) -> None:
    print(orjson.dumps(figures).decode(), flush=True)


async def _idle(up: Stand) -> dict[str, float]:
    up.meter.start()
    await asyncio.sleep(IDLE_SECONDS)
    return {name: 1e6 * spent / IDLE_SECONDS for name, spent in up.meter.spent().items()}


async def _calls(up: Stand) -> dict[str, float]:
    """Until the recorder has taken every fact."""
    up.meter.start()
    sent = await asyncio.to_thread(send, up.loads["read"], IN_FLIGHT, CALLS)
    await all_recorded(up.platform)
    return {name: 1e6 * spent / sent.calls for name, spent in up.meter.spent().items()}


def compare(folders: tuple[Path, Path], repetitions: int) -> tuple[Side, Side]:
    sides = Side(), Side()
    for number in range(1, repetitions + 1):
        print(f"Repetition {number} of {repetitions} …", flush=True)
        with ExitStack() as both:
            platforms = [both.enter_context(served(folder)) for folder in folders]
            for turn in range(TURNS):
                for which in (0, 1) if turn % 2 else (1, 0):
                    if turn % IDLE_EVERY == 0:
                        _add(sides[which].idle_second, platforms[which].measure("idle"))
                    _add(sides[which].a_call, platforms[which].measure("calls"))
    return sides


def _add(to: dict[str, list[float]], figures: Mapping[str, float]) -> None:
    for name, value in figures.items():
        to[name].append(value)
    to["all but the database"].append(sum(v for n, v in figures.items() if n not in BESIDE))


def report(theirs: Side, ours: Side) -> str:
    rows = [
        [
            name,
            f"{median(theirs.idle_second[name]) / 1e3:.1f}",
            f"{median(ours.idle_second[name]) / 1e3:.1f}",
            f"{median(theirs.a_call[name]):,.0f}",
            f"{median(ours.a_call[name]):,.0f}",
            _ratios(theirs.a_call[name], ours.a_call[name]),
        ]
        for name in ours.a_call.keys() & theirs.a_call.keys() - {"FastMCP"}
    ]
    heads = ["CPU of", "idle, ms a second: there", "here", "a read, µs: there", "here", "times"]
    return table(heads, sorted(rows, key=lambda row: -float(row[3].replace(",", ""))))


def _ratios(theirs: list[float], ours: list[float]) -> str:
    """The median of each turn's ratio, and in brackets the quartiles."""
    low, middle, high = quantiles([b / a for a, b in zip(theirs, ours, strict=True)], n=4)
    return f"{middle:.3f} ({low:.3f}-{high:.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="another checkout, with its environment")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        asyncio.run(serve())
        return
    started = perf_counter()
    theirs, ours = compare((arguments.folder.resolve(), HERE), arguments.repetitions)
    print(report(theirs, ours))
    print(f"{perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
