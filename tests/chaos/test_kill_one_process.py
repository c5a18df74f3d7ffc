"""Any one process is killed during the tour and comes back: nothing is lost, nothing runs twice."""

import os
import signal
import threading
from contextlib import ExitStack
from time import monotonic, sleep

import pytest
from starlette.applications import Starlette
from starlette.requests import Request

from openactions import OpenActions, ProblemError, Unreachable
from openactions_local import demo_api
from openactions_local.demo import Tour
from openactions_local.listening import listen
from openactions_local.owners import SERVICES
from openactions_local.serving import serving_in_thread
from tests.e2e.platform_process import PlatformProcess
from tests.quotas import NO_QUOTAS

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]

PROCESSES = [*SERVICES, "nats-server", "mongodb (SecantusDB)", "edge (nginx)"]
PATIENCE_SECONDS = 60
LAST_REQUEST_OF_THE_TOUR = 10


class PatientPlatform(OpenActions):
    """Tries again where nothing was done (503, nobody there); `before` is called ahead of each."""

    def __init__(self, url, token, before):
        super().__init__(url, token)
        self._before = before
        self._requests = 0

    def _request(self, method, path, **options):
        self._before(self._requests)
        self._requests += 1
        deadline = monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return super()._request(method, path, **options)
            except (ProblemError, Unreachable) as error:
                lost = isinstance(error, ProblemError) and error.status != 503
                if lost or monotonic() > deadline:
                    raise
                sleep(0.2)


class CountedDemo:
    """The demo API with a list of what reached it."""

    def __init__(self, port):
        self.reached = []
        demo = demo_api.build()

        async def counted(scope, receive, send):
            if scope["type"] == "http":
                self.reached.append(f"{scope['method']} {Request(scope).url.path}")
            await demo(scope, receive, send)

        self._serving = serving_in_thread(counted, listen(port))

    def __enter__(self):
        self._serving.__enter__()
        return self

    def __exit__(self, *raised):
        return self._serving.__exit__(*raised)


@pytest.mark.parametrize("name", PROCESSES)
def test_the_tour_survives_the_kill_of(name, form, demo_port):
    """Of a service with several replicas, one of them."""
    said = []
    with PlatformProcess(form, up_within=90) as up, CountedDemo(demo_port) as demo:
        killed = up.processes_of(name)[0]

        def kill_now_and_then(request):
            if request in {1, 4, 6, 8}:
                os.kill(up.pid_of(killed), signal.SIGKILL)
                up.wait_for_restart(killed)

        with PatientPlatform(up.url, up.token, kill_now_and_then) as platform:
            Tour(platform, lambda title, text: said.append((title, text)), demo_port).walk()
            trail = platform.get("/v1/invocations")["items"]

        assert up.restarts(killed) == 4
    assert said[-2] == ("Call refused", "No domains are allowed by your workspace's settings.")
    assert demo.reached == ["GET /weather/Zürich", "POST /pets"]
    outcomes = [record["outcome"] for record in trail]
    assert outcomes.count("succeeded") == 2, "each call is on record once"


def test_a_call_whose_replica_dies_is_sent_once_and_its_outcome_is_not_invented(form, demo_port):
    arrived = threading.Event()
    hold = threading.Event()
    sent = []

    async def slow(request):
        from anyio.to_thread import run_sync  # noqa: PLC0415 - beside its only use

        sent.append(request.url.path)
        arrived.set()
        await run_sync(hold.wait, 20)
        return demo_api.JSONResponse({"id": 1}, 201)

    app = Starlette(routes=[demo_api.Route("/pets", slow, methods=["POST"])])
    with ExitStack() as serving:
        serving.enter_context(serving_in_thread(app, listen(demo_port)))
        serving.callback(hold.set)
        with PlatformProcess(form, up_within=90) as up, OpenActions(up.url, up.token) as platform:
            gpt_id = published_gpt(platform, demo_port)
            failures = []
            caller = threading.Thread(target=call_and_keep_failure, args=(up, gpt_id, failures))
            caller.start()
            assert arrived.wait(20)
            replicas = up.processes_of("execution")
            for name in replicas:
                os.kill(up.pid_of(name), signal.SIGKILL)
            for name in replicas:
                up.wait_for_restart(name)
            caller.join(30)
            hold.set()

            assert [failure.status for failure in failures] == [502]
            [record] = eventually_on_record(platform)
            assert (record["operation"], record["outcome"]) == ("addPet", None)
            assert sent == ["/pets"]


def published_gpt(platform, demo_port):
    text = demo_api.document(demo_port)
    schema = platform.post_document("/v1/schemas", text, "application/yaml")
    gpt = platform.post("/v1/gpts", {"name": "Slow pets"})
    platform.post(f"/v1/gpts/{gpt['id']}/actions", {"schema_id": schema["id"]})
    platform.post("/v1/domains", {"domain": demo_api.DOMAIN})
    platform.patch("/v1/settings", NO_QUOTAS)
    platform.post(f"/v1/gpts/{gpt['id']}/publish", {"sharing": "workspace"})
    return gpt["id"]


def call_and_keep_failure(up, gpt_id, failures):
    with OpenActions(up.url, up.token) as platform:
        try:
            platform.invoke(gpt_id, "addPet", {"name": "Mia", "species": "cat"})
        except ProblemError as failure:
            failures.append(failure)


def eventually_on_record(platform):
    deadline = monotonic() + PATIENCE_SECONDS
    while monotonic() < deadline:
        try:
            if items := platform.get("/v1/invocations")["items"]:
                return items
        except (ProblemError, Unreachable):
            pass
        sleep(0.2)
    return []
