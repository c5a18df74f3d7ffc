"""The embedded platform's life: servers, then services, then a table, until Ctrl-C."""

import asyncio
import socket  # noqa: TID251 - the port that was taken before anything is started
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from time import monotonic

import nats
import uvicorn
from nats.errors import Error as NatsError
from nats.js.errors import ServerError

from kit import access_log, logs, streams
from kit.http_protocol import protocol_of
from kit.sizes import MIB
from kit.watchdog import watched
from openactions_local import demo_origin
from openactions_local.child import Say, all_ready
from openactions_local.dispatch import Dispatcher
from openactions_local.edge import check_nginx, edge_child
from openactions_local.embedded_streams import embedded_streams
from openactions_local.errors import StartFailed
from openactions_local.folder import DataFolder
from openactions_local.servers import LOOPBACK, accepts, free_port, mongodb_server, nats_server
from openactions_local.services import (
    EMBEDDED_DATABASE,
    Environment,
    Platform,
    build_all,
    check_settings,
    load_builders,
    routed_segments,
)
from openactions_local.serving import ends_with, serving
from openactions_local.supervise import Supervisor

log = logs.logger("local.platform")
STREAM_TIMEOUT_SECONDS = 10
INSUFFICIENT_STORAGE = 10047
"""JetStream's error code."""
_NOT_UP_TO_DATE = (
    "The broker's streams cannot be brought up to date: {}. Its log is nats/nats.log in the data "
    "folder."
)


class StreamsNotReady(StartFailed):
    """The broker's streams cannot be brought up to date; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    folder: DataFolder
    """Taken already, as is the port: so that a refusal needs nothing loaded."""
    listener: socket.socket
    separate: bool = False
    replicas: int = 1
    """Processes of each service; more than one only where they are separate."""
    mongodb_url: str | None = None
    nats_url: str | None = None
    demo_port: int = demo_origin.PORT
    new_owner_token: bool = False
    settings: Environment = field(default_factory=dict)
    """Services' own settings, by their names in the environment."""
    public_url: str = ""
    """The address that people open, where it is not the platform's own."""
    watchdog_seconds: float = 10
    """After how long a blocked event loop ends the platform, so that it is noticed; 0: never."""
    asked_at: float = field(default_factory=monotonic)
    """When the command began, by `monotonic`."""


@dataclass(slots=True)
class Running:
    """A platform that is up: what the table shows and the tour needs."""

    url: str
    owner_token: str | None
    health: dict[str, dict[str, str]]
    """By service; by process where they are separate."""
    seconds: float
    supervisor: Supervisor
    notes: list[str]
    sign_in_link: str | None = None
    """The address by which the first owner signs in, once."""
    paths: dict[str, list[str]] = field(default_factory=dict)
    """The first segments of each service's own routes."""
    demo_port: int = demo_origin.PORT
    allowed_origins: list[str] = field(default_factory=list)
    """Those of the operator, without the demo's."""
    addresses: dict[str, str] = field(default_factory=dict)
    """Where each process of a service listens, where they are separate: for its `/readyz`."""


@asynccontextmanager
async def running(options: Options, say: Say) -> AsyncIterator[Running]:
    """Start everything, yield once it is ready, stop all of it cleanly: also when it is cancelled
    on the way.
    """
    folder = options.folder
    supervisor = Supervisor(say)
    try:
        with options.listener as listener:
            platform = await _start_servers(options, folder, supervisor)
            serve = partial(_separate, options.replicas) if options.separate else _embedded
            async with serve(platform, folder, listener, supervisor) as up:
                up.seconds = monotonic() - options.asked_at
                up.demo_port = options.demo_port
                up.allowed_origins = platform.operators_origins
                folder.announce(up.url)
                watching = asyncio.create_task(supervisor.watch())
                try:
                    async with ends_with(watching, "The watch over the processes"):
                        with watched(options.watchdog_seconds):
                            yield up
                finally:
                    watching.cancel()
    finally:
        await supervisor.stop()
        folder.release()


