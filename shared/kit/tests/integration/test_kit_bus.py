"""Facts and requests over a real broker."""

import asyncio
from contextlib import suppress

import pytest
from nats.errors import Error as NatsError

from contracts.errors import Conflict
from contracts.fact import FACTS_STREAM
from contracts.facts import DomainsChanged
from contracts.request import MAX_MESSAGE_BYTES
from contracts.requests import CheckHosts, HostsChecked
from kit import trace
from kit.bus import MAX_ASKED, MAX_REPEATED, Bus
from kit.cloudevents import facts_of
from kit.errors import BusUnavailable
from kit.testing import eventually, neighbours
from openactions_local.servers import nats_server
from openactions_local.testing import Server
from shared.kit.tests.kit_fakes import domains_changed

pytestmark = pytest.mark.integration

QUESTION = CheckHosts(workspace_id="ws_1", hosts=("example.com",))


@pytest.fixture
async def bus(nats):
    bus = Bus("policy", nats.url, stream_replicas=1)
    await bus.connect()
    yield bus
    await bus.stop()


@pytest.fixture
async def others(nats):
    async with neighbours(nats.url) as others:
        yield others


async def stored(bus):
    return (await bus.jetstream.stream_info(FACTS_STREAM)).state.messages


async def test_a_published_fact_is_kept_as_a_cloud_event(bus):
    trace.begin(None)
    fact = domains_changed(revision=3)

    await bus.publish(fact)

    kept = await bus.jetstream.get_msg(FACTS_STREAM, 1)
    assert kept.subject == DomainsChanged.subject
    assert kept.headers["ce-id"] == kept.headers["Nats-Msg-Id"] == fact.id
    assert kept.headers["ce-type"] == DomainsChanged.subject
    assert kept.headers["ce-source"] == "/openactions/policy"
    assert kept.headers["ce-subject"] == "ws_ours"
    assert kept.headers["traceparent"] == trace.current()
    assert kept.data == b'{"workspace_id":"ws_ours","revision":3}'


