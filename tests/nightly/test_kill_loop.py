"""Process after process is killed under load: what was answered is on record, nothing runs twice.

`just test-nightly --kills 20` makes fewer kills.
"""

import asyncio
import os
import random
import signal
from collections import Counter

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from openactions import OpenActions
from openactions_local.listening import listen
from openactions_local.serving import serving_in_thread
from tests.chaos.load import Load, eventually_lost, records
from tests.chaos.test_kill_one_process import published_gpt
from tests.e2e.platform_process import PlatformProcess

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(2 * 3_600)]

REPLICAS = 4
CALLERS = 6
ANSWERS_BETWEEN_KILLS = 20
RECOVERS_WITHIN_SECONDS = 120
ORPHANED_AFTER_SECONDS = 60
SETTLED_WITHIN_SECONDS = 240
PAUSE_OF_API_SECONDS = 0.1
"""In each call, so that every kill meets some under way."""


class RecordingDemo:
    """Takes pets as the demo API does, and keeps the name in each request that reached it."""

    def __init__(self, port):
        self.names = []
        app = Starlette(routes=[Route("/pets", self._add, methods=["POST"])])
        self._serving = serving_in_thread(app, listen(port))

    async def _add(self, request):
        pet = await request.json()
        self.names.append(pet["name"])
        await asyncio.sleep(PAUSE_OF_API_SECONDS)
        return JSONResponse({"id": len(self.names), **pet}, 201)

    def __enter__(self):
        self._serving.__enter__()
        return self

    def __exit__(self, *raised):
        return self._serving.__exit__(*raised)


@pytest.fixture
def kills(request):
    return request.config.getoption("--kills")


def test_kills_of_every_kind_lose_no_answered_call_and_repeat_none(
    tmp_path, unused_tcp_port, kills
):
    port = unused_tcp_port
    folder = ["--data", tmp_path, "--port", "0", "--demo-port", port]
    settings = {"EXECUTION_ORPHANED_AFTER_SECONDS": str(ORPHANED_AFTER_SECONDS)}
    form = ["--separate", "--replicas", REPLICAS, *folder]
    draw = random.Random()
    with PlatformProcess(form, settings, up_within=300) as up, RecordingDemo(port) as demo:
        with OpenActions(up.url, up.token) as platform:
            gpt_id = published_gpt(platform, port)
        names = up.processes()
        with Load(up, gpt_id, CALLERS) as load:
            for number in range(kills):
                load.wait_for_answers(ANSWERS_BETWEEN_KILLS, RECOVERS_WITHIN_SECONDS)
                killed = draw.choice(names)
                os.kill(up.pid_of(killed), signal.SIGKILL)
                up.wait_for_restart(killed, within=60)
                print(f"{number + 1}: {killed}; {len(load.answered)} answers", flush=True)
            load.wait_for_answers(ANSWERS_BETWEEN_KILLS, RECOVERS_WITHIN_SECONDS)

        assert eventually_lost(up, load, SETTLED_WITHIN_SECONDS) == {}
        assert max(Counter(demo.names).values()) == 1, "a call that changes something ran twice"
        assert load.added
        assert set(load.added) <= set(demo.names)
        outcomes = Counter(outcome for _, outcome in records(up))
        print(f"{kills} kills, {load.refused} refusals, records: {dict(outcomes)}", flush=True)
