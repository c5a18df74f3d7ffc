"""Facts that share a message, on a real broker: all are taken, and one bad one harms no other."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from faststream.nats import NatsRouter

from contracts.errors import Invalid
from contracts.facts import InvocationFinished, Outcome
from contracts.ids import new_id
from kit.batches import BatchConsumer
from kit.bus import Bus
from kit.consume import listens
from kit.redelivery import Redelivery
from kit.testing import eventually

pytestmark = pytest.mark.integration


def finished(invocation_id):
    return InvocationFinished(
        workspace_id="ws_1",
        invocation_id=invocation_id,
        gpt_id="gpt_1",
        operation="getThing",
        member_id="mem_1",
        outcome=Outcome.SUCCEEDED,
        code="ok",
    )


@pytest.fixture
async def bus(nats_url):
    connected = Bus("batches", nats_url, stream_replicas=1, redelivery=Redelivery((0.1,)))
    await connected.connect()
    yield connected
    await connected.stop()


@asynccontextmanager
async def taking(bus, take):
    name = new_id("c").lower()
    consumer = BatchConsumer(bus, name, [InvocationFinished], take)
    running = asyncio.create_task(consumer.run())
    yield
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_facts_published_together_are_all_taken_in_their_order(bus):
    ids = [new_id("inv") for _ in range(30)]
    taken = []

    async def take(facts):
        taken.extend(fact.invocation_id for fact in facts if fact.invocation_id in ids)

    async with taking(bus, take):
        await bus.publish_batch([finished(id_) for id_ in ids])

        async def all_there():
            return len(taken) >= len(ids)

        await eventually(all_there)
    assert taken == ids


async def test_one_that_cannot_be_taken_is_buried_and_the_others_are_taken(bus):
    ids = [new_id("inv") for _ in range(3)]
    bad = ids[1]
    taken = set()

    async def take(facts):
        if any(fact.invocation_id == bad for fact in facts):
            raise Invalid("This one is bad.", code="test.bad")
        taken.update(fact.invocation_id for fact in facts)

    dead = await bus.jetstream.subscribe(
        f"dead.batches.{InvocationFinished.subject}", ordered_consumer=True
    )
    async with taking(bus, take):
        await bus.publish_batch([finished(id_) for id_ in ids])
        letter = await dead.next_msg(timeout=10)

    assert letter.headers["oa-reason"] == "test.bad"
    assert bad.encode() in letter.data
    assert taken >= {ids[0], ids[2]}


async def test_a_fact_that_comes_with_every_call_is_refused_by_listens():
    with pytest.raises(TypeError, match="BatchConsumer"):
        listens(NatsRouter(), InvocationFinished, service="somebody")
