"""The identity service as a real process, killed where it hurts."""

import asyncio
import os
import re
import signal
import sys
from dataclasses import dataclass

import httpx
import pytest

from contracts.facts import WorkspaceCreated
from kit.testing import eventually, neighbours
from openactions import OpenActions
from openactions_local.child import Child
from openactions_local.servers import accepts, free_port, nats_server

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]

OPERATOR_TOKEN = "5d0c9e1ab7f24386" * 2
OPERATOR = {"authorization": f"Bearer {OPERATOR_TOKEN}"}
TOKEN = re.compile(r"oat_[A-Za-z0-9_-]{43}")


@dataclass
class Process:
    """One `python -m identity_service`, which can be killed and started again."""

    child: Child
    port: int

    async def start(self):
        self.child.start()
        with OpenActions(f"http://127.0.0.1:{self.port}") as client:
            await self.child.ready(client.is_ready)

    def client(self):
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=20)  # noqa: TID251 - to a process of our own

    def announced(self):
        return TOKEN.findall(self.child.log_path.read_text())


@pytest.fixture
async def broker(tmp_path):
    """A broker of the test's own, to be killed and started again."""
    port = free_port()
    child = nats_server(tmp_path / "nats", port)
    child.start()
    await child.ready(lambda: accepts(port))
    yield child, port
    await child.stop()


@pytest.fixture
async def identity(broker, mongodb_url, database_name, tmp_path):
    port = free_port()
    settings = {
        "IDENTITY_MONGODB_URL": mongodb_url,
        "IDENTITY_MONGODB_DATABASE": database_name,
        "IDENTITY_NATS_URL": f"nats://127.0.0.1:{broker[1]}",
        "IDENTITY_STREAM_REPLICAS": "1",
        "IDENTITY_PORT": str(port),
        "IDENTITY_OPERATOR_TOKEN": OPERATOR["authorization"].removeprefix("Bearer "),
    }
    command = [sys.executable, "-m", "identity_service"]
    child = Child("identity", command, tmp_path / "identity.log", settings)
    yield Process(child, port)
    await child.stop()


async def published_workspaces(nats_port):
    """The workspaces of every fact in the stream, as often as they are there."""
    async with neighbours(f"nats://127.0.0.1:{nats_port}") as others:
        jetstream = others.bus.jetstream
        facts = await jetstream.subscribe(WorkspaceCreated.subject, ordered_consumer=True)
        count = (await jetstream.stream_info("FACTS")).state.messages
        return [(await facts.next_msg(timeout=5)).headers["ce-subject"] for _ in range(count)]


async def test_f25_killed_between_a_write_and_its_fact_the_fact_still_comes_once(
    broker, identity, database
):
    nats, nats_port = broker
    await identity.start()
    os.kill(nats.pid, signal.SIGSTOP)  # the fact is waited for; were it gone, nobody would wait

    async with identity.client() as client:
        creating = asyncio.create_task(
            client.post("/v1/workspaces", json={"title": "Late"}, headers=OPERATOR)
        )
        written = await eventually(lambda: database.workspaces.find_one({"state.title": "Late"}))
        identity.child.kill()
        with pytest.raises(httpx.TransportError):
            await creating
    assert len(written["outbox"]) == 1

    nats.kill()
    nats.start()
    await nats.ready(lambda: accepts(nats_port))
    await identity.start()
    published = {"_id": written["_id"], "outbox": None}
    await eventually(lambda: database.workspaces.find_one(published), within_seconds=30)

    workspaces = await published_workspaces(nats_port)
    assert workspaces.count(written["_id"]) == 1
    assert len(workspaces) == len(set(workspaces)) == 2


async def test_killed_during_its_first_start_the_next_lets_the_owner_in(broker, identity, database):
    identity.child.start()
    await eventually(lambda: database.bootstraps.find_one({}), within_seconds=30)
    identity.child.kill()

    await identity.start()

    async with identity.client() as client:
        last = {"authorization": f"Bearer {identity.announced()[-1]}"}
        shown = await client.get("/v1/workspace", headers=last)
    assert shown.status_code == 200
    assert await database.workspaces.count_documents({}) == 1
    assert await database.tokens.count_documents({"removed": None}) == 1


async def test_a_clean_start_shows_the_token_once_and_logs_it_nowhere(identity):
    await identity.start()
    async with identity.client() as client:
        owner = {"authorization": f"Bearer {identity.announced()[0]}"}
        assert (await client.get("/v1/workspace", headers=owner)).status_code == 200
        assert (await client.get("/readyz")).status_code == 200
    await identity.child.stop()

    assert len(identity.announced()) == 1
