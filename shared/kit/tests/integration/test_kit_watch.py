"""A replica's live view of facts: it has them in order, or it knows that it does not."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from contracts.fact import FACTS_STREAM
from contracts.facts import DomainsChanged, GptRemoved
from kit import watch as kit_watch
from kit.bus import Bus
from kit.errors import BusUnavailable
from kit.streams import LIVE_PREFIX
from kit.testing import eventually
from kit.watch import FactWatch
from shared.kit.tests.kit_fakes import domains_changed

pytestmark = pytest.mark.integration


class Follower:
    """What a watch reacted to, and how often everything was forgotten."""

    def __init__(self, watch):
        self.watch = watch
        self.facts = []
        self.forgotten = 0
        watch.on(DomainsChanged, self.facts.append)
        watch.on_lost(self.forget)

    def forget(self):
        self.forgotten += 1

    @property
    def revisions(self):
        return [fact.revision for fact in self.facts]

    async def is_in_sync(self):
        return self.watch.in_sync

    async def is_out_of_sync(self):
        return not self.watch.in_sync

    async def began_anew(self):
        return self.forgotten > 1 and self.watch.in_sync


@pytest.fixture
async def bus(nats):
    bus = Bus("policy", nats.url, stream_replicas=1)
    await bus.connect()
    yield bus
    await bus.stop()


@pytest.fixture
async def other(nats):
    """Another service's connection."""
    bus = Bus("other", nats.url, stream_replicas=1)
    await bus.connect()
    yield bus
    await bus.stop()


@pytest.fixture
async def follower(bus):
    watch = FactWatch(bus)
    follower = Follower(watch)
    async with following(watch):
        await watch.ensure_in_sync()
        yield follower


async def followed(follower, *revisions):
    async def all_there():
        return follower.revisions == [*revisions]

    await eventually(all_there)


async def test_facts_are_followed_as_they_happen_and_in_order(bus, follower):
    for revision in range(50):
        await bus.publish(domains_changed(revision))

    await followed(follower, *range(50))
    assert follower.forgotten == 1  # once, when it began


async def test_a_fact_arrives_as_it_was_published(bus, follower):
    fact = domains_changed(4)

    await bus.publish(fact)
    await followed(follower, 4)

    assert (follower.facts[0].id, follower.facts[0].time) == (fact.id, fact.time)


async def test_what_happened_before_is_not_reacted_to(bus):
    await bus.publish(domains_changed(1))
    watch = FactWatch(bus)
    follower = Follower(watch)
    async with following(watch):
        await watch.ensure_in_sync()

        await bus.publish(domains_changed(2))
        await followed(follower, 2)


async def test_facts_that_nobody_reacts_to_keep_it_in_sync(bus, follower):
    await bus.publish(GptRemoved(workspace_id="ws_1", gpt_id="gpt_1"))
    await bus.publish(domains_changed(1))

    await followed(follower, 1)
    assert follower.forgotten == 1


async def test_a_fact_that_cannot_be_read_voids_everything(bus, follower):
    await bus.jetstream.publish(DomainsChanged.subject, b"not json")

    await eventually(follower.began_anew)
    await bus.publish(domains_changed(1))
    await followed(follower, 1)


async def test_a_fact_that_did_not_come_by_itself_is_fetched_in_its_order(bus, follower):
    """As if the broker's message had been lost on the way: it names a later sequence."""
    await follower.watch._receive_live(_live(sequence=3, revision=3))
    for revision in (1, 2, 3):
        await bus.publish(domains_changed(revision))

    await followed(follower, 1, 2, 3)
    assert follower.forgotten == 1


async def test_f19_a_subscription_that_the_broker_forgot_loses_no_fact(bus, follower):
    """No message says that it is gone; the leader's position shows that facts are missing."""
    [live] = [id_ for id_, each in bus.client._subs.items() if each.subject.startswith(LIVE_PREFIX)]
    await bus.client._send_unsubscribe(live)
    await bus.client.flush()
    for revision in (1, 2):
        await bus.publish(domains_changed(revision))

    await followed(follower, 1, 2)
    assert follower.forgotten == 1


class _live:  # noqa: N801 - reads as a function
    def __init__(self, sequence, revision):
        fact = domains_changed(revision)
        self.subject = f"{LIVE_PREFIX}{fact.subject}"
        self.data = fact.model_dump_json().encode()
        self.headers = {"Nats-Stream": FACTS_STREAM, "Nats-Sequence": str(sequence)}


@pytest.mark.parametrize("fault", ["freeze", "kill"])
async def test_a_replica_that_was_cut_off_is_out_of_sync_within_moments(nats, follower, fault):
    await nats.kill() if fault == "kill" else nats.freeze()

    await eventually(follower.is_out_of_sync, within_seconds=2)

    with pytest.raises(BusUnavailable):
        await follower.watch.ensure_in_sync()
    if fault == "freeze":
        nats.thaw()


@pytest.mark.parametrize("fault", ["freeze", "kill"])
async def test_b15_a_pause_costs_no_cached_entry_while_the_stream_holds_what_was_missed(
    nats, other, follower, fault
):
    if fault == "kill":
        await nats.kill()
        await eventually(follower.is_out_of_sync)
        await nats.start()
    else:
        nats.freeze()
        await eventually(follower.is_out_of_sync)
        nats.thaw()
    await eventually(lambda: published(other, 9), within_seconds=15)

    await eventually(follower.is_in_sync, within_seconds=15)
    await followed(follower, 9)
    assert follower.forgotten == 1


async def published(bus, revision):
    try:
        await bus.publish(domains_changed(revision))
    except BusUnavailable:
        return False
    return True


async def test_what_the_stream_no_longer_holds_voids_everything(bus):
    watch = FactWatch(bus)
    follower = Follower(watch)
    async with following(watch):
        await watch.ensure_in_sync()
    for revision in (1, 2):
        await bus.publish(domains_changed(revision))
    await bus.jetstream.purge_stream(FACTS_STREAM)

    async with following(watch):
        await eventually(follower.began_anew)

    assert follower.facts == []


@asynccontextmanager
async def following(watch):
    task = asyncio.create_task(watch.keep_in_sync())
    yield
    task.cancel()
    await asyncio.wait([task])


async def test_more_facts_than_are_worth_fetching_void_everything(bus, follower, other):
    follower.watch._received -= kit_watch.MAX_FETCHED + 1

    await eventually(follower.began_anew)


async def test_f14_a_stream_that_an_operator_deleted_is_created_again(bus, follower):
    await bus.jetstream.delete_stream(FACTS_STREAM)

    await eventually(follower.began_anew)

    await bus.publish(domains_changed(1))
    await followed(follower, 1)


async def test_a7_an_answer_that_is_not_covered_yet_is_no_proof(follower):
    """The leader says that facts exist which have not arrived: nobody is in sync with those."""
    watch = follower.watch
    position = kit_watch.Position(watch._stream, 1, watch._received + 5, led=True)
    watch.in_sync_until = float("-inf")

    watch._uncovered.clear()
    watch._learn(watch._clock(), position)

    assert not watch.in_sync
