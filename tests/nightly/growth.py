"""What a running platform uses, sampled, and whether it grows."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import nats

from kit import mongo
from kit.across_workspaces import EPOCH
from tests.bench.processes import resident_mb

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
    overdue: int
    """Audit records older than twice the time for which they are kept."""


@dataclass
class Sampler:
    """Looks at the processes, the broker and the database of a platform that is up."""

    pids: dict[str, int]
    kept_for: float
    """Seconds for which the trail keeps a record."""
    samples: list[Sample] = field(default_factory=list)

    async def __aenter__(self):
        environment = environment_of(self.pids["execution"])
        self._bus = await nats.connect(environment["EXECUTION_NATS_URL"])
        self._database = mongo.connect(environment["EXECUTION_MONGODB_URL"])["execution"]
        return self

    async def __aexit__(self, *_):
        await self._bus.close()
        self._database.client.close()

    async def sample(self, calls):
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
                await self._overdue(),
            )
        )

    async def _overdue(self):
        """Counting all would be a full scan, during which the database answers nobody."""
        until = datetime.now(UTC) - timedelta(seconds=2 * self.kept_for)
        late = {"state.at": {"$gt": EPOCH, "$lt": until}}
        return len([1 async for _ in self._database["invocations"].find(late, {"_id": True})])

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
        print(
            f"{last.calls} calls; MB: {memory}; {streams}; {last.overdue} overdue in the trail",
            flush=True,
        )


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
