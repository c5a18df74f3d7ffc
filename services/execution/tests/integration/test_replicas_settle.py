"""R1: replicas that settle the same interrupted calls at once lose each other no call's fact."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import structlog
from prometheus_client import REGISTRY

from contracts.facts import InvocationFinished, Outcome
from contracts.ids import InvocationId
from execution_service.adapters.fact_ledger import FactLedger
from kit.bus import Bus
from kit.cloudevents import facts_of
from services.execution.tests.facts import finished

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]

REPLICAS = 3
CALLS = 200
ORPHANS = [InvocationId(f"inv_orphan_{number}") for number in range(20)]
STREAM = "INVOCATIONS"


@asynccontextmanager
async def ledger_of_a_replica(nats_url):
    bus = Bus("execution", nats_url, stream_replicas=1)
    await bus.connect()
    ledger = FactLedger(bus)
    yield ledger
    await ledger.close()
    await bus.stop()


async def settle(ledger):
    for orphan in ORPHANS:
        facts = finished(orphan).model_dump(exclude={"id", "time", "outcome"})
        settled = InvocationFinished.because(orphan, outcome=Outcome.UNKNOWN, **facts)
        await ledger.after_interruption(settled)


async def finish(ledger, replica):
    """Half of the calls changed something, and are waited for."""
    calls = [finished(f"inv_{replica}_{number}") for number in range(CALLS)]
    for call in calls[::2]:
        await ledger.after(call)
        await asyncio.sleep(0)
    await asyncio.gather(*(ledger.after_change(call) for call in calls[1::2]))


async def test_r1_three_settle_the_same_orphans_while_calls_go_on(nats):
    before = duplicates()
    async with AsyncExitStack() as running:
        ledgers = [
            await running.enter_async_context(ledger_of_a_replica(nats.url))
            for _ in range(REPLICAS)
        ]
        await asyncio.gather(
            *(settle(ledger) for ledger in ledgers),
            *(finish(ledger, replica) for replica, ledger in enumerate(ledgers)),
        )

    stored = await stored_calls(nats.url)
    calls = [f"inv_{replica}_{number}" for replica in range(REPLICAS) for number in range(CALLS)]
    assert sorted(stored) == sorted([*ORPHANS, *calls])
    assert duplicates() - before == (REPLICAS - 1) * len(ORPHANS)


async def test_r1_batches_that_begin_alike_are_both_stored_and_one_sent_again_is_alarmed(nats):
    first, second, third = [finished(f"inv_{number}") for number in (1, 2, 3)]
    before = duplicates()
    bus = Bus("execution", nats.url, stream_replicas=1)
    await bus.connect()
    with structlog.testing.capture_logs() as events:
        await bus.publish_batch([first, second])
        await bus.publish_batch([first, third])
        assert (events, duplicates() - before) == ([], 0)
        await bus.publish_batch([first, second])
    await bus.stop()

    assert await stored_calls(nats.url) == ["inv_1", "inv_2", "inv_1", "inv_3"]
    assert [each["event"] for each in events] == ["batch_already_stored"]
    assert duplicates() - before == 2


async def stored_calls(nats_url):
    """The calls whose end is in the stream, as often as it is."""
    bus = Bus("execution", nats_url, stream_replicas=1)
    await bus.connect()
    state = (await bus.jetstream.stream_info(STREAM)).state
    numbers = range(state.first_seq, state.last_seq + 1)
    messages = [await bus.jetstream.get_msg(STREAM, number) for number in numbers]
    await bus.stop()
    facts = (facts_of(each.subject, each.data, each.headers) for each in messages)
    return [fact.invocation_id for batch in facts for fact in batch]


def duplicates():
    labels = {"service": "execution", "fact": InvocationFinished.name}
    return REGISTRY.get_sample_value("openactions_facts_duplicate_total", labels) or 0
