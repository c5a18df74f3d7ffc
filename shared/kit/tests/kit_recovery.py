"""Is a service back? Everything that it does with its broker and its database, tried anew."""

import asyncio
from contextlib import asynccontextmanager
from itertools import count
from time import monotonic

from contracts.errors import PlatformError
from contracts.facts import DomainsChanged
from contracts.requests import CheckHosts
from kit.bus import Bus
from kit.testing import running
from shared.kit.tests.kit_fakes import domains_changed
from shared.kit.tests.kit_service import published, service

ASK_SECONDS = 1.0
WATCHED_WITHIN_SECONDS = 0.2
CONNECT_WITHIN_SECONDS = 30.0
LOOK_EVERY_SECONDS = 0.02
NUMBERS = count(1_000)


class Probe:
    """`back` returns once each of five things works that has not worked before."""

    def __init__(self, tested, other):
        self.tested = tested
        self.client = None
        self._other = other
        self._watched = set()
        tested.chassis.watch.on(DomainsChanged, lambda fact: self._watched.add(fact.revision))

    async def back(self, within_seconds=10.0):
        """How many seconds each of them took, by name; TimeoutError names those that did not."""
        checks = (self.ready, self.watches, self.consumes, self.records, self.answers)
        began, seconds = monotonic(), {}

        async def measured(check):
            await check()
            seconds[check.__name__] = monotonic() - began

        tasks = [asyncio.create_task(measured(check)) for check in checks]
        _, late = await asyncio.wait(tasks, timeout=within_seconds)
        for task in late:
            task.cancel()
        missing = sorted({check.__name__ for check in checks} - seconds.keys())
        assert not missing, f"not back after {within_seconds} s: {missing}; back: {seconds}"
        for task in tasks:
            task.result()
        return seconds

    async def ready(self):
        await repeated(self._is_ready)

    async def _is_ready(self):
        return (await self.client.get("/readyz")).status_code == 200

    async def watches(self):
        """The watch is in sync, and reacts to a fact that is published then."""
        await repeated(self._is_watched)
        await self.tested.chassis.watch.ensure_in_sync()

    async def consumes(self):
        """A document and its fact are written, and the durable consumer takes the fact."""
        number = next(NUMBERS)
        await repeated(lambda: self._written(number))
        await repeated(lambda: self._is_taken(number))

    async def records(self):
        """The service publishes a fact, and its consumer of batches takes it."""
        number = next(NUMBERS)
        await repeated(lambda: self._published(published(number)))
        await repeated(lambda: self._is_taken(number))

    async def answers(self):
        """A question that somebody else asks is answered."""
        await repeated(self._answered)

    async def _written(self, number):
        """Also where an earlier try stored it before it was refused: the fact follows then."""
        answer = await self.client.post(f"/v1/things/thing_{number}?revision={number}")
        return answer.status_code in (200, 409)

    async def _is_taken(self, number):
        return self.tested.taken.times(number) > 0

    async def _published(self, fact):
        await self.tested.chassis.bus.publish(fact)
        return True

    async def _is_watched(self):
        """One that was stored while the watch began anew is not delivered: each try has its own."""
        number = next(NUMBERS)
        await self._other.publish(domains_changed(number))
        await asyncio.sleep(WATCHED_WITHIN_SECONDS)
        return number in self._watched

    async def _answered(self):
        await self._other.ask(CheckHosts(workspace_id="ws_1", hosts=["a.example"]), ASK_SECONDS)
        return True


async def repeated(attempt):
    """As clients do: again until it is not refused."""
    while True:
        try:
            if await attempt():
                return
        except PlatformError:
            pass
        await asyncio.sleep(LOOK_EVERY_SECONDS)


async def connected(bus):
    """As `Chassis` connects: again while JetStream does not answer, such as without a leader."""
    async with asyncio.timeout(CONNECT_WITHIN_SECONDS):
        await repeated(lambda: _connects(bus))


async def _connects(bus):
    await bus.connect()
    return True


@asynccontextmanager
async def probed(service_url, mongodb_url, other_url, *, stream_replicas=1):
    """A running service, and somebody who reaches it over `other_url`."""
    tested = service(service_url, mongodb_url, stream_replicas=stream_replicas)
    other = Bus("neighbours", other_url, stream_replicas=stream_replicas)
    await connected(other)
    try:
        probe = Probe(tested, other)
        async with running(tested.api) as client:
            probe.client = client
            await probe.back()
            yield probe
    finally:
        await other.stop()
