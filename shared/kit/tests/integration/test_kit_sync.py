"""A7: no replica says that it is in sync while it lacks a fact that was stored a second ago.

Facts are published all the time, and `in_sync` is sampled all the time, while only the broker's
messages are late, or nodes are frozen or cut off from each other.
"""

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from time import monotonic

import pytest

from contracts.facts import DomainsChanged
from kit.bus import Bus
from kit.errors import BusUnavailable
from kit.testing import eventually
from kit.watch import FactWatch
from openactions_local.testing.cluster import ADMIN
from shared.kit.tests.kit_fakes import domains_changed
from shared.kit.tests.kit_recovery import connected

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(120),
    # nats-py leaves the connections open that a frozen server never greeted.
    pytest.mark.filterwarnings("ignore:.*StreamWriter:pytest.PytestUnraisableExceptionWarning"),
]
STREAM = "FACTS"
LATE_SECONDS = 1.0
PUBLISH_EVERY_SECONDS = 0.05
SAMPLE_EVERY_SECONDS = 0.01


@dataclass
class Trial:
    """What was acknowledged and when, what reached the replica, and where it was wrong."""

    watch: FactWatch
    publisher: Bus
    acknowledged: dict[int, float] = field(default_factory=dict)
    """Acknowledged facts that have not reached the replica, with their time."""
    lies: list[str] = field(default_factory=list)
    samples: int = 0
    in_sync: int = 0
    _sending: int = 0
    _early: set[int] = field(default_factory=set)

    def __post_init__(self):
        self.watch.on(DomainsChanged, lambda fact: self._reached(fact.revision))
        self.watch.on_lost(self._lost)

    def _reached(self, number):
        if self.acknowledged.pop(number, None) is None:
            self._early.add(number)

    def _lost(self):
        """What is loaded from now on includes all that was stored; of one fact nobody knows."""
        self.acknowledged.clear()
        self._early.add(self._sending)

    async def publish_for_ever(self):
        for self._sending in count():
            with suppress(BusUnavailable):
                await self.publisher.publish(domains_changed(self._sending))
                if self._sending not in self._early:
                    self.acknowledged[self._sending] = monotonic()
            await asyncio.sleep(PUBLISH_EVERY_SECONDS)

    async def sample_for_ever(self):
        while True:
            self.samples += 1
            self.in_sync += self.watch.in_sync
            now = monotonic()
            late = [at for at in self.acknowledged.values() if now - at > LATE_SECONDS]
            if self.watch.in_sync and late:
                self.lies.append(f"{now - min(late):.2f} s without {len(late)} facts")
            await asyncio.sleep(SAMPLE_EVERY_SECONDS)

    async def is_in_sync(self):
        return self.watch.in_sync

    async def publishes_meanwhile(self):
        """Refused where others cannot publish while the replica is cut off."""
        await self.publisher.publish(domains_changed(-1))


@asynccontextmanager
async def trial(replica_url, publisher_url, *, stream_replicas=1):
    publisher = Bus("policy", publisher_url, stream_replicas=stream_replicas)
    replica = Bus("policy", replica_url, stream_replicas=stream_replicas)
    await connected(publisher)
    await connected(replica)
    running = Trial(FactWatch(replica), publisher)
    work = (running.watch.keep_in_sync, running.publish_for_ever, running.sample_for_ever)
    tasks = [asyncio.create_task(each()) for each in work]
    try:
        await running.watch.ensure_in_sync()
        yield running
        assert running.in_sync, "it never was in sync, so nothing was tried"
        assert running.lies == []
        assert not [task.result() for task in tasks if task.done()]
    finally:
        for task in tasks:
            task.cancel()
        await replica.stop()
        await publisher.stop()


@pytest.fixture
def link(nats, link_to):
    return link_to(nats.port)


@pytest.fixture
async def tried(nats, link):
    async with trial(f"nats://127.0.0.1:{link.port}", nats.url) as running:
        yield running


