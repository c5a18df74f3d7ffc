"""Three real broker nodes with the product's own configuration, and the faults between them.

Added for tests: a user `admin`, who may do everything in the services' account, and a `Link` for
each direction between two nodes. The nodes advertise an address where nobody listens, so that they
reach each other through the links only.
"""

import asyncio
import os
import secrets
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import nats
import orjson
from nats.aio.client import Client
from nats.errors import Error as NatsError

from kit.bus import close
from openactions_local.child import Child, program
from openactions_local.servers import LOOPBACK, free_port
from openactions_local.testing.link import Link

PRODUCT = Path(__file__).resolve().parents[3] / "nats"
SERVICES = ("auth", "catalog", "execution", "identity", "policy", "schema")
NAMES = ("n1", "n2", "n3")
ADMIN = "admin"
LOOK_EVERY_SECONDS = 0.05
LEADER_WITHIN_SECONDS = 30.0
AGREED_WITHIN_SECONDS = 60.0
NOWHERE = f"{LOOPBACK}:1"


@dataclass
class Node:
    """One process of the cluster; its ports stay the same over its deaths."""

    name: str
    child: Child
    port: int
    monitor: int

    @property
    def pid(self) -> int:
        return self.child.pid

    async def start(self) -> None:
        """Return once it has a leader of JetStream's own cluster."""
        self.child.start()
        await self.child.ready(self.knows_leader)

    async def kill(self) -> None:
        await asyncio.to_thread(self.child.kill)

    async def restart(self) -> None:
        """Killed, and started on the same data."""
        await self.kill()
        await self.start()

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def knows_leader(self) -> bool:
        """Whether it has a leader of JetStream's own cluster, and all three of its peers."""
        meta = self.jetstream().get("meta_cluster", {})
        return bool(meta.get("leader")) and meta.get("cluster_size") == len(NAMES)

    def jetstream(self) -> dict[str, Any]:
        """What its monitor says of JetStream, its streams included; nothing while it is away."""
        try:
            address = f"http://{LOOPBACK}:{self.monitor}/jsz?streams=1&consumers=1&accounts=1"
            said: dict[str, Any] = httpx.get(address, timeout=0.5).json()
        except (httpx.HTTPError, ValueError):
            return {}
        return said

    def stream(self, name: str) -> dict[str, Any]:
        """The stream as this node sees it, or nothing."""
        accounts = self.jetstream().get("account_details", [])
        streams = (each for account in accounts for each in account.get("stream_detail", ()))
        return next((each for each in streams if each["name"] == name), {})


