"""How long `openactions up` takes to be ready: `python -m tests.bench.start`.

From starting the process to the first `200` of `/readyz` of every service, on a fresh folder and on
one that was used before; embedded and with `--separate`. Nothing here passes or fails.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from time import monotonic

from openactions_local.child import Child
from openactions_local.servers import LOOPBACK, free_port
from tests.bench.processes import proportional_mb
from tests.bench.summary import middle, table

PROGRAM = Path(sys.executable).with_name("openactions")


async def seconds_to_ready(folder: Path, *, separate: bool) -> tuple[float, float]:
    """And the memory of all processes then, in MB."""
    port = free_port()
    options = ["--data", str(folder / "data"), "--port", str(port)]
    options += ["--separate"] if separate else []
    child = Child("openactions", [str(PROGRAM), "up", *options], folder / "up.log")
    started = monotonic()
    child.start()
    try:
        await child.ready(lambda: announced(folder / "up.log", port))
        return monotonic() - started, proportional_mb(child.pid)
    finally:
        await child.stop()


def announced(log: Path, port: int) -> bool:
    """`up` prints its table once every service has said that it is ready."""
    url = f"http://{LOOPBACK}:{port}"
    return url in log.read_text(errors="replace")


async def main(repetitions: int) -> None:
    rows = []
    for separate in (False, True):
        first, again, memory = [], [], []
        for _ in range(repetitions):
            with tempfile.TemporaryDirectory(prefix="openactions-bench-") as name:
                seconds, resident = await seconds_to_ready(Path(name), separate=separate)
                (Path(name) / "up.log").unlink()
                first.append(seconds)
                memory.append(resident)
                again.append((await seconds_to_ready(Path(name), separate=separate))[0])
        form = "separate" if separate else "embedded"
        rows.append([form, middle(first, 1), middle(again, 1), "≤ 6", middle(memory)])
    heads = ["form", "first start, s", "second start, s", "budget", "all processes, MB"]
    print(table(heads, rows))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--repetitions", type=int, default=3)
    asyncio.run(main(arguments.parse_args().repetitions))
