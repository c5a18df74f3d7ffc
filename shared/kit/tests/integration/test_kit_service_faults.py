"""A whole service while its broker or its database dies and comes back (F5, F6, F21, F25)."""

import asyncio
import sys
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from contracts.fact import FACTS_STREAM
from contracts.facts import DomainsChanged
from contracts.requests import CheckHosts
from kit.bus import Bus
from kit.outbox import unpacked
from kit.starting import ServeWhileStarting
from kit.testing import eventually, running
from shared.kit.tests.kit_fakes import domains_changed
from shared.kit.tests.kit_service import Thing, service

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]


@pytest.fixture
def tested(nats, mongodb):
    return service(nats.url, mongodb.url)


@pytest.fixture
async def client(tested):
    async with running(tested.api) as client:
        yield client


def ready(client, status=200):
    async def answers_so():
        return (await client.get("/readyz")).status_code == status

    return answers_so


async def test_a_service_that_runs_is_ready_and_says_what_it_checked(client):
    answer = await client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["checks"] == {"nats": "ok", "mongodb": "ok", "watch": "ok"}
    alive = {"status": "ok", "checks": {"tasks": "ok", "nats": "ok"}}
    assert (await client.get("/livez")).json() == alive
    assert (await client.get("/healthz")).json() == alive


async def test_what_a_service_counts_can_be_read(client):
    await client.post("/v1/things/thing_1")

    counted = (await client.get("/metrics")).text

    assert 'openactions_facts_stated_total{fact="domains.changed",service="policy"}' in counted
    assert 'openactions_hearing{service="policy"} 1.0' in counted


async def test_a_thread_of_the_driver_does_not_hold_up_the_event_loop_for_long(client):
    """How long it may is the interpreter's setting; the effect is in `just bench sharing`."""
    assert sys.getswitchinterval() == pytest.approx(0.0005)


async def test_b6_how_full_each_stream_is_can_be_read(client, tested):
    names = [config.name for config in tested.chassis.bus.streams]

    async def measured():
        counted = (await client.get("/metrics")).text
        return all(f'used_ratio{{service="policy",stream="{name}"}}' in counted for name in names)

    assert len(names) == 3
    await eventually(measured)


async def test_f5_a_service_outlives_its_broker(client, nats, tested):
    await nats.kill()
    await eventually(ready(client, 503))
    refused = await client.get("/readyz")
    assert refused.headers["retry-after"] == "2"
    assert refused.json()["checks"]["nats"] != "ok"

    written = await client.post("/v1/things/thing_1?revision=5")
    assert written.json()["code"] == "platform.not_in_force"  # it is stored; the fact follows

    await nats.start()
    await eventually(ready(client), within_seconds=20)

    async def taken():
        return tested.taken.times(5)

    assert await eventually(taken, within_seconds=20) == 1


async def test_f10_a_service_outlives_a_broker_that_pauses(client, nats, tested):
    nats.freeze()
    await eventually(ready(client, 503))
    nats.thaw()

    await eventually(ready(client), within_seconds=20)
    await client.post("/v1/things/thing_1?revision=6")

    async def taken():
        return tested.taken.times(6)

    assert await eventually(taken)


async def test_a_missing_stream_is_reported_with_the_command_that_makes_it(client, tested):
    await tested.chassis.supervisor.stop()  # its watch would make the stream again
    await tested.chassis.bus.jetstream.delete_stream(FACTS_STREAM)

    answer = await client.get("/readyz")

    assert answer.status_code == 503
    assert "`openactions streams apply`" in answer.json()["checks"]["nats"]


async def test_f21_a_service_outlives_its_database(client, mongodb):
    await client.post("/v1/things/thing_1")
    await mongodb.kill()

    refused = await client.get("/v1/things/thing_1")
    assert refused.status_code == 503
    assert refused.json()["code"] == "platform.database_unavailable"
    assert refused.json()["hint"]
    assert refused.headers["retry-after"] == "2"
    assert (await client.get("/readyz")).status_code == 503
    assert (await client.get("/healthz")).status_code == 200

    await mongodb.start()
    await eventually(ready(client), within_seconds=20)
    assert (await client.get("/v1/things/thing_1")).json() == {"name": "thing_1"}


