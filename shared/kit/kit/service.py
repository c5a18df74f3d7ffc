"""The composition root's tools: from settings to a running service.

A service's `main.build` makes a `Chassis`, hands its components to adapters, and calls `assemble`.
Nothing connects until the server starts the application's lifespan.
"""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

import uvicorn
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from faststream.nats import NatsRouter
from nats.errors import Error as NatsError
from pydantic import ValidationError
from pydantic_settings import SettingsError

from contracts.errors import PlatformError
from contracts.fact import Fact
from contracts.facts import WorkspaceRemoved
from contracts.requests import Authenticate, AuthenticatedCaller
from kit import access_log, blob_sweep, health, logs, mongo, problems
from kit.batches import BatchConsumer
from kit.blob_settings import BlobsUnusable
from kit.blob_sweep import BlobSweep
from kit.bus import Bus
from kit.cache import Limits
from kit.caller import VERIFIED_FOR_SECONDS, Authenticator, Verifier, openapi_security
from kit.clock import measure_clock
from kit.consume import Deliver, ensure_consumer, keep_consumers_alive
from kit.documents import Repository
from kit.errors import BusUnavailable, DatabaseUnavailable
from kit.expiry import Expiry
from kit.front import App, Front
from kit.hot import ServiceApi, strict
from kit.http_protocol import protocol_of
from kit.key_services.settings import KeysUnusable
from kit.leases import Lease, Leases
from kit.outage import Outage
from kit.outbox import Outbox
from kit.pages import LISTS
from kit.redelivery import Redelivery
from kit.serve import DrainingServer
from kit.settings import ProcessSettings, ServiceSettings, refusals_of, unreadable
from kit.shares import FairShares
from kit.starting import ServeWhileStarting
from kit.strict import refuse_what_is_unknown
from kit.supervise import Supervisor
from kit.watch import FactWatch
from kit.workspace_deletion import WorkspaceDeletion, deletes_workspaces

log = logs.logger("kit.service")
START_RETRY_SECONDS = 0.5
SWITCH_SECONDS = 0.0005
"""How long a thread may hold the interpreter while another waits: Python's 5 ms would let the
database's driver, which works in threads, delay every call that becomes ready meanwhile."""
COLLECT_AFTER_OBJECTS = 10_000
"""Python's 700 would collect several times during one busy moment, in vain."""


