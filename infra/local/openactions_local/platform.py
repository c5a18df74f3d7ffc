"""The embedded platform's life: servers, then services, then a table, until Ctrl-C."""

import asyncio
import errno
import signal
import socket  # noqa: TID251 - to take the port before anything is started
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic

import nats
import uvicorn
from nats.errors import Error as NatsError
from nats.js.errors import ServerError

from kit import access_log, logs, streams
from kit.http_protocol import ProblemProtocol
from kit.sizes import MIB
from kit.watchdog import watched
from openactions_local import demo_api
from openactions_local.dispatch import Dispatcher
from openactions_local.edge import edge_child, nginx
from openactions_local.embedded_streams import embedded_streams
from openactions_local.folder import DataFolder
from openactions_local.separate import SeparateServices
from openactions_local.servers import LOOPBACK, accepts, free_port, mongodb_server, nats_server
from openactions_local.services import (
    EMBEDDED_DATABASE,
    Environment,
    Platform,
    build_all,
    check_settings,
)
from openactions_local.supervise import Supervisor

log = logs.logger("local.platform")
DEFAULT_PORT = 8080
STREAM_TIMEOUT_SECONDS = 10
INSUFFICIENT_STORAGE = 10047
"""JetStream's error code."""
_NOT_UP_TO_DATE = (
    "The broker's streams cannot be brought up to date: {}. Its log is nats/nats.log in the data "
    "folder."
)


class PortTaken(RuntimeError):
    """Nobody can listen there for us; the sentence says why and what to do."""


class StreamsNotReady(RuntimeError):
    """The broker's streams cannot be brought up to date; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asks for."""

    data: Path
    port: int | None = None
    separate: bool = False
    replicas: int = 1
    """Processes of each service; more than one only where they are separate."""
    mongodb_url: str | None = None
    nats_url: str | None = None
    demo_port: int = demo_api.PORT
    new_owner_token: bool = False
    settings: Environment = field(default_factory=dict)
    """Services' own settings, by their names in the environment."""
    watchdog_seconds: float = 10
    """After how long a blocked event loop ends the platform, so that it is noticed; 0: never."""


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
    demo_port: int = demo_api.PORT
    addresses: dict[str, str] = field(default_factory=dict)
    """Where each process of a service listens, where they are separate: for its `/readyz`."""
    operator: bool = False
    """Whether identity has the operator's routes."""


Say = Callable[[str], None]


@asynccontextmanager
async def running(wishes: Wishes, say: Say) -> AsyncIterator[Running]:
    """Start everything, yield once it is ready, stop all of it cleanly."""
    started = monotonic()
    folder = DataFolder(wishes.data)
    folder.take()
    supervisor = Supervisor(say)
    try:
        with _listen(wishes.port) as listener:
            platform = await _start_servers(wishes, folder, supervisor)
            serve = partial(_separate, wishes.replicas) if wishes.separate else _embedded
            async with serve(platform, folder, listener, supervisor) as up:
                up.seconds = monotonic() - started
                up.demo_port = wishes.demo_port
                up.operator = bool(wishes.settings.get("IDENTITY_OPERATOR_TOKEN"))
                folder.announce(up.url)
                watching = asyncio.create_task(supervisor.watch())
                with watched(wishes.watchdog_seconds):
                    yield up
                watching.cancel()
    finally:
        await supervisor.stop()
        folder.release()


def _listen(wanted: int | None) -> socket.socket:
    """The wanted port or a clear refusal; without a wish 8080, or another if that is taken."""
    for port in [wanted] if wanted is not None else [DEFAULT_PORT, 0]:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError as error:
            listener.close()
            failed = error
        else:
            return listener
    why = "is taken" if failed.errno == errno.EADDRINUSE else f"cannot be used: {failed.strerror}"
    raise PortTaken(f"Port {wanted} {why}. Choose another with --port, or leave it out.")


async def _start_servers(wishes: Wishes, folder: DataFolder, supervisor: Supervisor) -> Platform:
    """Ours, unless the operator named real ones; none before every setting is known to be right."""
    ports = {"mongodb": free_port(), "nats": free_port()}
    platform = Platform(
        wishes.mongodb_url or f"mongodb://{LOOPBACK}:{ports['mongodb']}",
        wishes.nats_url or f"nats://{LOOPBACK}:{ports['nats']}",
        folder.root_keys,
        demo_api.let_through(wishes.demo_port),
        wishes.new_owner_token,
        (folder.path / "blobs").as_uri(),
        wishes.settings if wishes.mongodb_url else EMBEDDED_DATABASE | wishes.settings,
    )
    check_settings(platform)
    waiting = []
    servers = (
        (wishes.mongodb_url, "mongodb", mongodb_server),
        (wishes.nats_url, "nats", nats_server),
    )
    for named, name, server in servers:
        if named is None:
            child = server(folder.path / name, ports[name])
            supervisor.start(child)
            waiting.append(child.ready(partial(accepts, ports[name])))
    await asyncio.gather(*waiting)
    if wishes.nats_url is None:
        await migrate_streams(platform.nats_url)
    return platform


async def migrate_streams(nats_url: str) -> None:
    """An earlier version may have left its layout in the data folder."""
    wanted = streams.declared(embedded_streams(), replicas=1)
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
    requests = folder.requests_log()
    access_log.ACCESS.open(requests, "console")
    dispatcher = Dispatcher(build_all(platform, announced.append))
    await dispatcher.start()
    server = _Server(
        uvicorn.Config(
            dispatcher,
            http=ProblemProtocol,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=10,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        health = await dispatcher.readiness()
        notes = [f"One line a request is in {folder.path}/logs/requests.log."]
        yield Running(_url(listener), next(iter(announced), None), health, 0, supervisor, notes)
    finally:
        server.should_exit = True
        await serving
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
    """Each service in processes of its own, nginx in front where it is installed."""
    services = SeparateServices(platform, folder, replicas)
    services.start(supervisor)
    notes = [f"Each service's log is in {folder.path}/logs."]
    url = _url(listener)
    edge_port = listener.getsockname()[1]
    listener.close()
    program = nginx()
    if program is None:
        notes.append("nginx is not installed: each service answers on its own port only.")
    else:
        edge = edge_child(program, folder.path / "edge", edge_port, services.ports)
        supervisor.start(edge)
    health = await services.all_ready()
    if program is not None:
        await edge.ready(lambda: accepts(edge_port))
    up = Running(url, services.owner_token(), health, 0, supervisor, notes)
    up.addresses = services.addresses
    yield up


def _url(listener: socket.socket) -> str:
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}"


async def until_told_to_stop() -> None:
    stop_asked_for = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop_asked_for.set)
    await stop_asked_for.wait()
