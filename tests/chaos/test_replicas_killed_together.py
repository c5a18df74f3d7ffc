"""R1: whoever got an answer finds it on record, also where all replicas die together under load."""

import asyncio
import os
import re
import signal
import threading
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest
import uvicorn

from openactions import OpenActions, ProblemError, Unreachable
from openactions_local import demo_api
from tests.chaos.test_kill_one_process import published_gpt
from tests.e2e.platform_process import PlatformProcess

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]

REPLICAS = 3
CALLERS = 4
PAUSE_SECONDS = 0.1
"""Between two calls of a caller, and in each call: so that every kill meets some under way."""
ORPHANED_AFTER_SECONDS = 60
SETTLED_WITHIN_SECONDS = 150
PET = {"name": "Mia", "species": "cat"}


@dataclass
class Load:
    """Callers that change something over and over, and keep what they were answered."""

    up: PlatformProcess
    gpt_id: str
    answered: dict[str, str] = field(default_factory=dict)
    """Outcomes by call."""
    refused: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self):
        self._callers = [threading.Thread(target=self._call_for_ever) for _ in range(CALLERS)]
        for caller in self._callers:
            caller.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        for caller in self._callers:
            caller.join()

    def _call_for_ever(self):
        with OpenActions(self.up.url, self.up.token) as platform:
            while not self._over.wait(PAUSE_SECONDS):
                try:
                    answer = platform.invoke(self.gpt_id, "addPet", PET)
                except (ProblemError, Unreachable):
                    self.refused += 1
                else:
                    self.answered[answer["id"]] = answer["outcome"]

    def wait_for_answers(self, more, within=90):
        wanted, deadline = len(self.answered) + more, monotonic() + within
        while len(self.answered) < wanted:
            assert monotonic() < deadline, f"{len(self.answered)} answers, {self.refused} refusals"
            sleep(0.1)


@pytest.fixture
def slow_demo(demo_port):
    """The demo API, with a pause in each call."""
    demo = demo_api.build()

    async def slow(scope, receive, send):
        if scope["type"] == "http":
            await asyncio.sleep(PAUSE_SECONDS)
        await demo(scope, receive, send)

    config = uvicorn.Config(slow, host="127.0.0.1", port=demo_port, log_config=None)
    server = uvicorn.Server(config)
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()
    yield demo_port
    server.should_exit = True
    serving.join()


def kill_together(up):
    names = up.processes_of("execution")
    assert len(names) == REPLICAS
    for name in names:
        os.kill(up.pid_of(name), signal.SIGKILL)
    for name in names:
        up.wait_for_restart(name, within=60)


def test_r1_every_answered_call_is_on_record_after_three_replicas_were_killed_together(
    tmp_path, slow_demo
):
    folder = ["--data", tmp_path, "--port", "0", "--demo-port", slow_demo]
    settings = {"EXECUTION_ORPHANED_AFTER_SECONDS": str(ORPHANED_AFTER_SECONDS)}
    form = ["--separate", "--replicas", REPLICAS, *folder]
    with PlatformProcess(form, settings, up_within=150) as up:
        with OpenActions(up.url, up.token) as platform:
            gpt_id = published_gpt(platform, slow_demo)
        with Load(up, gpt_id) as load:
            for _ in range(2):
                load.wait_for_answers(more=100)
                kill_together(up)
            load.wait_for_answers(more=100)
            # All replicas settle what the kills left, while calls go on.
            settled = eventually_settled(up)

        assert settled, "the kills met no call under way"
        assert eventually_lost(up, load) == {}
        assert all("openactions_facts_duplicate_total" in each for each in metrics_of(up))


def eventually_settled(up):
    """How many calls are on record as *unknown*, once there are any."""
    deadline = monotonic() + SETTLED_WITHIN_SECONDS
    while monotonic() < deadline:
        sleep(2)
        if settled := list(outcomes(up).values()).count("unknown"):
            return settled
    return 0


def eventually_lost(up, load, within=30):
    """What is on record of answered calls, where it is not what their caller was told."""
    deadline = monotonic() + within
    while True:
        recorded = outcomes(up)
        lost = {
            each: recorded.get(each, "nothing")
            for each, told in load.answered.items()
            if recorded.get(each) != told
        }
        if not lost or monotonic() > deadline:
            return lost
        sleep(1)


def outcomes(up):
    """Of every call on record, read page by page."""
    found, query = {}, {}
    with OpenActions(up.url, up.token) as platform:
        while True:
            page = platform.get("/v1/invocations", limit=100, **query)
            found |= {record["id"]: record["outcome"] for record in page["items"]}
            if page["next_cursor"] is None:
                return found
            query = {"cursor": page["next_cursor"]}


def metrics_of(up):
    """Each replica's own metrics, which the edge passes on to nobody."""
    for name in up.processes_of("execution"):
        environment = Path(f"/proc/{up.pid_of(name)}/environ").read_text()
        port = re.search(r"EXECUTION_PORT=(\d+)", environment)[1]
        yield httpx.get(f"http://127.0.0.1:{port}/metrics").text