async def test_f25_what_a_dead_process_did_not_publish_the_next_publishes_once(nats, mongodb):
    first = service(nats.url, mongodb.url)
    things = first.things.within("ws_ours")
    with pytest.raises(asyncio.CancelledError):  # dies between the write and its fact
        await _die_while_publishing(first, things)

    second = service(nats.url, mongodb.url)
    async with running(second.api):

        async def taken():
            return second.taken.times(3)

        await eventually(taken)
        await _swept(second)
        kept = await second.chassis.bus.jetstream.stream_info(FACTS_STREAM)

    assert kept.state.messages == 1
    assert [type(fact) for fact in second.taken.facts] == [DomainsChanged]


async def test_f25_killed_between_publishing_and_marking_sweepers_publish_it_once(nats, mongodb):
    dead, second, third = (service(nats.url, mongodb.url) for _ in range(3))
    async with running(second.api), running(third.api):
        with pytest.raises(asyncio.CancelledError):
            await _die_while_publishing(dead, dead.things.within("ws_ours"))
        [document] = [each async for each in dead.things.left_behind(timedelta(0))]
        fact = unpacked(document["outbox"][0])
        await second.chassis.bus.publish(fact)  # as the dead one did before it could mark it

        sweeps = [each.chassis.outbox.sweep(each.things, timedelta(0)) for each in (second, third)]
        swept = await asyncio.gather(*sweeps)

        async def taken():
            return second.taken.times(3) + third.taken.times(3)

        await eventually(taken)
        await _swept(third)
        kept = await third.chassis.bus.jetstream.stream_info(FACTS_STREAM)

    assert (max(swept), kept.state.messages) == (1, 1)
    assert [each.id for each in (*second.taken.facts, *third.taken.facts)] == [fact.id]


async def _die_while_publishing(tested, things):
    class Dying:
        connected = True

        async def publish(self, fact):
            raise asyncio.CancelledError

    tested.chassis.outbox.publisher = Dying()
    await things.add("thing_1", Thing("a"), domains_changed(3))


async def _swept(tested):
    async def empty():
        return [one async for one in tested.things.left_behind(timedelta(0))] == []

    await eventually(empty)


async def test_f42_a_service_that_starts_before_its_database_waits_for_it(nats, mongodb):
    await mongodb.kill()
    tested = service(nats.url, mongodb.url)

    async def start():
        async with running(tested.api) as client:
            return (await client.get("/readyz")).status_code

    starting = asyncio.ensure_future(start())
    await asyncio.sleep(0.2)
    assert not starting.done()
    await mongodb.start()

    assert await starting == 200


async def test_a_service_stops_in_good_time_while_its_broker_is_away(nats, mongodb):
    tested = service(nats.url, mongodb.url)

    async with asyncio.timeout(20), running(tested.api) as client:
        await nats.kill()
        await eventually(ready(client, 503))

    assert not tested.chassis.bus.connected


async def test_r5_every_question_that_came_before_a_stop_is_answered(nats, mongodb):
    tested = service(nats.url, mongodb.url)
    tested.taken.seconds_an_answer = 0.3
    asker = Bus("catalog", nats.url, stream_replicas=1)
    async with running(tested.api):
        await asker.connect()
        asking = [
            asyncio.create_task(asker.ask(CheckHosts(workspace_id="ws_1", hosts=(f"h{number}",))))
            for number in range(150)  # more than are answered at once
        ]
        await asyncio.sleep(0.1)

    answers = await asyncio.gather(*asking)

    assert len(answers) == 150
    await asker.stop()


async def test_r3_a_service_that_starts_before_its_broker_is_alive_and_not_ready(nats, mongodb):
    await nats.kill()
    tested = service(nats.url, mongodb.url)
    lifespan = tested.api.router.lifespan_context(tested.api)
    serving = ServeWhileStarting(tested.api, lifespan, service="kit")
    async with running(served(serving)) as client:
        assert (await client.get("/livez")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503
        refused = await client.get("/v1/things/thing_1")
        assert (refused.status_code, refused.json()["code"]) == (503, "platform.starting")

        await nats.start()
        await eventually(ready(client), within_seconds=20)


def served(app):
    """As an application of Starlette's, whose lifespan `running` can enter."""

    @asynccontextmanager
    async def lifespan(_):
        messages = asyncio.Queue()
        done = asyncio.Queue()
        living = asyncio.create_task(app({"type": "lifespan"}, messages.get, done.put))
        await messages.put({"type": "lifespan.startup"})
        await done.get()
        yield
        await messages.put({"type": "lifespan.shutdown"})
        await done.get()
        await living

    return Starlette(routes=[Mount("/", app)], lifespan=lifespan)
