"""The broker as production runs it: three real nodes, one user a service, all else denied."""

import asyncio
from dataclasses import dataclass

import nats
import pytest
from faststream.nats import NatsRouter
from nats.errors import NoRespondersError

from contracts import requests
from contracts.fact import FACTS, FACTS_STREAM, INVOCATIONS_STREAM
from contracts.facts import (
    DomainsChanged,
    InvocationStarted,
    SchemaStored,
    TokenRevoked,
)
from contracts.ids import ActionId, GptId, InvocationId, MemberId, SchemaId, WorkspaceId
from contracts.request import REQUESTS
from kit.batches import BatchConsumer
from kit.bus import Bus
from kit.consume import Deliver, answers, listens
from kit.errors import BusUnavailable, Unauthenticated
from kit.streams import DEAD_LETTERS_STREAM
from kit.watch import FactWatch
from openactions_local.testing import NatsCluster
from openactions_local.testing.cluster import SERVICES

pytestmark = pytest.mark.integration

PATIENCE_SECONDS = 10
OURS = {
    "workspace_id": WorkspaceId("ws_1"),
    "gpt_id": GptId("gpt_1"),
    "action_id": ActionId("act_1"),
}
STARTED = InvocationStarted(
    **OURS,
    invocation_id=InvocationId("inv_1"),
    operation="getThing",
    method="POST",
    host="example.com",
    member_id=MemberId("mem_1"),
    arguments_hash="0",
)
STORED = SchemaStored(**OURS, schema_id=SchemaId("sch_1"), valid=True, operations=1)
MEMBERS = {"member_id": MemberId("mem_1"), "role": None, "revision": 2, "generation": 1}


def example_of(fact):
    return STORED if fact is SchemaStored else fact(**OURS, **MEMBERS)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    running = NatsCluster(tmp_path_factory.mktemp("cluster"))
    asyncio.run(running.start())
    yield running
    asyncio.run(running.stop())


@dataclass(frozen=True)
class User:
    client: nats.NATS
    refusals: asyncio.Queue

    async def refusal(self):
        """What the server says next; it names the operation and the subject."""
        return str(await asyncio.wait_for(self.refusals.get(), PATIENCE_SECONDS)).lower()


@pytest.fixture
async def log_in(cluster):
    """Connect as a service, without the chassis, to try what the chassis never would."""
    users = []

    async def connect(service):
        refusals = asyncio.Queue()
        client = await nats.connect(
            cluster.url_of(service).split(","),
            inbox_prefix=f"_INBOX_{service}",
            error_cb=refusals.put,
        )
        users.append(client)
        return User(client, refusals)

    yield connect
    for client in users:
        await client.close()


@pytest.fixture
async def bus_of(cluster):
    buses = []

    async def connect(service):
        bus = Bus(service, cluster.url_of(service), stream_replicas=3)
        buses.append(bus)
        await connected(bus)
        return bus

    yield connect
    for bus in buses:
        await bus.stop()


async def connected(bus):
    """As a service starts: three nodes may take more than a second to make a stream."""
    async with asyncio.timeout(2 * PATIENCE_SECONDS):
        while True:
            try:
                return await bus.connect()
            except BusUnavailable:
                await asyncio.sleep(0.2)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_states_its_facts_and_hears_those_it_watches(bus_of, service):
    bus = await bus_of(service)
    watch = FactWatch(bus)
    watch.on(TokenRevoked, lambda _: None)
    watching = asyncio.create_task(watch.keep_in_sync())

    await watch.ensure_in_sync()  # raises where it does not
    watching.cancel()
    own = [fact.subject for fact in FACTS.values() if fact.publisher == service]
    kept = [await bus.jetstream.publish(subject, b"{}") for subject in own]

    assert kept
    expected = INVOCATIONS_STREAM if service == "execution" else FACTS_STREAM
    assert {acknowledged.stream for acknowledged in kept} == {expected}


async def test_facts_reach_the_consumers_that_take_them_in_batches(bus_of, talks):
    names = [(service, name) for service, talk in talks.items() for _, name in talk.batches]
    taken = asyncio.Queue()
    for service, name in names:
        bus = await bus_of(service)
        consumer = BatchConsumer(bus, name, [InvocationStarted], taken.put)
        running = asyncio.create_task(consumer.run())
        await (await bus_of("execution")).publish(STARTED)
        batch = await asyncio.wait_for(taken.get(), PATIENCE_SECONDS)
        running.cancel()
        assert STARTED.invocation_id in {fact.invocation_id for fact in batch}

    assert names


NOT_ASKED_YET = {"ReadReleaseTexts"}