@dataclass
class NatsCluster:
    folder: Path
    passwords: dict[str, str] = field(init=False)
    nodes: dict[str, Node] = field(init=False)
    links: dict[tuple[str, str], Link] = field(init=False)
    """By the node that connects and the node that it connects to."""

    def __post_init__(self) -> None:
        users = [*SERVICES, "operator", "dead_letters", "route", ADMIN]
        # Read as configuration: without its quotes, a secret such as 12e4 would be a number.
        self.passwords = {user: f"12e{secrets.token_hex(8)}" for user in users}
        self._routes = {name: free_port() for name in NAMES}
        self.links = {(a, b): Link(self._routes[b]) for a in NAMES for b in NAMES if a != b}
        self.nodes = {name: self._node(name) for name in NAMES}

    @property
    def ports(self) -> list[int]:
        return [node.port for node in self.nodes.values()]

    def url_of(self, user: str, ports: Sequence[int] | None = None) -> str:
        """As a service's settings have it; `ports` may be those of some nodes, or of links."""
        secret = self.passwords[user]
        wanted = self.ports if ports is None else ports
        return ",".join(f"nats://{user}:{secret}@{LOOPBACK}:{port}" for port in wanted)

    async def start(self) -> None:
        """Return once every node has a leader, to which all of them are connected."""
        for link in self.links.values():
            link.start()
        self._write_configuration()
        for node in self.nodes.values():
            node.child.environment = self._environment(node)
        await asyncio.gather(*(node.start() for node in self.nodes.values()))
        await self._until_streams_can_be_placed()

    async def _until_streams_can_be_placed(self) -> None:
        """JetStream's leader refuses three replicas until every node has answered it."""
        stream = {
            "name": "PLACED",
            "subjects": ["placed"],
            "storage": "memory",
            "num_replicas": len(NAMES),
        }
        async with self.admin() as client, asyncio.timeout(LEADER_WITHIN_SECONDS):
            while True:
                with suppress(NatsError, TimeoutError):
                    answer = await _asked(client, "$JS.API.STREAM.CREATE.PLACED", stream)
                    if "error" not in answer:
                        break
                await asyncio.sleep(LOOK_EVERY_SECONDS)
            await _asked(client, "$JS.API.STREAM.DELETE.PLACED", {})

    async def stop(self) -> None:
        await asyncio.gather(*(node.kill() for node in self.nodes.values()))
        for link in self.links.values():
            link.close()

    def part(self, one: str, other: str) -> None:
        """These two nodes lose each other; the clients of both stay connected."""
        for link in self._between(one, other):
            link.cut()

    def isolate(self, name: str) -> None:
        """The node loses both others; its clients stay connected."""
        for other in NAMES:
            if other != name:
                self.part(name, other)

    def slow(self, name: str, seconds: float) -> None:
        """What others send to the node comes late, and what it sends to them."""
        for link in self._between(name):
            link.to_server.delay(seconds)
            link.to_client.delay(seconds)

    def heal(self) -> None:
        """No fault between nodes any more. A node that is frozen or dead remains so."""
        for link in self.links.values():
            link.restore()

    def _between(self, one: str, other: str | None = None) -> Iterator[Link]:
        for ends, link in self.links.items():
            if one in ends and (other is None or other in ends):
                yield link

    def leader_of(self, stream: str) -> Node | None:
        """The node that says of itself that it leads the stream."""
        for name, node in self.nodes.items():
            if node.child.running and _is_awake(node.pid):
                cluster = node.stream(stream).get("cluster", {})
                if cluster.get("leader") == name:
                    return node
        return None

    async def leader(self, stream: str, *, other_than: str | None = None) -> Node:
        """Wait for a leader of the stream; `other_than` names one that does not count."""
        async with asyncio.timeout(LEADER_WITHIN_SECONDS):
            while True:
                node = await asyncio.to_thread(self.leader_of, stream)
                if node is not None and node.name != other_than:
                    return node
                await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def consumers_led(self, stream: str, *, other_than: str) -> None:
        """Wait until every consumer of the stream has a leader other than that node."""
        async with asyncio.timeout(LEADER_WITHIN_SECONDS):
            while True:
                node = await self.leader(stream, other_than=other_than)
                found = (await asyncio.to_thread(node.stream, stream)).get("consumer_detail", [])
                leaders = {(each.get("cluster") or {}).get("leader") for each in found}
                if not leaders & {None, "", other_than}:
                    return
                await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def agreed(self, stream: str) -> None:
        """Wait until all nodes name the same leader, of the stream and of each of its consumers."""
        async with asyncio.timeout(AGREED_WITHIN_SECONDS):
            while True:
                looks = (
                    asyncio.to_thread(_leaders_at, node, stream) for node in self.nodes.values()
                )
                first, *others = await asyncio.gather(*looks)
                if all(first.values()) and all(each == first for each in others):
                    return
                await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def move_leader(self, stream: str, to: str | None = None) -> Node:
        """Have the leader of the stream step down, for the named node or for any other."""
        before = await self.leader(stream)
        if before.name == to:
            return before
        placement = {"placement": {"preferred": to}} if to else {}
        async with self.admin() as client, asyncio.timeout(LEADER_WITHIN_SECONDS):
            subject = f"$JS.API.STREAM.LEADER.STEPDOWN.{stream}"
            while True:
                if (await _asked(client, subject, placement)).get("success"):
                    break
                await asyncio.sleep(LOOK_EVERY_SECONDS)  # just healed: not ready to be asked yet
        return await self.leader(stream, other_than=before.name)

    @asynccontextmanager
    async def admin(self, at: Node | None = None) -> AsyncIterator[Client]:
        """A client who may do everything in the services' account, at one node or at any."""
        url = self.url_of(ADMIN, None if at is None else [at.port])
        client = await nats.connect(url.split(","), connect_timeout=1)
        try:
            yield client
        finally:
            await close(client)

    def _node(self, name: str) -> Node:
        command = [program("nats-server"), "-c", str(self.folder / "nats.conf")]
        child = Child(name, command, self.folder / f"{name}.log")
        return Node(name, child, free_port(), free_port())

    def _write_configuration(self) -> None:
        """The product's files, with `admin`, and with an address that keeps nodes to the links."""
        for name, before, after in (
            ("nats.conf", "  no_advertise: true", f"  advertise: {NOWHERE}\n  no_advertise: true"),
            (
                "permissions.conf",
                "users: [",
                "users: [\n  { user: admin, password: $NATS_ADMIN_PASSWORD }",
            ),
        ):
            text = (PRODUCT / name).read_text()
            if before not in text:
                raise RuntimeError(f"infra/nats/{name} has no {before!r} to add to.")
            (self.folder / name).write_text(text.replace(before, after))

    def _environment(self, node: Node) -> dict[str, str]:
        password = self.passwords["route"]
        links = [link for (connects, _), link in self.links.items() if connects == node.name]
        routes = [f"nats://route:{password}@{LOOPBACK}:{link.port}" for link in links]
        return {
            **{f"NATS_{user.upper()}_PASSWORD": f'"{it}"' for user, it in self.passwords.items()},
            "NATS_NODE": node.name,
            "NATS_LISTEN": f"{LOOPBACK}:{node.port}",
            "NATS_CLUSTER_LISTEN": f"{LOOPBACK}:{self._routes[node.name]}",
            "NATS_MONITOR": f"{LOOPBACK}:{node.monitor}",
            "NATS_STORE": str(self.folder / node.name),
            "NATS_ROUTES": orjson.dumps(routes).decode(),
        }


async def _asked(client: Client, subject: str, question: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = orjson.loads(
        (await client.request(subject, orjson.dumps(question))).data
    )
    return answer


def _leaders_at(node: Node, stream: str) -> dict[str, str]:
    """Whom the node takes for the leader of the stream and of each consumer, by their names."""
    found = node.stream(stream)
    led = [(stream, found), *((each["name"], each) for each in found.get("consumer_detail", ()))]
    return {name: (each.get("cluster") or {}).get("leader", "") for name, each in led}


def _is_awake(pid: int) -> bool:
    """Whether a process is neither frozen nor gone: a question to it would not be answered."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "TtZ"
