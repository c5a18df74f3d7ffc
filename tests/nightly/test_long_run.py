"""Growth: after hundreds of thousands of calls, memory is flat, streams and the trail are bounded.

`just test-nightly --calls 50000` makes a shorter run of it; with fewer nothing can be overdue.
"""

import asyncio
import threading
from time import monotonic, sleep

import pytest

from openactions import OpenActions, ProblemError, Unreachable
from tests.chaos.test_kill_one_process import CountedDemo, published_gpt
from tests.e2e.platform_process import PlatformProcess
from tests.nightly.growth import Sampler

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(4 * 3_600)]

CALLERS = 4
CALLS_A_SECOND = 180
"""What the stand-in database also deletes again: it is about growth, not about speed."""
SAMPLES = 50
REPORT_EVERY = 5
KEEP_SECONDS = 120
SECONDS_A_DAY = 86_400
MAX_STREAM_BYTES = 64 * 1024 * 1024
MAX_GROWN_MB = 12.0
"""Over the whole run after its warm-up; what fragments is less."""
STORES = ("mongodb (SecantusDB)", "nats-server")
"""Their caches fill up to limits of their own, which `MAX_STORE_MB` bounds."""
MAX_STORE_MB = 900.0
CHANGE_EVERY = 10
"""One call in so many changes something, and is published twice."""


class Caller(threading.Thread):
    """Makes calls until all callers together have made enough."""

    def __init__(self, up, gpt_id, made, wanted):
        super().__init__(daemon=True)
        self._up, self._gpt_id, self._made, self._wanted = up, gpt_id, made, wanted
        self._begun = monotonic()
        self.failures = []

    def run(self):
        with OpenActions(self._up.url, self._up.token) as platform:
            while (number := self._made.next()) <= self._wanted:
                sleep(max(0.0, self._begun + number / CALLS_A_SECOND - monotonic()))
                try:
                    self._call(platform, number)
                except (ProblemError, Unreachable) as failure:
                    self.failures.append(str(failure))

    def _call(self, platform, number):
        if number % CHANGE_EVERY:
            platform.invoke(self._gpt_id, "getWeather", {"city": f"city {number % 1000}"})
        else:
            platform.invoke(self._gpt_id, "addPet", {"name": "Mia", "species": "cat"})


class Counter:
    def __init__(self):
        self.count = 0
        self._lock = threading.Lock()

    def next(self):
        with self._lock:
            self.count += 1
            return self.count


@pytest.fixture
def calls(request):
    return request.config.getoption("--calls")


async def test_a_long_run_leaves_memory_flat_streams_and_trail_bounded(
    tmp_path, unused_tcp_port, calls
):
    form = ["--separate", "--data", tmp_path, "--port", "0", "--demo-port", unused_tcp_port]
    days = str(KEEP_SECONDS / SECONDS_A_DAY)
    settings = {
        "STREAMS_FACTS_KEEP_DAYS": days,
        "STREAMS_INVOCATIONS_KEEP_DAYS": days,
        "STREAMS_INVOCATIONS_MAX_BYTES": str(MAX_STREAM_BYTES),
        "EXECUTION_KEEP_DAYS": days,
        "EXECUTION_ORPHANED_AFTER_SECONDS": str(KEEP_SECONDS / 2),
    }
    with PlatformProcess(form, settings, up_within=120) as up, CountedDemo(unused_tcp_port):
        with OpenActions(up.url, up.token) as platform:
            gpt_id = await asyncio.to_thread(published_gpt, platform, unused_tcp_port)
        pids = {name: up.pid_of(name) for name in up.processes()}
        async with Sampler(pids, KEEP_SECONDS) as sampler:
            failures = await run(up, gpt_id, calls, sampler)

    assert failures == []
    assert_nothing_grows(sampler)
    took = sampler.samples[-1].at - sampler.samples[0].at
    assert took > 2 * KEEP_SECONDS, f"in {took:.0f} s nothing can be overdue; make more calls"


async def run(up, gpt_id, calls, sampler):
    made = Counter()
    callers = [Caller(up, gpt_id, made, calls) for _ in range(CALLERS)]
    for caller in callers:
        caller.start()
    due = 0
    while any(caller.is_alive() for caller in callers):
        if made.count >= due:
            await sampler.sample(made.count)
            if len(sampler.samples) % REPORT_EVERY == 1:
                sampler.report()
            due += max(1, calls // SAMPLES)
        await asyncio.sleep(0.2)
    await sampler.sample(made.count)
    sampler.report()
    return [failure for caller in callers for failure in caller.failures]


def assert_nothing_grows(sampler):
    services = [name for name in sampler.pids if name not in STORES]
    grown = {name: round(sampler.grown_mb(name), 1) for name in services}
    assert {name: mb for name, mb in grown.items() if mb > MAX_GROWN_MB} == {}, grown
    last = sampler.samples[-1]
    assert max(last.resident_mb[name] for name in STORES if name in sampler.pids) < MAX_STORE_MB
    assert max(each.stream_bytes["INVOCATIONS"] for each in sampler.samples) <= MAX_STREAM_BYTES
    assert last.stream_messages["DEAD_LETTERS"] == 0
    assert max(each.overdue for each in sampler.samples) == 0