async def _start_servers(options: Options, folder: DataFolder, supervisor: Supervisor) -> Platform:
    """The embedded ones, unless the operator named others; every setting is checked first."""
    ports = {"mongodb": free_port(), "nats": free_port()}
    platform = Platform(
        options.mongodb_url or f"mongodb://{LOOPBACK}:{ports['mongodb']}",
        options.nats_url or f"nats://{LOOPBACK}:{ports['nats']}",
        folder.root_keys,
        demo_origin.allowed_origin(options.demo_port),
        options.new_owner_token,
        (folder.path / "blobs").as_uri(),
        options.settings if options.mongodb_url else EMBEDDED_DATABASE | options.settings,
        options.public_url or _url(options.listener),
        folder.operator_token(),
    )
    check_settings(platform)
    waiting = []
    servers = (
        (options.mongodb_url, "mongodb", mongodb_server),
        (options.nats_url, "nats", nats_server),
    )
    for named, name, server in servers:
        if named is None:
            child = server(folder.path / name, ports[name])
            supervisor.start(child)
            waiting.append((child, partial(accepts, ports[name])))
    if not options.separate:
        load_builders()  # while the servers start; nothing else waits for this loop yet
    await all_ready(waiting, supervisor.say)
    if options.nats_url is None:
        await migrate_streams(platform.nats_url)
    return platform


async def migrate_streams(nats_url: str) -> None:
    """An earlier version may have left its layout in the data folder."""
    wanted = streams.managed(embedded_streams(), replicas=1)
    try:
        client = await nats.connect(nats_url)
        try:
            jetstream = client.jetstream(timeout=STREAM_TIMEOUT_SECONDS)
            async for step in streams.apply(jetstream, wanted):
                log.info("streams", step=step)
        finally:
            await client.close()
    except ServerError as error:
        if error.err_code != INSUFFICIENT_STORAGE:
            raise StreamsNotReady(_NOT_UP_TO_DATE.format(error)) from error
        reserved = sum(int(config.max_bytes or 0) for config in wanted) // MIB
        raise StreamsNotReady(
            f"The disk of the data folder has too little room: insufficient storage for the "
            f"{reserved} MiB that the broker's streams reserve. Make room, choose another folder "
            "with --data, or lower STREAMS_INVOCATIONS_MAX_BYTES."
        ) from error
    except (NatsError, OSError, TimeoutError) as error:
        raise StreamsNotReady(_NOT_UP_TO_DATE.format(error)) from error


@asynccontextmanager
async def _embedded(
    platform: Platform, folder: DataFolder, listener: socket.socket, supervisor: Supervisor
) -> AsyncIterator[Running]:
    """All services' apps in this process, behind the dispatcher."""
    announced: list[str] = []
    links: list[str] = []
    requests = folder.requests_log()
    access_log.ACCESS.open(requests, "console")
    services = build_all(platform, announced.append, links.append)
    dispatcher = Dispatcher(services)
    server = _Server(
        uvicorn.Config(
            dispatcher,
            http=protocol_of("up"),
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=10,
        )
    )
    try:
        await dispatcher.start(supervisor.say)
        async with serving(server, listener):
            health = await dispatcher.readiness()
            token = next(iter(announced), None)
            notes = [f"One line a request is in {folder.path}/logs/requests.log."]
            up = Running(_url(listener), token, health, 0, supervisor, notes)
            up.sign_in_link = next(iter(links), None)
            up.paths = {name: routed_segments(app) for name, app in services.items()}
            yield up
    finally:
        await dispatcher.stop()
        access_log.ACCESS.close()
        requests.close()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ctrl-C is the platform's: it stops more than HTTP."""
        yield


@asynccontextmanager
async def _separate(
    replicas: int,
    platform: Platform,
    folder: DataFolder,
    listener: socket.socket,
    supervisor: Supervisor,
) -> AsyncIterator[Running]:
    """Each service in processes of its own, nginx in front."""
    from openactions_local.separate import SeparateServices  # noqa: PLC0415 - an HTTP client

    program = check_nginx()
    services = SeparateServices(platform, folder, replicas)
    services.start(supervisor)
    notes = [f"Each service's log is in {folder.path}/logs."]
    url = _url(listener)
    edge_port = listener.getsockname()[1]
    listener.close()
    edge = edge_child(program, folder.path / "edge", edge_port, services.ports)
    supervisor.start(edge)
    health = await services.all_ready(supervisor.say)
    await edge.ready(lambda: accepts(edge_port))
    up = Running(url, services.owner_token(), health, 0, supervisor, notes)
    up.sign_in_link = services.sign_in_link()
    up.addresses = services.addresses
    up.paths = await services.paths()
    yield up


def _url(listener: socket.socket) -> str:
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}"
