"""The platform in its separate form, each server and service a process, with one GPT published."""

import secrets
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import nats
import orjson

from openactions import OpenActions
from openactions_local.child import Child
from openactions_local.owners import SERVICES
from openactions_local.servers import LOOPBACK, accepts, free_port, mongodb_server, nats_server
from openactions_local.services import Platform
from openactions_local.supervise import Supervisor, service_child
from tests.bench import upstream
from tests.quotas import NO_QUOTAS

RECORDER = "$JS.API.CONSUMER.INFO.INVOCATIONS.execution_recorder"
EMBEDDED_SYNC = "always"
"""What the embedded broker is started with: one `fsync` a fact."""
OPERATOR_TOKEN = secrets.token_urlsafe(32)
"""With which a program may make workspaces."""
DATABASE = "database"
BROKER = "nats"


@dataclass(frozen=True, slots=True)
class Up:
    """A platform that is ready, and a published GPT with `getItem` and `addItem`."""

    pids: dict[str, int]
    """By short name: each service, `nats`, `database`."""
    ports: dict[str, int]
    token: str
    gpt_id: str
    bus: nats.NATS

    @property
    def url(self) -> str:
        """Where calls go: straight to execution, as `infra/edge` would send them."""
        return f"http://{LOOPBACK}:{self.ports['execution']}/v1/invocations"

    def client(self, service: str) -> OpenActions:
        return OpenActions(f"http://{LOOPBACK}:{self.ports[service]}", self.token)

    def call(self, operation: str, arguments: dict[str, Any]) -> bytes:
        """The body of one invocation."""
        return orjson.dumps({"gpt_id": self.gpt_id, "operation": operation, "arguments": arguments})

    async def recorded(self) -> bool:
        """Has the recorder taken every fact there is?"""
        consumer = orjson.loads((await self.bus.request(RECORDER, timeout=5)).data)
        return consumer["num_pending"] + consumer["num_ack_pending"] == 0


@asynccontextmanager
async def platform_up(
    folder: Path,
    upstream_port: int,
    sync_interval: str = EMBEDDED_SYNC,
    more: Mapping[str, str] | None = None,
) -> AsyncIterator[Up]:
    """Everything fresh in `folder`; gone afterwards. `sync_interval` is the broker's, `more` are
    variables for every service.
    """
    supervisor = Supervisor(print)
    try:
        allowed_origins = upstream.allowed_origin(upstream_port)
        platform = await _servers(supervisor, folder, allowed_origins, sync_interval)
        ports = await _services(supervisor, folder, platform, more or {})
        bus = await nats.connect(platform.nats_url)
        pids = {_short(child.name): child.pid for child in supervisor.children}
        token = (folder / "owner-token").read_text().strip()
        up = Up(pids, ports, token, "", bus)
        yield Up(pids, ports, token, _publish(up, upstream_port), bus)
        await bus.close()
    finally:
        await supervisor.stop()


async def _servers(
    supervisor: Supervisor, folder: Path, allowed_origins: str, sync_interval: str
) -> Platform:
    mongodb_port, nats_port = free_port(), free_port()
    servers: list[tuple[Child, int]] = [
        (mongodb_server(folder / "mongodb", mongodb_port), mongodb_port),
        (nats_server(folder / "nats", nats_port), nats_port),
    ]
    settings = folder / "nats" / "nats.conf"
    settings.write_text(settings.read_text().replace(f'"{EMBEDDED_SYNC}"', f'"{sync_interval}"'))
    for child, port in servers:
        supervisor.start(child)
        await child.ready(partial(accepts, port))
    keys = f"bench:{b64encode(secrets.token_bytes(32)).decode()}"
    return Platform(
        mongodb_url=f"mongodb://{LOOPBACK}:{mongodb_port}",
        nats_url=f"nats://{LOOPBACK}:{nats_port}",
        root_keys=lambda _: keys,
        allowed_origins=allowed_origins,
        blobs_url=(folder / "blobs").as_uri(),
    )


async def _services(
    supervisor: Supervisor, folder: Path, platform: Platform, more: Mapping[str, str]
) -> dict[str, int]:
    (folder / "logs").mkdir()
    ports = {service: free_port() for service in SERVICES}
    children = {}
    for service, port in ports.items():
        environment = {**platform.environment(service), **more}
        if service == "identity":
            environment["IDENTITY_OWNER_TOKEN_FILE"] = str(folder / "owner-token")
            environment["IDENTITY_OPERATOR_TOKEN"] = OPERATOR_TOKEN
        children[service] = service_child(service, service, port, environment, folder / "logs")
        supervisor.start(children[service])
    for service, port in ports.items():
        await children[service].ready(OpenActions(f"http://{LOOPBACK}:{port}").is_ready)
    return ports


def _short(name: str) -> str:
    if name.startswith("mongodb"):
        return DATABASE
    return BROKER if name == "nats-server" else name


def _publish(up: Up, upstream_port: int) -> str:
    """Through the public API, as a builder and an admin do it."""
    origin = f"http://{upstream.HOST}:{upstream_port}"
    text = orjson.dumps(upstream.document(origin)).decode()
    schema = up.client("schema").post_document("/v1/schemas", text, "application/json")
    catalog = up.client("catalog")
    gpt_id: str = catalog.post("/v1/gpts", {"name": "Items"})["id"]
    action = catalog.post(f"/v1/gpts/{gpt_id}/actions", {"schema_id": schema["id"]})
    key = {"type": "api_key", "placement": "bearer", "token": upstream.API_KEY}
    up.client("auth").put(f"/v1/credentials/{action['id']}", key)
    up.client("policy").post("/v1/domains", {"domain": upstream.DOMAIN})
    up.client("policy").patch("/v1/settings", NO_QUOTAS)
    catalog.post(f"/v1/gpts/{gpt_id}/publish", {"sharing": "workspace"})
    return gpt_id
