"""How soon a service works again in a cluster of three broker nodes:
`python -m tests.bench.recovery_cluster`.

Each node is killed, then frozen, in turn. Once the stream of facts and its consumers have leaders
among the others, the time counts until the service is ready, hears a live fact, takes one from its
durable consumer and one in a batch, and answers a question. Nothing passes or fails.
"""

import asyncio
import tempfile
from pathlib import Path

from openactions_local.servers import mongodb_server
from openactions_local.testing import NatsCluster, Node, Server
from openactions_local.testing.cluster import ADMIN, NAMES
from shared.kit.tests.kit_recovery import Probe, probed
from tests.bench.summary import table

STREAM = "FACTS"
GIVE_UP_SECONDS = 60.0
GOAL = "≤ 3"
WORKS = ("ready", "watches", "consumes", "records", "answers")
"""What a probe tries."""


async def killed(cluster: NatsCluster, node: Node, probe: Probe) -> dict[str, float]:
    await node.kill()
    await cluster.consumers_led(STREAM, other_than=node.name)
    took = await probe.back(GIVE_UP_SECONDS)
    await node.start()
    return took


async def frozen(cluster: NatsCluster, node: Node, probe: Probe) -> dict[str, float]:
    node.freeze()
    await cluster.consumers_led(STREAM, other_than=node.name)
    took = await probe.back(GIVE_UP_SECONDS)
    node.thaw()
    return took


async def main() -> None:
    rows = []
    with tempfile.TemporaryDirectory(prefix="openactions-bench-") as name:
        cluster = NatsCluster(Path(name))
        mongodb = Server(mongodb_server, Path(name) / "mongodb", "mongodb")
        await asyncio.gather(cluster.start(), mongodb.start())
        try:
            url = cluster.url_of(ADMIN)
            async with probed(url, mongodb.url, url, stream_replicas=3) as probe:
                for fault in (killed, frozen):
                    for node in [cluster.nodes[each] for each in NAMES]:
                        before = await cluster.leader(STREAM)
                        took = await fault(cluster, node, probe)
                        led = "leader" if before is node else "follower"
                        seconds = [f"{took[each]:.1f}" for each in WORKS]
                        rows.append([fault.__name__, led, *seconds, GOAL])
                        await probe.back(GIVE_UP_SECONDS)
        finally:
            await cluster.stop()
            await mongodb.kill()
    print(table(["node", "was", *(f"{each} s" for each in WORKS), "goal"], rows))


if __name__ == "__main__":
    asyncio.run(main())