@dataclass
class Chassis:
    """What every service has: its database, its bus, its watch, its outbox."""

    service: str
    settings: ServiceSettings
    authenticate: Authenticator | None = None
    """Only identity answers this question itself; it sets this once its use case exists."""
    bus: Bus = field(init=False)
    watch: FactWatch = field(init=False)
    outbox: Outbox = field(init=False)
    database: mongo.Database = field(init=False)
    supervisor: Supervisor = field(init=False)

    def __post_init__(self) -> None:
        settings = self.settings
        self._client = mongo.connect(settings.mongodb_url.get_secret_value())
        self.database = self._client[settings.mongodb_database]
        self.bus = Bus(
            self.service,
            settings.nats_url.get_secret_value(),
            stream_replicas=settings.stream_replicas,
            stream_settings=settings.streams,
            redelivery=Redelivery(settings.redelivery_seconds),
        )
        self.watch = FactWatch(self.bus)
        self.outbox = Outbox(self.service, self.bus)
        self.verifier = Verifier(
            self.watch,
            self._authenticate,
            Limits(
                settings.max_cached_tokens, settings.max_cached_token_bytes, VERIFIED_FOR_SECONDS
            ),
            settings.openactions.address,
        )
        self.supervisor = Supervisor()

    async def _authenticate(self, asked: Authenticate) -> AuthenticatedCaller:
        if self.authenticate is not None:
            return await self.authenticate(asked)
        return await self.bus.ask(asked)

    def close_database(self) -> None:
        self._client.close()


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Which facts a service receives: as they happen, to drop caches; or each at least once."""

    live: tuple[type[Fact], ...]
    durable: tuple[type[Fact], ...]


@dataclass(frozen=True)
class Components:
    """What `main.build` has put together for `assemble`."""

    app: object
    """The service's application: its use cases, one a field."""
    routes: Sequence[APIRouter] = ()
    hot_routes: Mapping[tuple[str, str], App] = field(default_factory=dict)
    """Plain ASGI applications by method and path, called without FastAPI's layers."""
    consumers: Sequence[NatsRouter] = ()
    listened: Sequence[type[Fact]] = ()
    """The facts that `consumers` listen to."""
    batches: Sequence[BatchConsumer] = ()
    repositories: Sequence[Repository] = ()
    blobs: BlobSweep | None = None
    """Of the areas that the service writes to: it deletes what expired, or was a workspace's."""
    background: Mapping[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    """Coroutine functions that run as long as the service does, by name."""
    on_start: Sequence[Callable[[], Awaitable[None]]] = ()
    on_stop: Sequence[Callable[[], Awaitable[None]]] = ()
    long_bodies: dict[str, int] = field(default_factory=dict)


def assemble(chassis: Chassis, components: Components, *, description: str | None) -> FastAPI:
    """The ASGI application of one service, with the chassis' routes and tasks around its own."""
    components = _with_the_end_of_workspaces(chassis.service, components)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as running:
            running.callback(access_log.ACCESS.flush)
            await _start(chassis, components, running)
            yield

    limits: dict[str, Any] = {
        "service": chassis.service,
        "max_body_bytes": chassis.settings.max_body_bytes,
        "long_bodies": components.long_bodies,
        "log_share": chassis.settings.access_log_share,
    }
    api = ServiceApi(
        hot={path: Front(strict(route), **limits) for path, route in components.hot_routes.items()},
        title=f"OpenActions {chassis.service}",
        description=description or "",
        version="0.1.0",
        lifespan=lifespan,
        docs_url=None,  # its page loads scripts from public hosts; the edge serves /docs
        redoc_url=None,
        redirect_slashes=False,  # a redirect would name the host that the Host header claims
    )
    api.state.app, api.state.service = components.app, chassis.service
    api.state.verifier = chassis.verifier
    api.state.lists = FairShares(chassis.service, LISTS, chassis.settings.max_lists)
    problems.install(api)
    _include_routes(api, components)
    readiness = health.Readiness(chassis.bus, chassis.database, chassis.watch)
    liveness = health.Liveness(chassis.bus, chassis.supervisor)
    api.include_router(health.routes(liveness, readiness))
    api.state.liveness, api.state.readiness = liveness, readiness
    for consumer in components.consumers:
        chassis.bus.broker.include_router(consumer)
    chassis.bus.broker.add_middleware(Deliver)
    api.state.broker = chassis.bus.broker
    api.state.subscriptions = Subscriptions(
        live=tuple(chassis.watch.facts),
        durable=(
            *components.listened,
            *(fact for batch in components.batches for fact in batch.facts),
        ),
    )
    _complete_document(api)
    api.add_middleware(Front, **limits)
    return api


def _include_routes(api: FastAPI, components: Components) -> None:
    """Each behind the dependency that refuses unknown parameters, so no route is without it."""
    for router in components.routes:
        api.include_router(router, dependencies=[Depends(refuse_what_is_unknown)])
    routes = [route for router in components.routes for route in router.routes]
    api.state.allowed = problems.Allowed(
        [route for route in routes if isinstance(route, APIRoute)], components.hot_routes.keys()
    )


def _with_the_end_of_workspaces(service: str, components: Components) -> Components:
    """Every service with repositories deletes what it has of a removed workspace."""
    if not components.repositories:
        return components
    return replace(
        components,
        consumers=[*components.consumers, deletes_workspaces(service)],
        listened=[*components.listened, WorkspaceRemoved],
    )


def _complete_document(api: FastAPI) -> None:
    generate = api.openapi

    def openapi() -> dict[str, Any]:
        schema = generate()
        openapi_security(schema)
        problems.document(schema)
        return schema

    api.openapi = openapi  # type: ignore[method-assign]


async def _start(chassis: Chassis, components: Components, running: AsyncExitStack) -> None:
    context = chassis.bus.broker.context
    context.set_global("bus", chassis.bus)
    context.set_global("app", components.app)
    deletion = WorkspaceDeletion(components.repositories, blobs=components.blobs)
    context.set_global("workspace_deletion", deletion)
    running.callback(chassis.close_database)
    running.push_async_callback(chassis.outbox.settle)
    await _until_the_database_answers(chassis, components)
    running.push_async_callback(chassis.bus.stop)
    await _until_the_broker_answers(chassis, components)
    for start in components.on_start:
        await start()
    for stop in components.on_stop:
        running.push_async_callback(stop)
    running.push_async_callback(chassis.supervisor.stop)
    _start_background_work(chassis, components)
    await _until_in_sync(chassis.watch)
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(COLLECT_AFTER_OBJECTS)
    gc.freeze()  # what start-up built stays; collections need not walk it again
    log.info("service_started", service=chassis.service)


def _start_background_work(chassis: Chassis, components: Components) -> None:
    bus, run = chassis.bus, chassis.supervisor.run
    run("connection", bus.keep_connected)
    run("watch", chassis.watch.keep_in_sync)
    run("outbox", chassis.outbox.sweep_for_ever)
    run("consumers", partial(keep_consumers_alive, bus, list(components.listened)))
    run("streams", partial(health.measure_streams, bus))
    run("clock", partial(measure_clock, bus))
    for batch in components.batches:
        run(batch.name, batch.run)
    if chassis.settings.deletes_expired:
        collections = [
            each for repository in components.repositories for each in repository.collections
        ]
        run("expiry", Expiry(chassis.database, collections).delete_for_ever)
    if components.blobs is not None:
        run("blobs", _sweeping(chassis, components.blobs))
    for name, work in components.background.items():
        run(name, work)


def _sweeping(chassis: Chassis, blobs: BlobSweep) -> Callable[[], Awaitable[None]]:
    """One replica at a time: they would list and delete the same."""
    repeat = Leases(chassis.database).repeat
    work = partial(_swept, blobs)
    return partial(repeat, blob_sweep.LEASE, work, every_seconds=blob_sweep.SWEEP_EVERY_SECONDS)


async def _swept(blobs: BlobSweep, _: Lease) -> None:
    await blobs.delete_overdue()


async def _until_the_database_answers(chassis: Chassis, components: Components) -> None:
    """Indexes first: a service without them would be slow and let duplicates in."""
    made, expiring = 0, not chassis.settings.deletes_expired
    outage = Outage(chassis.service, "database_answers_again")
    while True:
        try:
            for repository in components.repositories:
                for collection in repository.collections:
                    made += await collection.ensure_indexes(expiring=expiring)
        except DatabaseUnavailable as error:
            outage.report("waiting_for_the_database", cause=repr(error.__cause__))
            await asyncio.sleep(START_RETRY_SECONDS)
        else:
            outage.over()
            if made:
                log.info("indexes_made", service=chassis.service, count=made)
            return


async def _until_the_broker_answers(chassis: Chassis, components: Components) -> None:
    """Streams and consumers; JetStream answers nothing while it elects a leader."""
    while True:
        try:
            await chassis.bus.connect()
            for fact in components.listened:
                await ensure_consumer(chassis.bus, fact)
            for batch in components.batches:
                await batch.ensure_consumer()
            await chassis.bus.broker.start()
        except (NatsError, PlatformError, TimeoutError) as error:
            broker = chassis.bus.addresses
            chassis.bus.outage.report("waiting_for_the_broker", cause=repr(error), broker=broker)
            await asyncio.sleep(START_RETRY_SECONDS)
        else:
            chassis.bus.outage.over()
            return


async def _until_in_sync(watch: FactWatch) -> None:
    while not watch.in_sync:
        with suppress(BusUnavailable):
            await watch.ensure_in_sync()


S = TypeVar("S", bound=ProcessSettings)


def main(settings_class: type[S], build: Callable[[S], FastAPI]) -> None:
    """Run one service as a process of its own, until SIGTERM or Ctrl-C."""
    try:
        settings = settings_class()
        api = build(settings)
    except ValidationError as error:
        sys.exit(what_to_set(*(refusals_of(settings_class) or [error])))
    except (BlobsUnusable, KeysUnusable) as error:
        sys.exit(f"This service does not start: {error}")
    except SettingsError as error:
        sys.exit(f"This service does not start: {unreadable(settings_class, error)}")
    logs.configure(settings.log_format)
    application = ServeWhileStarting(
        api, api.router.lifespan_context(api), service=api.state.service
    )
    config = uvicorn.Config(
        application,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=protocol_of(api.state.service),
        log_config=None,
        access_log=False,
        proxy_headers=False,  # nothing here depends on who a proxy says that the client is
        server_header=False,
        timeout_graceful_shutdown=int(settings.shutdown_grace_seconds),
        timeout_keep_alive=75,
    )
    server = DrainingServer(
        config,
        ready=application.started,
        on_stop=api.state.readiness.stop,
        health_port=settings.health_port,
        linger_seconds=settings.shutdown_linger_seconds,
        watchdog_seconds=settings.watchdog_seconds,
    )
    server.run(sockets=[config.bind_socket()])


def what_to_set(*errors: ValidationError) -> str:
    """One line a variable, with what is wrong; never its value, which may be a secret."""
    lines = []
    prefixes = [error.title.removesuffix("Settings").upper() for error in errors]
    for prefix, error in zip(prefixes, errors, strict=True):
        for fault in error.errors(include_input=False, include_url=False):
            member = [str(part).upper() for part in fault["loc"][:1]]
            if not {*member} & {*prefixes}:
                lines.append(f"  {'_'.join([prefix, *member])}: {fault['msg']}")
    return "\n".join(["This service does not start with these settings:", *lines])