@pytest.mark.parametrize(
    "name", sorted({known.__name__ for known in REQUESTS.values()} - NOT_ASKED_YET)
)
async def test_a_question_reaches_its_owner_and_the_answer_comes_back(log_in, name, talks):
    request = getattr(requests, name)
    owner = await log_in(request.owner)

    async def answer(msg):
        await msg.respond(b"answered")

    await owner.client.subscribe(request.subject, queue=request.owner, cb=answer)
    await owner.client.flush()

    askers = [service for service, talk in talks.items() if request in talk.questions]
    asking = [await log_in(asker) for asker in askers]
    answers = [await answered(asker.client, request.subject) for asker in asking]

    assert askers
    assert [answer.data for answer in answers] == [b"answered"] * len(askers)


async def answered(client, subject, question=b"{}"):
    """The answer, once the asker's node has the owner's subscription."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                return await client.request(subject, question)
            except NoRespondersError:
                await asyncio.sleep(0.02)


async def test_facts_reach_the_services_that_listen(bus_of, talks):
    wanted = {(service, fact) for service, talk in talks.items() for fact in talk.listens}
    received = asyncio.Queue()
    for service, fact in wanted:
        bus = await bus_of(service)
        bus.broker.include_router(listener(service, fact, received))
        bus.broker.add_middleware(Deliver)
        bus.broker.context.set_global("bus", bus)
        await bus.broker.start()
        await (await bus_of(fact.publisher)).publish(example_of(fact))

    taken = set()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while taken < wanted:
            taken.add(await received.get())

    assert taken == wanted


def listener(service, fact, received):
    router = NatsRouter()

    @listens(router, fact, service=service)
    async def take(_: fact) -> None:
        await received.put((service, fact))

    return router


async def test_three_nodes_keep_each_fact_on_disk(bus_of):
    bus = await bus_of("policy")
    await bus.publish(DomainsChanged(workspace_id=WorkspaceId("ws_1"), revision=1))

    stream = await bus.jetstream.stream_info(FACTS_STREAM)

    assert stream.config.num_replicas == 3
    assert len(stream.cluster.replicas) == 2
    assert stream.config.storage == "file"


async def test_f7_a_fact_is_still_published_when_the_node_that_leads_dies(mortal_cluster):
    bus = Bus("policy", mortal_cluster.url_of("policy"), stream_replicas=3)
    await connected(bus)
    stream = await bus.jetstream.stream_info(FACTS_STREAM)

    await mortal_cluster.nodes[stream.cluster.leader].kill()

    await eventually_states(bus, DomainsChanged(workspace_id=WorkspaceId("ws_1"), revision=1))
    stream = await bus.jetstream.stream_info(FACTS_STREAM)
    assert stream.state.messages == 1
    await bus.stop()


async def test_f8_a_fact_is_refused_when_most_nodes_are_gone(mortal_cluster):
    bus = Bus("policy", mortal_cluster.url_of("policy"), stream_replicas=3)
    await connected(bus)

    for name in ("n2", "n3"):
        await mortal_cluster.nodes[name].kill()

    with pytest.raises(BusUnavailable):
        await bus.publish(DomainsChanged(workspace_id=WorkspaceId("ws_1"), revision=1))
    await bus.stop()


async def eventually_states(bus, fact):
    """As the outbox does: the same fact again, until the cluster has it."""
    async with asyncio.timeout(2 * PATIENCE_SECONDS):
        while True:
            try:
                return await bus.publish(fact)
            except BusUnavailable:
                await asyncio.sleep(0.2)


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param("fact.gpt.changed.v1", id="H102: another's fact"),
        pytest.param("request.auth.issue_credential.v1", id="a question it has no business asking"),
        pytest.param("_INBOX_auth.forged", id="a forged answer"),
        pytest.param("dead.catalog.fact.gpt.removed.v1", id="another's dead letter"),
        pytest.param("$JS.API.STREAM.DELETE.FACTS", id="deleting what was published"),
        pytest.param("$JS.API.STREAM.PURGE.FACTS", id="purging what was published"),
        pytest.param("$JS.API.STREAM.UPDATE.FACTS", id="changing the stream"),
        pytest.param("$JS.API.STREAM.MSG.GET.INVOCATIONS", id="reading calls by sequence"),
        pytest.param("$JS.API.CONSUMER.CREATE.FACTS", id="A2: a consumer without a name"),
        pytest.param(
            "$JS.API.CONSUMER.CREATE.INVOCATIONS.execution_recorder", id="A2: another's consumer"
        ),
        pytest.param(
            "$JS.API.CONSUMER.DURABLE.CREATE.INVOCATIONS.execution_recorder",
            id="A2: another's consumer, the older way",
        ),
        pytest.param("live.fact.token.revoked.v1", id="a live fact past the stream"),
        pytest.param("$JS.API.DIRECT.GET.FACTS", id="reading the stream directly"),
        pytest.param(
            "$JS.API.CONSUMER.DELETE.FACTS.catalog_gpt_removed_v1", id="deafening another"
        ),
        pytest.param(
            "$JS.ACK.FACTS.catalog_gpt_removed_v1.1.1.1.1.0", id="acknowledging for another"
        ),
        pytest.param("$SYS.REQ.SERVER.PING", id="the system"),
    ],
)
async def test_a2_h102_policy_may_not_say(log_in, subject):
    policy = await log_in("policy")

    await policy.client.publish(subject, b"{}")
    await policy.client.flush()

    assert f'publish to "{subject.lower()}"' in await policy.refusal()


async def test_a2_an_answer_is_never_kept_as_a_fact_of_who_answers(log_in, bus_of):
    """Policy asks identity and names identity's own fact as the subject to reply to."""
    policy, identity = await log_in("policy"), await bus_of("identity")
    identity.broker.include_router(answerer())
    identity.broker.add_middleware(Deliver)
    identity.broker.context.set_global("bus", identity)
    await identity.broker.start()
    question = requests.Authenticate(token_digest="0" * 64).model_dump_json().encode()
    await answered(policy.client, requests.Authenticate.subject, question)
    before = (await identity.jetstream.stream_info(FACTS_STREAM)).state.last_seq

    await policy.client.publish(requests.Authenticate.subject, question, reply=TokenRevoked.subject)
    await policy.client.request(requests.Authenticate.subject, question)  # answered after that

    # Over the connection of the answers: an answer that was stored would have the next number.
    assert (await identity.jetstream.publish(TokenRevoked.subject, b"{}")).seq == before + 1


