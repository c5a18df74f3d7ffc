"""Every replica is stopped and started again under load, one by one: clients see no error."""

import base64
import os
import signal
import sys
import threading
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import count
from time import monotonic, sleep

import pytest

from openactions import OpenActions, ProblemError, Unreachable
from openactions_local import demo_api
from openactions_local.child import Child
from openactions_local.demo import demo_server
from openactions_local.edge import edge_child, nginx
from openactions_local.owners import SERVICES
from openactions_local.servers import accepts, free_port
from openactions_local.services import Platform
from tests.quotas import NO_QUOTAS

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(420)]

REPLICAS = 2
WORKERS = 8
PATIENCE_SECONDS = 60
AT_REST_SECONDS = 1.0
"""Between two restarts: some load on the replica that has just come back."""


class Replica:
    """One process of a service, on a port of its own."""

    def __init__(self, service, number, folder, environment):
        prefix = service.upper()
        self.port = free_port()
        self.name = f"{service}-{number}"
        address = {f"{prefix}_PORT": str(self.port), f"{prefix}_HOST": "127.0.0.1"}
        self._child = Child(
            self.name,
            [sys.executable, "-m", f"{service}_service"],
            folder / f"{self.name}.log",
            environment | address,
        )

    def start(self):
        self._child.start()

    def wait_until_ready(self):
        with OpenActions(f"http://127.0.0.1:{self.port}") as client:
            wait_for(client.is_ready, f"{self.name} is ready")

    def terminate(self):
        """As an orchestrator does; returns once the process has ended by itself."""
        os.kill(self._child.pid, signal.SIGTERM)
        wait_for(lambda: not self._child.running, f"{self.name} has ended")

    def kill(self):
        self._child.kill()

    @property
    def pid(self):
        return self._child.pid

    @property
    def running(self):
        return self._child.running


def wait_for(seen, what):
    deadline = monotonic() + PATIENCE_SECONDS
    while not seen():
        assert monotonic() < deadline, f"not within {PATIENCE_SECONDS} s: {what}"
        sleep(0.05)


@cache
def root_keys(_):
    """Of a service, for all its replicas."""
    return f"test:{base64.b64encode(os.urandom(32)).decode()}"


@contextmanager
def platform(folder, mongodb_url, nats_url, demo_port):
    """The replicas and the address of the edge before them, with an owner's token."""
    allowed_origins = demo_api.allowed_origin(demo_port)
    described = Platform(
        mongodb_url, nats_url, root_keys, allowed_origins, blobs_url=(folder / "blobs").as_uri()
    )
    token_file = folder / "owner-token"
    replicas = []
    with ExitStack() as running:
        for service in SERVICES:
            environment = described.environment(service)
            if service == "identity":
                environment["IDENTITY_OWNER_TOKEN_FILE"] = str(token_file)
            for number in range(1, REPLICAS + 1):
                replica = Replica(service, number, folder, environment)
                running.callback(replica.kill)
                replica.start()
                replicas.append(replica)
        for replica in replicas:
            replica.wait_until_ready()
        port = free_port()
        program = nginx() or pytest.skip("nginx is not installed; CI installs it")
        ports = {name: [r.port for r in replicas if r.name.startswith(name)] for name in SERVICES}
        edge = edge_child(program, folder / "edge", port, ports)
        edge.start()
        running.callback(edge.kill)
        wait_for(lambda: accepts(port), "the edge listens")
        yield replicas, f"http://127.0.0.1:{port}", token_file.read_text().strip()


class Load:
    """Clients that do what clients do, over and over; every refusal and lost answer is kept."""

    def __init__(self, url, token, gpt_id):
        self._url, self._token, self._gpt_id = url, token, gpt_id
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(n,)) for n in range(WORKERS)]
        self.errors = []
        self.answered = 0
        self.pets = count()

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _work(self, number):
        with OpenActions(self._url, self._token) as client:
            own = client.post("/v1/gpts", {"name": f"Of worker {number}"})["id"]
            while not self._over.is_set():
                for step in self._steps(client, own):
                    self._do(step)
                if (
                    number == 0
                ):  # one document a workspace: one writer, so that none waits for another
                    self._do(lambda: client.post("/v1/domains", {"domain": "more.example.net"}))
                    self._do(lambda: client.delete("/v1/domains/more.example.net"))

    def _do(self, step):
        try:
            step()
        except (ProblemError, Unreachable) as error:
            self.errors.append(f"{monotonic():.1f} {type(error).__name__} {vars(error)} {error}")
        else:
            self.answered += 1

    def _steps(self, client, own):
        """One of each kind: calls that change something, questions, writes to every service."""
        pet = {"name": f"Pet {next(self.pets)}", "species": "cat"}
        yaml = "application/yaml"
        return [
            lambda: client.invoke(self._gpt_id, "addPet", pet),
            lambda: client.invoke(self._gpt_id, "getWeather", {"city": "Bern"}),
            lambda: client.get("/v1/invocations"),
            lambda: client.patch(f"/v1/gpts/{own}", {"description": pet["name"]}),
            lambda: client.get(f"/v1/gpts/{own}"),
            lambda: client.post_document("/v1/schemas", demo_api.document(), yaml),
            lambda: client.get("/v1/workspace"),
        ]


def published_gpt(client, demo_port):
    schema = client.post_document("/v1/schemas", demo_api.document(demo_port), "application/yaml")
    gpt = client.post("/v1/gpts", {"name": "Weather and pets"})
    action = client.post(f"/v1/gpts/{gpt['id']}/actions", {"schema_id": schema["id"]})
    key = {"type": "api_key", "placement": "bearer", "token": demo_api.API_KEY}
    client.put(f"/v1/credentials/{action['id']}", key)
    client.post("/v1/domains", {"domain": demo_api.DOMAIN})
    client.patch("/v1/settings", NO_QUOTAS)
    client.post(f"/v1/gpts/{gpt['id']}/publish", {"sharing": "workspace"})
    return gpt["id"]


def test_r4_a_rolling_restart_of_every_service_shows_clients_no_error(tmp_path, servers):
    children, nats_url, mongodb_url = servers
    for child in children:
        child.start()
    demo_port = free_port()
    with (
        demo_server(demo_port),
        platform(tmp_path, mongodb_url, nats_url, demo_port) as (replicas, url, token),
        OpenActions(url, token) as client,
    ):
        gpt_id = published_gpt(client, demo_port)
        restarted = {}
        with Load(url, token, gpt_id) as load:
            for replica in replicas:
                before = len(load.errors)
                replica.terminate()
                replica.start()
                replica.wait_until_ready()
                sleep(AT_REST_SECONDS)
                restarted[replica.name] = load.errors[before:]

    assert load.answered > 100
    assert not load.errors, "\n".join(f"{name}: {restarted[name]}" for name in restarted)
