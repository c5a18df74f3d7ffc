"""A service made of nothing but the chassis: it takes `domains.changed` and shows its things."""

import asyncio
from dataclasses import dataclass, field

from fastapi import APIRouter
from faststream.nats import NatsRouter
from pydantic_settings import SettingsConfigDict

from contracts.facts import DomainsChanged, GptPublished
from contracts.requests import CheckHosts, HostRefusal, HostsChecked
from kit import mongo
from kit.batches import BatchConsumer
from kit.codec import Codec
from kit.consume import answers, listens
from kit.documents import Collection
from kit.retention import Forever
from kit.service import Chassis, Components, assemble
from kit.settings import ServiceSettings
from shared.kit.tests.kit_fakes import domains_changed

QUICKLY = (0.05, 0.05, 0.05, 0.05, 0.05)


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="NOBODY_SETS_THIS_")


STORED = "stored.example"
"""A host about which the service looks into its database."""


@dataclass(frozen=True)
class Thing:
    name: str


@dataclass
class Taken:
    """What a consumer was handed; `failing` says how it takes a fact, by its revision or version.

    A failure is an exception to raise for ever, or a list of them, one for each delivery.
    """

    facts: list = field(default_factory=list)
    failing: dict = field(default_factory=dict)
    batches: list = field(default_factory=list)
    seconds_an_answer: float = 0
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    """Cleared by a test that wants a slow consumer."""

    def __post_init__(self):
        self.go_on.set()

    async def one(self, fact):
        number = fact.revision if isinstance(fact, DomainsChanged) else fact.version
        self.facts.append(fact)
        await self.go_on.wait()
        failure = self.failing.get(number)
        if isinstance(failure, list):
            failure = failure.pop(0) if failure else None
        if failure is not None:
            raise failure

    async def batch(self, facts):
        self.batches.append([fact.version for fact in facts])
        for fact in facts:
            await self.one(fact)

    def times(self, number):
        return sum(
            number in (getattr(f, "revision", 0), getattr(f, "version", 0)) for f in self.facts
        )


@dataclass
class TestedService:
    """`api` has not been started; `chassis` is what the service would not show."""

    __test__ = False
    api: object
    chassis: Chassis
    things: Collection
    taken: Taken


def published(version):
    return GptPublished(workspace_id="ws_1", gpt_id="gpt_1", version=version, action_ids=())


def service(nats_url, mongodb_url, redelivery_seconds=QUICKLY, stream_replicas=1, **more):
    """A service that calls itself `policy`, and so may publish `domains.changed`."""
    settings = Settings(
        nats_url=nats_url,
        mongodb_url=mongodb_url,
        mongodb_database="kit",
        stream_replicas=stream_replicas,
        redelivery_seconds=redelivery_seconds,
        **more,
    )
    chassis = Chassis("policy", settings)
    things = Collection(
        database=chassis.database,
        name="things",
        outbox=chassis.outbox,
        codec=Codec(Thing),
        kept=Forever("for tests"),
    )
    taken = Taken()
    components = Components(
        app=taken,
        routes=[_routes(things)],
        consumers=[_consumers(taken, things)],
        listened=[DomainsChanged],
        batches=[BatchConsumer(chassis.bus, "recorder", [GptPublished], taken.batch)],
        repositories=[_Repository((things,))],
    )
    api = assemble(chassis, components, description="A service for tests.")
    return TestedService(api, chassis, things, taken)


@dataclass
class _Repository:
    collections: tuple


def _routes(things):
    router = APIRouter()

    @router.get("/v1/things/{id_}")
    async def read(id_: str):
        return (await things.within("ws_ours").read(id_)).state.__dict__

    @router.post("/v1/things/{id_}")
    async def add(id_: str, revision: int = 1):
        fact = domains_changed(revision)
        ours = things.within("ws_ours")
        try:
            await ours.add(id_, Thing(id_), fact)
        except mongo.Taken:  # asked again
            await ours.ensure_in_force(id_)
        return {"fact": fact.id}

    return router


def _consumers(taken, things):
    router = NatsRouter()

    @listens(router, DomainsChanged, service="policy")
    async def take(fact: DomainsChanged):
        await taken.one(fact)

    @answers(router, CheckHosts)
    async def check(asked: CheckHosts):
        await asyncio.sleep(taken.seconds_an_answer)
        if asked.hosts[0] == STORED:
            await things.within("ws_ours").find("thing_1")
        failure = taken.failing.get(asked.hosts[0])
        if failure is not None:
            raise failure
        return HostsChecked(
            refusals=[HostRefusal(host=h, code="c", sentence="s") for h in asked.hosts]
        )

    return router