async def test_a_fact_reads_back_as_it_was_published(bus):
    fact = domains_changed(traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01")
    await bus.publish(fact)

    kept = await bus.jetstream.get_msg(FACTS_STREAM, 1)

    assert facts_of(kept.subject, kept.data, kept.headers) == [fact]


async def test_f17_a_fact_published_twice_is_kept_once(bus):
    fact = domains_changed()

    await asyncio.gather(bus.publish(fact), bus.publish(fact))

    assert await stored(bus) == 1


async def test_many_facts_are_published_side_by_side(bus):
    await asyncio.gather(*(bus.publish(domains_changed(n)) for n in range(500)))

    assert await stored(bus) == 500


async def test_a_fact_that_jetstream_does_not_keep_is_not_published(bus):
    await bus.jetstream.delete_stream(FACTS_STREAM)

    with pytest.raises(BusUnavailable):
        await bus.publish(domains_changed())


async def test_what_is_too_large_is_never_sent(bus):
    with pytest.raises(ValueError, match="send a reference"):
        await bus.publish(domains_changed(workspace_id="w" * MAX_MESSAGE_BYTES))
    with pytest.raises(ValueError, match="ask for less"):
        await bus.ask(CheckHosts(workspace_id="ws_1", hosts=("h" * MAX_MESSAGE_BYTES,)))


async def test_an_answer_comes_back(bus, others):
    async def check(asked):
        return HostsChecked(refusals=[{"host": asked.hosts[0], "code": "x", "sentence": "No."}])

    await others.answer(CheckHosts, check)

    assert (await bus.ask(QUESTION)).refusals[0].host == "example.com"


async def test_a_refusal_passes_through_as_it_is(bus, others):
    async def check(_):
        raise Conflict("Taken.", hint="Wait.", code="policy.taken", findings=[{"pointer": "/a"}])

    await others.answer(CheckHosts, check)

    with pytest.raises(Conflict) as refused:
        await bus.ask(QUESTION)
    refusal = refused.value
    assert (refusal.code, refusal.sentence, refusal.hint) == ("policy.taken", "Taken.", "Wait.")
    assert refusal.findings == ({"pointer": "/a"},)


async def test_nobody_there_to_answer_is_said_at_once(bus):
    with pytest.raises(BusUnavailable, match="policy service is not running"):
        await bus.ask(QUESTION)


async def test_an_answer_that_does_not_come_is_waited_for_no_longer_than_told(bus, others):
    too_late = asyncio.Event()

    async def check(_):
        await too_late.wait()
        return HostsChecked()

    await others.answer(CheckHosts, check)

    with pytest.raises(BusUnavailable, match="did not answer in time"):
        await bus.ask(QUESTION, timeout_seconds=0.1)
    too_late.set()


async def test_r6_a_question_is_asked_three_times_and_the_first_answer_is_taken(bus, others):
    asked = []

    async def answer_the_third(message):
        asked.append(message.reply)
        if len(asked) == 3:
            await message.respond(b'{"reply":{"refusals":[]}}')

    client = others.bus.client
    await client.subscribe(QUESTION.subject, cb=answer_the_third)
    for _ in range(2):  # nats-py's PING overtakes what is still to be written
        await client.flush()

    assert await bus.ask(QUESTION, timeout_seconds=20) == HostsChecked(refusals=[])

    assert len({*asked}) == 1


async def test_b17_an_owner_that_is_overloaded_gets_few_questions_again(bus, others):
    asked = []

    async def never_answer(message):
        asked.append(message.reply)

    client = others.bus.client
    await client.subscribe(QUESTION.subject, cb=never_answer)
    for _ in range(2):  # as above
        await client.flush()

    many = 2 * MAX_REPEATED
    refused = await asyncio.gather(
        *(bus.ask(QUESTION, timeout_seconds=3) for _ in range(many)), return_exceptions=True
    )

    assert {type(each) for each in refused} == {BusUnavailable}
    assert len(asked) <= many + MAX_REPEATED * (MAX_ASKED - 1)


async def test_r6_that_nobody_takes_the_repeated_question_is_no_answer_to_the_first(bus, others):
    """Whoever has the first is about to stop: he answers, and takes no more."""
    taken = asyncio.get_running_loop().create_future()

    async def take_only_this(message):
        taken.set_result(message)

    client = others.bus.client
    subscription = await client.subscribe(QUESTION.subject, cb=take_only_this)
    for _ in range(2):  # nats-py's PING overtakes what is still to be written
        await client.flush()
    asking = asyncio.create_task(bus.ask(QUESTION, timeout_seconds=20))
    message = await taken
    await subscription.unsubscribe()
    for _ in range(2):
        await client.flush()
    before = bus.client.stats["in_msgs"]

    async def nobody_took_the_second():
        return bus.client.stats["in_msgs"] > before

    await eventually(nobody_took_the_second)
    await message.respond(b'{"reply":{"refusals":[]}}')

    assert await asking == HostsChecked(refusals=[])


async def test_a_bus_that_is_not_connected_refuses_instead_of_waiting(nats):
    bus = Bus("policy", nats.url, stream_replicas=1)

    with pytest.raises(BusUnavailable):
        await bus.ask(QUESTION)
    with pytest.raises(BusUnavailable):
        await bus.publish(domains_changed())


async def test_a_service_that_starts_before_its_broker_waits_for_it_and_says_where(nats, caplog):
    await nats.kill()
    bus = Bus("policy", nats.url, stream_replicas=1)
    connecting = asyncio.ensure_future(bus.connect())
    await eventually(lambda: _said(caplog, nats))

    await nats.start()
    await connecting

    assert bus.connected
    await bus.stop()


async def test_a_node_that_is_lost_is_named_in_the_log(nats, bus, caplog):
    await nats.kill()

    await eventually(lambda: _said(caplog, nats))

    await nats.start()


async def _said(caplog, nats):
    """Whatever the format, which another test may have configured."""
    return f"127.0.0.1:{nats.port}" in caplog.text


def test_a_log_names_the_broker_without_its_password():
    urls = "nats://policy:hunter2@one.example:4222,nats://two.example:4223/,three.example:4224"

    bus = Bus("policy", urls, stream_replicas=3)

    assert bus.addresses == "one.example:4222, two.example:4223, three.example:4224"


async def test_streams_are_made_once_and_an_operators_changes_are_kept(bus):
    info = await bus.jetstream.stream_info(FACTS_STREAM)
    await bus.jetstream.update_stream(info.config.evolve(max_age=3_600))

    await bus.ensure_streams()

    assert (await bus.jetstream.stream_info(FACTS_STREAM)).config.max_age == 3_600


async def test_a1_a_frozen_node_that_takes_no_more_bytes_is_left_for_another(tmp_path):
    """What was written and not sent keeps the old socket open, and nats-py waiting for its end."""
    nodes = [Server(nats_server, tmp_path / name, "nats") for name in ("one", "two")]
    for node in nodes:
        await node.start()
    bus = Bus("policy", ",".join(node.url for node in nodes), stream_replicas=1)
    await bus.connect()
    keeping = asyncio.create_task(bus.keep_connected())
    [first] = [node for node in nodes if bus.client.connected_url.port == node.port]

    first.freeze()
    writing = asyncio.create_task(write_too_much(bus.client))

    async def is_connected_to_the_other():
        return bus.connected and bus.client.connected_url.port != first.port

    await eventually(is_connected_to_the_other, within_seconds=15)
    assert bus.disconnected_seconds == 0
    for task in (writing, keeping):
        task.cancel()
    first.thaw()
    await bus.stop()
    for node in nodes:
        await node.kill()


async def write_too_much(client):
    """More than the two sockets hold; nats-py refuses some of it while it has no connection."""
    for _ in range(100):
        with suppress(NatsError):
            await client.publish("anything", b"x" * 100_000)
