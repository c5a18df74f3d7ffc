"""Three broker nodes: each is killed and frozen in turn, cut off, and most of them die (R2, R3)."""

import asyncio

import pytest

from openactions_local.testing.cluster import ADMIN, NAMES
from shared.kit.tests.kit_recovery import probed

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(180),
    # nats-py leaves the connections open that a frozen server never greeted.
    pytest.mark.filterwarnings("ignore:.*StreamWriter:pytest.PytestUnraisableExceptionWarning"),
]
STREAM = "FACTS"
BACK_WITHIN_SECONDS = 10.0


@pytest.fixture
def cluster(mortal_cluster):
    return mortal_cluster


@pytest.fixture
async def probe(cluster, mongodb):
    """A service that may use every node."""
    url = cluster.url_of(ADMIN)
    async with probed(url, mongodb.url, url, stream_replicas=3) as probe:
        yield probe


async def test_r2_after_each_node_was_killed_in_turn(cluster, probe):
    for name in NAMES:
        await cluster.nodes[name].kill()
        await cluster.consumers_led(STREAM, other_than=name)
        await probe.back(BACK_WITHIN_SECONDS)
        await cluster.nodes[name].start()
        await probe.back(BACK_WITHIN_SECONDS)


async def test_r2_while_each_node_is_frozen_in_turn_and_afterwards(cluster, probe):
    for name in NAMES:
        cluster.nodes[name].freeze()
        await cluster.consumers_led(STREAM, other_than=name)
        await probe.back(BACK_WITHIN_SECONDS)
        cluster.nodes[name].thaw()
        await probe.back(BACK_WITHIN_SECONDS)


async def test_r2_after_the_leader_was_moved(cluster, probe):
    await cluster.move_leader(STREAM)

    await probe.back(BACK_WITHIN_SECONDS)


async def test_r3_after_two_of_three_died_and_came_back(cluster, probe):
    for name in NAMES[1:]:
        await cluster.nodes[name].kill()
    await asyncio.sleep(3)
    await asyncio.gather(*(cluster.nodes[name].start() for name in NAMES[1:]))
    await cluster.leader(STREAM)

    await probe.back(BACK_WITHIN_SECONDS)


@pytest.mark.nightly
async def test_r3_after_all_three_died_and_came_back(cluster, probe):
    await asyncio.gather(*(node.kill() for node in cluster.nodes.values()))
    await asyncio.sleep(12)
    await asyncio.gather(*(node.start() for node in cluster.nodes.values()))
    await cluster.leader(STREAM)

    await probe.back(BACK_WITHIN_SECONDS)


@pytest.mark.parametrize("cut_off", ["its own node", "the leader"])
async def test_r2_after_the_leader_and_the_replicas_node_lost_each_other(cluster, mongodb, cut_off):
    """The replica knows one node only, so that it cannot go round the fault."""
    everywhere = cluster.url_of(ADMIN)
    own = cluster.nodes["n1"]
    url = cluster.url_of(ADMIN, [own.port])
    async with probed(url, mongodb.url, everywhere, stream_replicas=3) as probe:
        await cluster.move_leader(STREAM, "n2")
        cluster.isolate(own.name) if cut_off == "its own node" else cluster.isolate("n2")
        await asyncio.sleep(7)
        cluster.heal()
        # Nodes that elected apart elect again once they meet, each stream and consumer by itself.
        await cluster.agreed(STREAM)

        await probe.back(BACK_WITHIN_SECONDS)
