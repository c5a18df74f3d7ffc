"""How soon a service works again in a cluster of three broker nodes:
`python -m tests.bench.recovery_cluster`.

Each node is killed, then frozen, in turn. Once the stream of facts and its consumers have leaders
among the others, the time counts until the service is ready, receives a live fact, takes one from
its durable consumer and one in a batch, and answers a question. Each node is also cut off from both
others: there the time counts once the links are back and all nodes agree on the leaders, which
takes the time under *led*. Nothing passes or fails.
"""

import asyncio
import tempfile
from collections.abc import Awaitable
from pathlib import Path
from time import monotonic

from openactions_local.servers import mongodb_server
from openactions_local.testing import NatsCluster, Node, Server
from openactions_local.testing.cluster import ADMIN, NAMES
from shared.kit.tests.kit_recovery import Probe, probed
from tests.bench.summary import table

STREAM = "FACTS"
GIVE_UP_SECONDS = 60.0
GOAL = "≤ 3"
CUT_OFF_SECONDS = 7.0
"""From when the others have leaders of their own."""
MEASURED = ("led", "ready", "watches", "consumes", "records", "answers")
"""The leaders first; then what a probe tries."""


async def killed(cluster: NatsCluster, node: Node, probe: Probe) -> dict[str, float]:
    await node.kill()
    took = await _back(probe, cluster.consumers_led(STREAM, other_than=node.name))
    await node.start()
    return took


async def frozen(cluster: NatsCluster, node: Node, probe: Probe) -> dict[str, float]:
    node.freeze()
    took = await _back(probe, cluster.consumers_led(STREAM, other_than=node.name))
    node.thaw()
    return took


async def cut_off(cluster: NatsCluster, node: Node, probe: Probe) -> dict[str, float]:
    cluster.isolate(node.name)
    await cluster.consumers_led(STREAM, other_than=node.name)
    await asyncio.sleep(CUT_OFF_SECONDS)
    cluster.heal()
    return await _back(probe, cluster.agreed(STREAM))


async def _back(probe: Probe, led: Awaitable[None]) -> dict[str, float]:
    began = monotonic()
    await led
    return {"led": monotonic() - began, **await probe.back(GIVE_UP_SECONDS)}


async def main() -> None:
    rows = []
    with tempfile.TemporaryDirectory(prefix="openactions-bench-") as name:
        cluster = NatsCluster(Path(name))
        mongodb = Server(mongodb_server, Path(name) / "mongodb", "mongodb")
        await asyncio.gather(cluster.start(), mongodb.start())
        try:
            url = cluster.url_of(ADMIN)
            async with probed(url, mongodb.url, url, stream_replicas=3) as probe:
                for fault in (killed, frozen, cut_off):
                    for node in [cluster.nodes[each] for each in NAMES]:
                        before = await cluster.leader(STREAM)
                        took = await fault(cluster, node, probe)
                        led = "leader" if before is node else "follower"
                        seconds = [f"{took[each]:.1f}" for each in MEASURED]
                        rows.append([fault.__name__.replace("_", " "), led, *seconds, GOAL])
                        await probe.back(GIVE_UP_SECONDS)
        finally:
            await cluster.stop()
            await mongodb.kill()
    print(table(["node", "was", *(f"{each} s" for each in MEASURED), "goal"], rows))


if __name__ == "__main__":
    asyncio.run(main())
