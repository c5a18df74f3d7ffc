"""What a builder waits for, and how long others wait meanwhile.

    python -m tests.bench.schema_requests DOCUMENT... [--requests 100] [--builders 8 --every 0.5]

The schema service runs alone, in a process of its own, on a real broker and database; this process
is its client and its identity service. Every document is validated and stored as often as asked,
each time with one more blank line, so that none is known already, and after the deep verification
of the one before; by several builders at once, each of whom rests a while before the next. Printed
are

- the milliseconds until the whole answer has arrived;
- by how long the service's event loop was late at worst, as a task sees it that sleeps for a
  millisecond at a time; not counted is how long other processes had all cores;
- the memory of the service with its processes, shared pages counted once: before, and how much
  more it had at most when an answer had arrived.

The budgets are those of issue 3: 50 ms p99 for a document the size of a GPT's, 1 s and 250 MB for
GitHub's description, 10 ms for the event loop.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from time import perf_counter, sleep

from contracts.requests import Authenticate, Role
from kit.testing import known_callers, neighbours, token_of
from openactions import OpenActions
from openactions_local.child import Child
from openactions_local.servers import LOOPBACK, accepts, free_port, mongodb_server, nats_server
from tests.bench.processes import proportional_mb
from tests.bench.schema_served import LATENESS
from tests.bench.summary import percentile, table

FIRST = "openapi: 3.1.0"
"""The framework prepares a route at its first request, which takes 15 ms once."""
SETTLE_SECONDS = 3.0
PATHS = ("/v1/schemas/validate", "/v1/schemas")


@dataclass(frozen=True, slots=True)
class Load:
    """`requests` of each of `builders`, with `every` seconds between them."""

    requests: int
    builders: int
    every: float


def measure(schema: OpenActions, pid: int, path: str, document: str, load: Load) -> list[str]:
    schema.post_document(path, FIRST, "application/yaml")
    sleep(SETTLE_SECONDS)
    schema.get(LATENESS)
    idle, used = proportional_mb(pid), [0.0]

    def of(builder: int) -> list[float]:
        waited = []
        for milliseconds in pasted(schema, path, document, load, builder):
            waited.append(milliseconds)
            if builder == 0:
                used.append(proportional_mb(pid))
        return waited

    with ThreadPoolExecutor(load.builders) as builders:
        waited = [each for one in builders.map(of, range(load.builders)) for each in one]
    late = schema.get(LATENESS)
    times = [f"{percentile(waited, at):,.0f}" for at in (50, 99, 100)]
    return [*times, f"{late:.1f}", f"{idle:.0f}", f"{max(used) - idle:.0f}"]


def pasted(
    schema: OpenActions, path: str, document: str, load: Load, builder: int
) -> Iterator[float]:
    """Milliseconds that each answer took."""
    sleep(load.every * builder / load.builders)
    for number in range(load.requests):
        text = document + "\n" * (number * load.builders + builder + 1)
        began = perf_counter()
        answer = schema.post_document(path, text, "application/yaml")
        yield (perf_counter() - began) * 1000
        if "id" in answer:
            until_verified(schema, answer["id"])
        sleep(load.every)


def until_verified(schema: OpenActions, schema_id: str) -> None:
    """One paste after the other, as from one builder."""
    while not schema.get(f"/v1/schemas/{schema_id}")["verified"]:
        sleep(0.25)


async def main(documents: list[Path], load: Load) -> None:
    rows = []
    with tempfile.TemporaryDirectory(prefix="openactions-bench-") as name:
        folder = Path(name)
        broker_port, database_port, port = free_port(), free_port(), free_port()
        broker = nats_server(folder / "nats", broker_port)
        database = mongodb_server(folder / "mongodb", database_port)
        command = [sys.executable, "-m", "tests.bench.schema_served", str(port)]
        service = Child(
            "schema",
            command,
            folder / "schema.log",
            {
                "SCHEMA_NATS_URL": f"nats://{LOOPBACK}:{broker_port}",
                "SCHEMA_MONGODB_URL": f"mongodb://{LOOPBACK}:{database_port}",
                "SCHEMA_STREAM_REPLICAS": "1",
                "BLOBS_URL": (folder / "blobs").as_uri(),
            },
        )
        children = [broker, database, service]
        try:
            for child, at in ((broker, broker_port), (database, database_port)):
                child.start()
                await child.ready(partial(accepts, at))
            async with neighbours(f"nats://{LOOPBACK}:{broker_port}") as others:
                await others.answer(Authenticate, known_callers(("builder", "ws_1", Role.OWNER)))
                service.start()
                await service.ready(partial(accepts, port))
                with OpenActions(f"http://{LOOPBACK}:{port}", token_of("builder")) as schema:
                    for document, path in product(documents, PATHS):
                        text = document.read_text()
                        measured = await asyncio.to_thread(
                            measure, schema, service.pid, path, text, load
                        )
                        about = [document.name[-40:], f"{len(text) / 1024:,.0f}", path]
                        rows.append(about + measured)
        finally:
            for child in reversed(children):
                await child.stop()
    times = ["p50 ms", "p99 ms", "worst ms", "loop late ms"]
    print(table(["document", "kB", "POST", *times, "idle MB", "+ MB"], rows))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", nargs="+", type=Path)
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--builders", type=int, default=1)
    parser.add_argument("--every", type=float, default=0.0, metavar="SECONDS")
    asked = parser.parse_args()
    asyncio.run(main(asked.documents, Load(asked.requests, asked.builders, asked.every)))
