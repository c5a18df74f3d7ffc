"""Execution while its broker or its database is away: it refuses, and recovers by itself."""

import asyncio

import pytest

from contracts.requests import Gate
from kit.testing import eventually
from openactions_local.servers import mongodb_server, nats_server
from openactions_local.testing import Server
from services.execution.tests.execution_platform import OWNER

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]


@pytest.fixture
async def broker(tmp_path):
    server = Server(nats_server, tmp_path / "nats", "nats")
    await server.start()
    yield server
    await server.kill()


@pytest.fixture
async def database(tmp_path):
    server = Server(mongodb_server, tmp_path / "mongodb", "mongodb")
    await server.start()
    yield server
    await server.kill()


@pytest.fixture
def nats_url(broker):
    return broker.url


@pytest.fixture
def mongodb_url(database):
    return database.url


@pytest.fixture
def database_name():
    return "execution"


def succeeds(platform, name="getPet"):
    async def call():
        answer = await platform.invoke(name)
        return answer.json() if answer.status_code == 200 else None

    return call


@pytest.mark.parametrize("name", ["getPet", "addPet"])
async def test_f5_a_replica_that_hears_nothing_sends_nothing_and_recovers(platform, broker, name):
    await platform.invoke(name)
    sent = len(platform.api.requests)
    await broker.kill()

    async def refused():
        answer = await platform.invoke(name)
        return answer if answer.status_code == 503 else None

    answer = await eventually(refused)
    sent_before_it_noticed = len(platform.api.requests)
    assert answer.json()["code"] == "platform.bus_unavailable"
    assert answer.json()["hint"]
    assert answer.headers["retry-after"]
    await platform.invoke(name)
    assert len(platform.api.requests) == sent_before_it_noticed
    assert sent_before_it_noticed - sent <= (0 if name == "addPet" else 100)

    await broker.start()
    await eventually(succeeds(platform, name), within_seconds=20)


async def test_b15_what_was_cached_before_an_outage_is_used_after_it(platform, broker):
    await platform.invoke()
    await broker.kill()

    async def out_of_sync():
        checks = (await platform.client.get("/readyz")).json()["checks"]
        return checks["watch"] != "ok"

    await eventually(out_of_sync)
    await broker.start()
    await eventually(succeeds(platform), within_seconds=20)

    assert platform.times_asked(Gate) == 1


async def test_a_call_that_ended_during_an_outage_is_on_record_after_it(platform, broker):
    platform.api.may_answer.clear()
    calling = asyncio.ensure_future(platform.invoke(id="slow"))

    async def arrived():
        return platform.api.requests

    await eventually(arrived)
    await broker.kill()
    platform.api.may_answer.set()
    called = (await calling).json()
    assert called["outcome"] == "succeeded"

    await broker.start()

    async def recorded():
        listed = await platform.client.get("/v1/invocations", headers=OWNER)
        return listed.status_code == 200 and [each["id"] for each in listed.json()["items"]]

    assert await eventually(recorded, within_seconds=20) == [called["id"]]


async def test_f21_calls_go_on_without_the_database_and_are_on_record_after_it(platform, database):
    await platform.invoke()
    await database.kill()

    called = [(await platform.invoke(name)).json() for name in ("getPet", "addPet")]
    assert [call["outcome"] for call in called] == ["succeeded", "succeeded"]
    unread = await platform.client.get("/v1/invocations", headers=OWNER)
    assert unread.status_code == 503
    assert unread.headers["retry-after"]

    await database.start()

    async def recorded():
        listed = await platform.client.get("/v1/invocations", headers=OWNER)
        if listed.status_code != 200:
            return False
        kept = {each["id"]: each["outcome"] for each in listed.json()["items"]}
        return all(kept.get(call["id"]) == "succeeded" for call in called)

    assert await eventually(recorded, within_seconds=30)
