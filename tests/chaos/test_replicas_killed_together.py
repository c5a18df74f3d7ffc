"""R1: whoever got an answer finds it on record, also where all replicas die together under load.

Of each call the stream holds one end, and the metrics count every fact that it had already.
"""

import asyncio
import os
import re
import signal
import threading
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

from contracts.facts import InvocationFinished, Outcome
from kit.bus import Bus
from kit.cloudevents import BATCH_MEDIA_TYPE, facts_of
from openactions import OpenActions
from openactions_local import demo_api
from openactions_local.listening import listen
from openactions_local.serving import serving_in_thread
from tests.chaos.load import PAUSE_SECONDS, Load, eventually_lost, records
from tests.chaos.test_kill_one_process import published_gpt
from tests.e2e.platform_process import PlatformProcess

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]

REPLICAS = 3
STREAM = "INVOCATIONS"
ORPHANED_AFTER_SECONDS = 60
SETTLED_WITHIN_SECONDS = 150


class SlowDemo:
    """The demo API, with a pause in each call. Calls end together, so that facts share messages."""

    def __init__(self, port):
        self.port = port
        self._demo = demo_api.build()
        self._entered = threading.Event()

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            self._entered.set()
            await asyncio.sleep(2 * PAUSE_SECONDS - monotonic() % PAUSE_SECONDS)
        await self._demo(scope, receive, send)

    def wait_for_a_call(self, within=30):
        """Return at the start of a call, which then goes on for at least a pause. Callers pause
        together too: at any other moment none may be under way.
        """
        self._entered.clear()
        assert self._entered.wait(within), "nobody calls"


@pytest.fixture
def slow_demo(demo_port):
    demo = SlowDemo(demo_port)
    with serving_in_thread(demo, listen(demo_port)):
        yield demo


def kill_together(up, demo):
    """How many messages those that are dead now have left in the stream."""
    names = up.processes_of("execution")
    assert len(names) == REPLICAS
    nats_url, pids = nats_url_of(up), [up.pid_of(name) for name in names]
    demo.wait_for_a_call()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    left = len(asyncio.run(stored(nats_url)))
    for name in names:
        up.wait_for_restart(name, within=60)
    return left


def test_r1_every_answered_call_is_on_record_once_after_three_replicas_were_killed_together(
    tmp_path, slow_demo
):
    folder = ["--data", tmp_path, "--port", "0", "--demo-port", slow_demo.port]
    settings = {"EXECUTION_ORPHANED_AFTER_SECONDS": str(ORPHANED_AFTER_SECONDS)}
    form = ["--separate", "--replicas", REPLICAS, *folder]
    with PlatformProcess(form, settings, up_within=150) as up:
        with OpenActions(up.url, up.token) as platform:
            gpt_id = published_gpt(platform, slow_demo.port)
        with Load(up, gpt_id) as load:
            for _ in range(2):
                load.wait_for_answers(more=100)
                left = kill_together(up, slow_demo)
            load.wait_for_answers(more=100)
            # All replicas settle what the kills left, while calls go on.
            settled = eventually_settled(up)

        assert settled, "the kills met no call under way"
        assert eventually_lost(up, load) == {}
        messages, published, duplicate = at_rest(up)
        assert any(each.batched for each in messages), "no two facts shared a message"
        ends = Counter((end.invocation_id, end.outcome) for each in messages for end in each.ends)
        assert {call: ends[call] for call in load.answered.items() if ends[call] != 1} == {}
        unknown = [call for call, outcome in ends if outcome is Outcome.UNKNOWN]
        assert {call: ends[call, Outcome.UNKNOWN] for call in unknown} == dict.fromkeys(unknown, 1)
        by_the_living = sum(len(each.ends) for each in messages[left:])
        assert published - duplicate == by_the_living, "what was not stored counts as a duplicate"
        assert alarms(tmp_path) == []


def eventually_settled(up):
    """How many calls are on record as *unknown*, once there are any."""
    deadline = monotonic() + SETTLED_WITHIN_SECONDS
    while monotonic() < deadline:
        sleep(2)
        if settled := [outcome for _, outcome in records(up)].count("unknown"):
            return settled
    return 0


@dataclass(frozen=True)
class Message:
    """One of the stream of calls."""

    ends: list[InvocationFinished]
    batched: bool


def at_rest(up, within=30):
    """The stream's messages, and `counted` of the same moment."""
    nats_url, deadline = nats_url_of(up), monotonic() + within
    while True:
        before, messages = counted(up), asyncio.run(stored(nats_url))
        if counted(up) == before:
            return messages, *before
        assert monotonic() < deadline, "facts are published on and on, without a call"


async def stored(nats_url):
    """Every message of the stream of calls, the oldest first."""
    async with connected(nats_url) as bus:
        state = (await bus.jetstream.stream_info(STREAM)).state
        numbers = range(state.first_seq, state.last_seq + 1)
        messages = [await bus.jetstream.get_msg(STREAM, number) for number in numbers]
    return [message_of(each) for each in messages]


@asynccontextmanager
async def connected(nats_url):
    bus = Bus("execution", nats_url, stream_replicas=1)
    await bus.connect()
    yield bus
    await bus.stop()


def message_of(raw):
    facts = facts_of(raw.subject, raw.data, raw.headers)
    ends = [fact for fact in facts if isinstance(fact, InvocationFinished)]
    return Message(ends, (raw.headers or {}).get("content-type") == BATCH_MEDIA_TYPE)


def counted(up):
    """Ends that the running replicas published, and those of them that the stream had already."""
    texts = list(metrics_of(up))
    return [sum(sample(text, name) for text in texts) for name in ("stated", "duplicate")]


def sample(text, name):
    labels = f'fact="{InvocationFinished.name}",service="execution"'
    found = re.search(rf"^openactions_facts_{name}_total\{{{labels}\}} (\S+)", text, re.MULTILINE)
    return float(found[1]) if found else 0


def metrics_of(up):
    """Each replica's own metrics, which the edge passes on to nobody."""
    for name in up.processes_of("execution"):
        port = environment_of(up, name)["EXECUTION_PORT"]
        yield httpx.get(f"http://127.0.0.1:{port}/metrics").text


def nats_url_of(up):
    return environment_of(up, up.processes_of("execution")[0])["EXECUTION_NATS_URL"]


def environment_of(up, name):
    raw = Path(f"/proc/{up.pid_of(name)}/environ").read_text()
    return dict(each.split("=", 1) for each in raw.split("\0") if "=" in each)


def alarms(folder):
    """What the replicas logged of whole batches that the stream had already, or of lost facts."""
    logged = [path.read_text() for path in sorted((folder / "logs").glob("execution-*.log"))]
    lines = [line for text in logged for line in text.splitlines()]
    return [each for each in lines if "batch_already_stored" in each or "facts_dropped" in each]