def answerer():
    router = NatsRouter()

    @answers(router, requests.Authenticate)
    async def refuse(_: requests.Authenticate) -> None:
        raise Unauthenticated

    return router


@pytest.mark.parametrize(
    ("subject", "queue"),
    [
        pytest.param("_INBOX_execution.>", "", id="answers to execution"),
        pytest.param("_INBOX.>", "", id="answers to the careless"),
        pytest.param("request.auth.issue_credential.v1", "auth", id="questions to auth"),
        pytest.param("request.>", "", id="all questions"),
        pytest.param("fact.>", "", id="facts past JetStream"),
        pytest.param(">", "", id="everything"),
        pytest.param(">", "policy", id="everything, as a queue"),
    ],
)
async def test_policy_may_not_hear(log_in, subject, queue):
    policy = await log_in("policy")

    await policy.client.subscribe(subject, queue=queue)

    assert f'subscription to "{subject.lower()}"' in await policy.refusal()


@pytest.mark.parametrize("user", ["", "policy wrong", "route {route}", "auth {policy}"])
async def test_nobody_enters_without_the_right_password(cluster, user):
    name, _, password = user.format(**cluster.passwords).partition(" ")
    reader, writer = await asyncio.open_connection("127.0.0.1", cluster.ports[0])
    await reader.readline()  # INFO

    writer.write(f'CONNECT {{"user": "{name}", "pass": "{password}"}}\r\nPING\r\n'.encode())

    assert await reader.readline() == b"-ERR 'Authorization Violation'\r\n"
    writer.close()
    await writer.wait_closed()


NOT_THE_OPERATORS = (
    "$JS.API.STREAM.DELETE.FACTS",
    "$JS.API.STREAM.PURGE.INVOCATIONS",
    "$JS.API.CONSUMER.DELETE.FACTS.catalog_gpt_removed_v1",
    "request.auth.issue_credential.v1",
    "$SYS.REQ.SERVER.PING",
)
MANAGING = ("$JS.API.STREAM.PURGE.FACTS", "$JS.API.STREAM.UPDATE.FACTS")


@pytest.mark.parametrize(
    ("user", "refused"),
    [("operator", NOT_THE_OPERATORS), ("dead_letters", (*NOT_THE_OPERATORS, *MANAGING))],
)
async def test_who_replays_dead_letters_may_do_no_more(cluster, log_in, bus_of, user, refused):
    bus = await bus_of("policy")
    letter = await bus.jetstream.publish("dead.policy.fact.domains.changed.v1", b"{}")
    operator = await log_in(user)
    jetstream = operator.client.jetstream()

    kept = await jetstream.get_msg(DEAD_LETTERS_STREAM, seq=letter.seq)
    replayed = await jetstream.publish("fact.domains.changed.v1", kept.data)
    await jetstream.delete_msg(DEAD_LETTERS_STREAM, letter.seq)

    assert replayed.stream == FACTS_STREAM
    for subject in refused:
        await operator.client.publish(subject, b"{}")
        assert f'publish to "{subject.lower()}"' in await operator.refusal()


async def test_the_operator_manages_the_streams(cluster, log_in, bus_of):
    await bus_of("policy")
    jetstream = (await log_in("operator")).client.jetstream()

    await jetstream.update_stream((await jetstream.stream_info(FACTS_STREAM)).config)
