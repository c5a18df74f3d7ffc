import asyncio

import pytest

from contracts.errors import Unavailable
from execution_service.adapters.group_commit import GroupCommit
from services.execution.tests.facts import finished


class SlowBroker:
    """Acknowledges a message when told to."""

    def __init__(self):
        self.messages = []
        self.acknowledged = asyncio.Event()
        self.fails = False

    async def publish_batch(self, facts):
        self.messages.append([fact.invocation_id for fact in facts])
        await self.acknowledged.wait()
        if self.fails:
            raise Unavailable("away")


@pytest.fixture
def broker():
    return SlowBroker()


async def start(group, *ids):
    tasks = [asyncio.create_task(group.publish(finished(id_))) for id_ in ids]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_a_lone_fact_goes_at_once_and_is_waited_for(broker):
    [waiting] = await start(GroupCommit(broker.publish_batch), "inv_1")

    assert broker.messages == [["inv_1"]]
    assert not waiting.done()
    broker.acknowledged.set()
    await waiting


async def test_what_arrives_meanwhile_shares_the_next_message_in_order(broker):
    group = GroupCommit(broker.publish_batch)
    first = await start(group, "inv_1")
    others = await start(group, *(f"inv_{n}" for n in range(2, 60)))

    broker.acknowledged.set()
    await asyncio.gather(*first, *others)

    assert [len(message) for message in broker.messages] == [1, 48, 10]
    together = [id_ for message in broker.messages for id_ in message]
    assert together == [f"inv_{n}" for n in range(1, 60)]


async def test_a_failure_reaches_everybody_whose_fact_was_in_the_message(broker):
    group = GroupCommit(broker.publish_batch)
    waiting = await start(group, "inv_1", "inv_2")
    broker.fails = True
    broker.acknowledged.set()

    failures = await asyncio.gather(*waiting, return_exceptions=True)

    assert [type(failure) for failure in failures] == [Unavailable, Unavailable]


async def test_one_who_gives_up_waiting_takes_nobody_along(broker):
    group = GroupCommit(broker.publish_batch)
    impatient, patient = await start(group, "inv_1", "inv_2")
    impatient.cancel()
    broker.acknowledged.set()

    await patient
    await start(group, "inv_3")

    assert broker.messages[-1] == ["inv_3"]
