"""What a running platform uses, sampled, and whether it grows."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import nats

from kit import mongo
from kit.errors import DatabaseUnavailable
from tests.bench.processes import resident_mb

COUNTED_WITHIN_SECONDS = 20
LAST_COUNTED_WITHIN_SECONDS = 300
STREAMS = ("FACTS", "INVOCATIONS", "DEAD_LETTERS")


@dataclass
class Sample:
    """At one moment; `calls` have been made until then."""

    at: float
    """Seconds, of a monotonic clock."""
    calls: int
    resident_mb: dict[str, float]
    """By process."""
    stream_bytes: dict[str, int]
    stream_messages: dict[str, int]
    invocations: int | None
    """None where the database, busy with its clean-up, did not count them in time."""


@dataclass
class Sampler:
    """Looks at the processes, the broker and the database of a platform that is up."""

    pids: dict[str, int]
    samples: list[Sample] = field(default_factory=list)

    async def __aenter__(self):
        environment = environment_of(self.pids["execution"])
        self._bus = await nats.connect(environment["EXECUTION_NATS_URL"])
        self._database = mongo.connect(environment["EXECUTION_MONGODB_URL"])["execution"]
        return self

    async def __aexit__(self, *_):
        await self._bus.close()
        self._database.client.close()

    async def keep_trail_for(self, seconds):
        """The setting counts days; the test has minutes. Which of its indexes expires is found."""
        invocations = self._database["invocations"]
        for name, index in (await invocations.index_information()).items():
            if "expireAfterSeconds" in index:
                await invocations.drop_index(name)
                await invocations.create_index(index["key"], expireAfterSeconds=seconds, name=name)
                return
        raise AssertionError("no index of `invocations` expires, so the trail has no bound")

    async def sample(self, calls, *, within=COUNTED_WITHIN_SECONDS):
        states = {}
        for name in STREAMS:
            states[name] = (await self._bus.jetstream().stream_info(name)).state
        self.samples.append(
            Sample(
                monotonic(),
                calls,
                {name: resident_mb(pid) for name, pid in self.pids.items()},
                {name: state.bytes for name, state in states.items()},
                {name: state.messages for name, state in states.items()},
                await self._counted(within),
            )
        )

    async def sample_the_end(self, calls):
        """Raises where the database does not come to rest."""
        await self.sample(calls, within=LAST_COUNTED_WITHIN_SECONDS)
        if self.samples[-1].invocations is None:
            raise TimeoutError("The database did not count the trail after the last call.")

    async def _counted(self, seconds):
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    with suppress(DatabaseUnavailable), mongo.driver_errors():
                        return await self._database["invocations"].estimated_document_count()
        return None

    def grown_mb(self, process, *, from_share=0.4):
        """How much the process gained after its warm-up, by the slope through its samples."""
        warm = self.samples[int(len(self.samples) * from_share) :]
        points = [(each.calls, each.resident_mb[process]) for each in warm]
        return slope(points) * (points[-1][0] - points[0][0])

    def report(self):
        """One line about the last sample."""
        last = self.samples[-1]
        memory = " ".join(f"{name} {mb:.0f}" for name, mb in last.resident_mb.items())
        streams = " ".join(
            f"{name} {last.stream_messages[name]}/{last.stream_bytes[name] // 1024} kB"
            for name in STREAMS
        )
        print(f"{last.calls} calls; MB: {memory}; {streams}; trail {last.invocations}", flush=True)


def slope(points):
    """Of the straight line with the least squares: units of y for one of x."""
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


def environment_of(pid):
    """What a process of ours was started with."""
    text = Path(f"/proc/{pid}/environ").read_text()
    return dict(re.findall(r"([A-Z_]+)=([^\0]*)", text))
