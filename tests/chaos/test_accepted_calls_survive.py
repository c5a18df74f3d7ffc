"""Calls that were accepted (202) end and are sent once, whatever dies. Repeating a request with its
idempotency key sends nothing a second time.
"""

import asyncio
import os
import signal
from collections import Counter
from time import monotonic, sleep

import orjson
import pytest

from openactions import OpenActions, ProblemError, Unreachable
from openactions_local import demo_api
from openactions_local.listening import listen
from openactions_local.serving import serving_in_thread
from tests.chaos.test_kill_one_process import published_gpt
from tests.e2e.platform_process import PlatformProcess

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]

CALLS = 40
API_TAKES_SECONDS = 1.5
LEASE_SECONDS = 60
ENDED_WITHIN_SECONDS = 150
FINAL = {"succeeded", "failed", "unknown", "refused", "expired"}


class CountingDemo:
    """The demo API, slow, which counts each pet that somebody asked it to add."""

    def __init__(self):
        self.added = Counter()
        self._demo = demo_api.build()

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self._demo(scope, receive, send)
            return
        message = await receive()
        if scope["method"] == "POST":
            self.added[orjson.loads(message["body"])["name"]] += 1
        await asyncio.sleep(API_TAKES_SECONDS)

        async def again():
            return message

        await self._demo(scope, again, send)


@pytest.fixture
def demo(demo_port):
    api = CountingDemo()
    with serving_in_thread(api, listen(demo_port)):
        yield api


def accept_and_repeat(platform, gpt_id, name, within=60):
    """Send the request until it is accepted; the key makes that safe."""
    deadline = monotonic() + within
    while True:
        try:
            return platform.invoke(
                gpt_id,
                "addPet",
                {"name": name, "species": "cat"},
                idempotency_key=name,
                asynchronous=True,
            )["id"]
        except (ProblemError, Unreachable):
            assert monotonic() < deadline, f"{name} was never accepted"
            sleep(0.3)


def eventually_ended(platform, ids):
    deadline = monotonic() + ENDED_WITHIN_SECONDS
    ended = {}
    while len(ended) < len(ids) and monotonic() < deadline:
        for name, id_ in ids.items():
            if name in ended:
                continue
            try:
                found = platform.invocation(id_, wait_seconds=1)
            except (ProblemError, Unreachable):
                continue
            if found["state"] in FINAL:
                ended[name] = found
    return ended


def test_every_accepted_call_ends_and_none_is_sent_twice(tmp_path, demo, demo_port):
    folder = ["--data", tmp_path, "--port", "0", "--demo-port", demo_port]
    settings = {"EXECUTION_ORPHANED_AFTER_SECONDS": str(LEASE_SECONDS)}
    form = ["--separate", "--replicas", 2, *folder]
    with (
        PlatformProcess(form, settings, up_within=150) as up,
        OpenActions(up.url, up.token) as platform,
    ):
        gpt_id = published_gpt(platform, demo_port)
        ids = {}
        for number in range(CALLS):
            ids[f"pet-{number}"] = accept_and_repeat(platform, gpt_id, f"pet-{number}")
            if number in (CALLS // 3, 2 * CALLS // 3):
                for name in up.processes_of("execution"):
                    os.kill(up.pid_of(name), signal.SIGKILL)

        ended = eventually_ended(platform, ids)
        again = {name: accept_and_repeat(platform, gpt_id, name) for name in ids}

        assert ids.keys() - ended.keys() == set(), "these never ended"
        assert {name: sent for name, sent in demo.added.items() if sent > 1} == {}
        known = {name for name, found in ended.items() if found["state"] in ("succeeded", "failed")}
        assert known - demo.added.keys() == set(), "these were never sent"
        states = Counter(found["state"] for found in ended.values())
        assert states.keys() <= {"succeeded", "failed", "unknown"}
        assert known, "no call ended without a kill"
        assert len(known) < CALLS, "the kills met no call under way"
        assert again == ids