async def test_a7_while_only_the_brokers_messages_come_ever_later(tried, link):
    link.to_client.delay(0, growing_to=3, within=6)
    await asyncio.sleep(9)

    assert not tried.watch.in_sync
    link.restore()
    await eventually(tried.is_in_sync, within_seconds=15)


@pytest.mark.parametrize("seconds", [0.3, 0.7, 1.2])
async def test_a7_while_the_brokers_messages_are_late_by(tried, link, seconds):
    link.to_client.delay(seconds)
    await asyncio.sleep(4)


async def test_a7_while_the_brokers_messages_are_held_and_questions_still_reach_it(tried, link):
    link.to_client.stop()
    await asyncio.sleep(3)

    assert not tried.watch.in_sync
    link.restore()
    await eventually(tried.is_in_sync, within_seconds=15)


@pytest.mark.parametrize("seconds", [1.5, 5])
async def test_a7_while_the_only_broker_is_frozen_and_afterwards(tried, nats, seconds):
    nats.freeze()
    await asyncio.sleep(seconds)
    assert not tried.watch.in_sync
    nats.thaw()

    await eventually(tried.is_in_sync, within_seconds=15)
    await asyncio.sleep(1.5)


@pytest.fixture
async def tried_in_a_cluster(mortal_cluster):
    """The replica knows only n1; facts are published at every node; n2 leads."""
    url = mortal_cluster.url_of(ADMIN, [mortal_cluster.nodes["n1"].port])
    others = [mortal_cluster.nodes[name].port for name in ("n3", "n2")]
    everywhere = mortal_cluster.url_of(ADMIN, others)
    async with trial(url, everywhere, stream_replicas=3) as running:
        await mortal_cluster.move_leader(STREAM, "n2")
        await eventually(running.is_in_sync, within_seconds=15)
        yield running


async def test_a7_while_the_leader_is_cut_off_from_the_replicas_node(
    tried_in_a_cluster, mortal_cluster
):
    mortal_cluster.part("n1", "n2")
    await asyncio.sleep(8)
    mortal_cluster.heal()

    await eventually(tried_in_a_cluster.is_in_sync, within_seconds=20)


async def test_a7_while_the_replicas_node_is_cut_off_from_all_others(
    tried_in_a_cluster, mortal_cluster
):
    mortal_cluster.isolate("n1")
    await asyncio.sleep(4)

    assert not tried_in_a_cluster.watch.in_sync
    await tried_in_a_cluster.publishes_meanwhile()
    mortal_cluster.heal()
    await eventually(tried_in_a_cluster.is_in_sync, within_seconds=20)


async def test_a7_while_the_replicas_own_node_leads_without_a_majority(
    tried_in_a_cluster, mortal_cluster
):
    """Such a node believes for ten seconds that it leads, and others have elected another."""
    await mortal_cluster.move_leader(STREAM, "n1")
    await eventually(tried_in_a_cluster.is_in_sync, within_seconds=15)
    mortal_cluster.isolate("n1")
    await mortal_cluster.leader(STREAM, other_than="n1")
    await asyncio.sleep(5)

    assert not tried_in_a_cluster.watch.in_sync
    mortal_cluster.heal()
    await eventually(tried_in_a_cluster.is_in_sync, within_seconds=20)


@pytest.mark.parametrize("name", ["n1", "n2"])
async def test_a7_while_the_replicas_node_or_the_leader_is_frozen(
    tried_in_a_cluster, mortal_cluster, name
):
    mortal_cluster.nodes[name].freeze()
    await asyncio.sleep(8)
    mortal_cluster.nodes[name].thaw()

    await eventually(tried_in_a_cluster.is_in_sync, within_seconds=20)
    await asyncio.sleep(1.5)


async def test_a7_while_the_leaders_messages_to_other_nodes_come_late(
    tried_in_a_cluster, mortal_cluster
):
    mortal_cluster.slow("n2", 1.2)
    await asyncio.sleep(6)
    mortal_cluster.heal()

    await eventually(tried_in_a_cluster.is_in_sync, within_seconds=20)
