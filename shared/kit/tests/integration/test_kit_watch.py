"""A replica's live view of facts: it hears them in order, or it knows that it does not."""

import asyncio

import pytest

from contracts.facts import DomainsChanged, GptRemoved
from kit.bus import FACTS_STREAM, Bus
from kit.errors import BusUnavailable
from kit.testing import eventually
from kit.watch import FactWatch
from shared.kit.tests.kit_fakes import domains_changed

pytestmark = pytest.mark.integration


class Ear:
    """What a watch told, and how often it told to forget."""

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

    async def is_hearing(self):
        return self.watch.in_sync

    async def is_deaf(self):
        return not self.watch.in_sync

    async def began_anew(self):
        """It was deaf, however short, and hears again."""
        return self.forgotten > 1 and self.watch.in_sync


@pytest.fixture
async def bus(nats):
    bus = Bus("policy", nats.url, stream_replicas=1)
    await bus.connect()
    yield bus
    await bus.stop()


@pytest.fixture
async def ear(bus):
    watch = FactWatch(bus)
    ear = Ear(watch)
    listening = asyncio.create_task(watch.keep_in_sync())
    await watch.ensure_in_sync()
    yield ear
    listening.cancel()


async def heard(ear, *revisions):
    async def all_there():
        return ear.revisions == [*revisions]

    await eventually(all_there)


async def test_facts_are_heard_as_they_happen_and_in_order(bus, ear):
    for revision in range(50):
        await bus.publish(domains_changed(revision))

    await heard(ear, *range(50))
    assert ear.forgotten == 1  # once, when it began


async def test_a_fact_is_heard_as_it_was_stated(bus, ear):
    fact = domains_changed(4)

    await bus.publish(fact)
    await heard(ear, 4)

    assert (ear.facts[0].id, ear.facts[0].time) == (fact.id, fact.time)


async def test_what_happened_before_is_not_told(bus, nats):
    await bus.publish(domains_changed(1))
    watch = FactWatch(bus)
    ear = Ear(watch)
    listening = asyncio.create_task(watch.keep_in_sync())
    await watch.ensure_in_sync()

    await bus.publish(domains_changed(2))
    await heard(ear, 2)

    listening.cancel()


async def test_facts_that_nobody_reacts_to_do_not_count_as_missed(bus, ear):
    await bus.publish(GptRemoved(workspace_id="ws_1", gpt_id="gpt_1"))
    await bus.publish(domains_changed(1))

    await heard(ear, 1)
    assert ear.forgotten == 1


async def test_a_fact_that_cannot_be_read_voids_everything(bus, ear):
    await bus.jetstream.publish(DomainsChanged.subject, b"not json")

    async def forgot():
        return ear.forgotten == 2 and ear.watch.in_sync

    await eventually(forgot)
    await bus.publish(domains_changed(1))
    await heard(ear, 1)


async def test_a_missed_fact_voids_everything_before_anything_is_used_again(bus, ear):
    ear.watch._sequence += 1  # as if one had been lost on the way

    await eventually(ear.began_anew)


async def test_after_a_gap_no_later_fact_in_order_makes_it_hear_again(bus, ear):
    ear.watch._sequence += 1
    await bus.publish(domains_changed(1))
    await heard(ear, 1)

    # More of them, each in order, and all before the watch looks after itself.
    ear.watch._continue(in_order=True)

    assert not ear.watch.in_sync
    assert ear.forgotten == 1


@pytest.mark.parametrize("fault", ["freeze", "kill"])
async def test_a_replica_that_was_cut_off_is_deaf_within_moments(nats, ear, fault):
    await nats.kill() if fault == "kill" else nats.freeze()

    await eventually(ear.is_deaf, within_seconds=2)

    with pytest.raises(BusUnavailable):
        await ear.watch.ensure_in_sync()
    if fault == "freeze":
        nats.thaw()


@pytest.mark.parametrize("fault", ["freeze", "kill"])
async def test_it_hears_again_by_itself_with_nothing_left_from_before(nats, bus, ear, fault):
    if fault == "kill":
        await nats.kill()
        await eventually(ear.is_deaf)
        await nats.start()
    else:
        nats.freeze()
        await eventually(ear.is_deaf)
        nats.thaw()

    await eventually(ear.is_hearing, within_seconds=15)
    assert ear.forgotten >= 2
    await bus.publish(domains_changed(9))
    await heard(ear, 9)


async def test_f19_a_consumer_that_an_operator_deleted_is_noticed(bus, ear):
    [consumer] = await bus.jetstream.consumers_info(FACTS_STREAM)
    await bus.jetstream.delete_consumer(FACTS_STREAM, consumer.name)

    await eventually(ear.began_anew)


async def test_f14_a_stream_that_an_operator_deleted_is_made_again(bus, ear):
    await bus.jetstream.delete_stream(FACTS_STREAM)

    await eventually(ear.began_anew)

    await bus.publish(domains_changed(1))
    await heard(ear, 1)


async def test_a_watch_that_nobody_told_what_to_hear_hears_nothing(bus):
    watch = FactWatch(bus)
    listening = asyncio.create_task(watch.keep_in_sync())

    with pytest.raises(BusUnavailable):
        await watch.ensure_in_sync()

    listening.cancel()
