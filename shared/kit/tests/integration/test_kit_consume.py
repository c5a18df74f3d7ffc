"""What becomes of facts that a service takes, one by one or in batches, on a real broker."""

import pytest
from nats.errors import MaxPayloadError

from contracts.errors import Denied, Unavailable
from contracts.fact import FACTS_STREAM
from contracts.facts import DomainsChanged, GptPublished
from kit.cloudevents import headers_of
from kit.streams import DEAD_LETTERS_STREAM
from kit.testing import eventually, running
from shared.kit.tests.kit_fakes import domains_changed
from shared.kit.tests.kit_service import published, service

pytestmark = pytest.mark.integration

ONE_BY_ONE = pytest.param((DomainsChanged, domains_changed, "policy_domains_changed_v1"), id="one")
IN_BATCHES = pytest.param((GptPublished, published, "policy_recorder"), id="batches")
either = pytest.mark.parametrize("way", [ONE_BY_ONE, IN_BATCHES])


@pytest.fixture
async def tested(nats, mongodb_url):
    tested = service(nats.url, mongodb_url)
    async with running(tested.api):
        yield tested


async def publish(tested, *facts):
    for fact in facts:
        await tested.chassis.bus.publish(fact)


async def settled(tested, durable, within_seconds=15):
    """Every fact of the stream, all of one kind, was delivered and acknowledged."""
    jetstream = tested.chassis.bus.jetstream

    async def nothing_left():
        stream = await jetstream.stream_info(FACTS_STREAM)
        consumer = await jetstream.consumer_info(FACTS_STREAM, durable)
        return consumer.ack_floor.stream_seq == stream.state.last_seq

    await eventually(nothing_left, within_seconds=within_seconds)


async def dead_letters(tested, subject):
    """The dead letters, oldest first."""
    jetstream = tested.chassis.bus.jetstream
    stream = await jetstream.stream_info(DEAD_LETTERS_STREAM)
    letters = [
        await jetstream.get_msg(DEAD_LETTERS_STREAM, n + 1) for n in range(stream.state.messages)
    ]
    assert {letter.subject for letter in letters} <= {f"dead.policy.{subject}"}
    return letters


@either
async def test_a_fact_is_taken_with_the_id_and_the_time_it_was_published_with(tested, way):
    _, made, durable = way
    fact = made(1)

    await publish(tested, fact)
    await settled(tested, durable)

    [taken] = tested.taken.facts
    assert taken == fact.model_copy(update={"traceparent": taken.traceparent})


@either
async def test_what_may_pass_later_is_delivered_again(tested, way):
    kind, made, durable = way
    tested.taken.failing = {1: [Unavailable("away"), RuntimeError("a bug of the moment")]}

    await publish(tested, made(1))
    await settled(tested, durable)

    assert tested.taken.times(1) == 3
    assert await dead_letters(tested, kind.subject) == []


@either
async def test_what_never_will_pass_is_buried_at_once_with_its_reason(tested, way):
    kind, made, durable = way
    fact = made(1)
    tested.taken.failing = {1: Denied("No.", code="policy.no")}

    await publish(tested, fact)
    await settled(tested, durable)

    [letter] = await dead_letters(tested, kind.subject)
    assert tested.taken.times(1) == 1
    assert letter.headers["oa-reason"] == "policy.no"
    assert letter.headers["oa-deliveries"] == "1"
    assert letter.headers["oa-stream-sequence"] == "1"
    assert letter.headers["ce-id"] == fact.id
    assert letter.data == fact.model_dump_json().encode()


@either
async def test_f16_a_poisonous_fact_is_tried_six_times_and_spares_its_neighbours(tested, way):
    kind, made, durable = way
    tested.taken.failing = {2: RuntimeError("poison")}

    await publish(tested, made(1), made(2), made(3))
    await settled(tested, durable)

    [letter] = await dead_letters(tested, kind.subject)
    assert letter.headers["oa-reason"] == "RuntimeError"
    assert letter.headers["oa-deliveries"] == "6"
    if kind is DomainsChanged:
        assert [tested.taken.times(n) for n in (1, 2, 3)] == [1, 6, 1]
    assert {made(n).model_dump_json() for n in (1, 3)} <= {
        fact.model_dump_json() for fact in tested.taken.facts
    }


@either
async def test_an_outage_longer_than_all_deliveries_buries_nothing(tested, way):
    kind, made, durable = way
    tested.taken.failing = {1: [Unavailable("away")] * 10}

    await publish(tested, made(1))
    await settled(tested, durable)

    assert tested.taken.times(1) == 11
    assert await dead_letters(tested, kind.subject) == []


@either
@pytest.mark.parametrize(
    "data", [b"", b"not json", b"[]", b'{"workspace_id": 7}', b"{}", b"\xff\xfe"], ids=repr
)
async def test_h103_what_cannot_be_read_is_buried_and_nothing_is_taken(tested, way, data):
    kind, made, durable = way
    headers = headers_of(made(1), "/somebody")

    await tested.chassis.bus.jetstream.publish(kind.subject, data, headers=headers)
    await publish(tested, made(2))
    await settled(tested, durable)

    [letter] = await dead_letters(tested, kind.subject)
    assert (letter.data or b"") == data
    assert tested.taken.times(2) == 1
    assert len(tested.taken.facts) == 1


@either
async def test_h103_a_message_without_cloud_event_headers_is_buried(tested, way):
    kind, made, durable = way

    await tested.chassis.bus.jetstream.publish(
        kind.subject, made(1).model_dump_json().encode(), headers={"x": "y"}
    )
    await settled(tested, durable)

    assert len(await dead_letters(tested, kind.subject)) == 1
    assert tested.taken.facts == []


@either
@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        pytest.param({"ce-type": "fact.other.v1"}, "event.wrong_type", id="another kind"),
        pytest.param({"ce-specversion": "2.0"}, "event.version_unknown", id="another version"),
        pytest.param({"ce-subject": "ws_other"}, "event.wrong_workspace", id="another workspace"),
        pytest.param({"ce-time": "2126-01-01T00:00:00Z"}, "event.from_the_future", id="the future"),
    ],
)
async def test_h103_attributes_that_contradict_are_dead_lettered_with_the_reason(
    tested, way, attributes, reason
):
    kind, made, durable = way
    forged = made(1)
    headers = headers_of(forged, "/somebody") | attributes

    await tested.chassis.bus.jetstream.publish(
        kind.subject, forged.model_dump_json().encode(), headers=headers
    )
    await settled(tested, durable)

    [letter] = await dead_letters(tested, kind.subject)
    assert letter.headers["oa-reason"] == reason
    assert tested.taken.facts == []


@either
async def test_h103_a_message_of_one_megabyte_is_dead_lettered_and_says_that_it_was_cut(
    tested, way
):
    kind, made, durable = way
    headers = headers_of(made(1), "/somebody")
    padded = made(1).model_dump_json().encode().ljust(1_000_000)

    await tested.chassis.bus.jetstream.publish(kind.subject, padded, headers=headers)
    await settled(tested, durable)

    [letter] = await dead_letters(tested, kind.subject)
    assert letter.headers["oa-reason"] == "event.too_large"
    assert letter.headers["oa-cut-from"] == "1000000"
    assert tested.taken.facts == []


async def test_h103_the_broker_takes_no_message_above_its_megabyte(tested):
    client = tested.chassis.bus.client

    with pytest.raises(MaxPayloadError):
        await client.publish("fact.domains.changed.v1", b"x" * (2**20 + 1))


@either
async def test_f17_a_fact_that_comes_again_after_the_duplicate_window_is_taken_by_its_id(
    tested, way
):
    kind, made, durable = way
    fact = made(1)
    for late in ("", "-eleven-minutes-later"):  # the window forgets the message's id, not the fact
        headers = headers_of(fact, "/x") | {"Nats-Msg-Id": f"{fact.id}{late}"}
        await tested.chassis.bus.jetstream.publish(
            kind.subject, fact.model_dump_json().encode(), headers=headers
        )
    await settled(tested, durable)

    assert [taken.id for taken in tested.taken.facts] == [fact.id, fact.id]


async def test_facts_come_in_batches_and_in_order(tested):
    await publish(tested, *(published(n) for n in range(300)))
    await settled(tested, "policy_recorder")

    assert [version for batch in tested.taken.batches for version in batch] == [*range(300)]
    assert max(map(len, tested.taken.batches)) <= 200


@either
async def test_f14_a_consumer_that_an_operator_deleted_is_made_again(tested, way):
    _, made, durable = way
    await publish(tested, made(1))
    await settled(tested, durable)

    await tested.chassis.bus.jetstream.delete_consumer(FACTS_STREAM, durable)
    await publish(tested, made(2))

    async def taken():
        return tested.taken.times(2)

    assert await eventually(taken, within_seconds=15)


@either
async def test_f14_a_stream_that_an_operator_deleted_is_made_again(tested, way):
    _, made, durable = way
    await publish(tested, made(1))
    await settled(tested, durable)

    await tested.chassis.bus.jetstream.delete_stream(FACTS_STREAM)

    async def published_and_taken():
        if not tested.taken.times(2):
            try:
                await publish(tested, made(2))
            except Unavailable:
                return False
        return tested.taken.times(2)

    assert await eventually(published_and_taken, within_seconds=15)


@either
async def test_f14_a_stream_that_an_operator_purged_goes_on_with_the_next_fact(tested, way):
    _, made, durable = way
    await publish(tested, made(1))
    await settled(tested, durable)

    await tested.chassis.bus.jetstream.purge_stream(FACTS_STREAM)
    await publish(tested, made(2))
    await settled(tested, durable)

    assert (tested.taken.times(1), tested.taken.times(2)) == (1, 1)


@either
async def test_f15_a_slow_consumer_holds_a_bounded_number_and_takes_all_in_the_end(tested, way):
    """The rest waits at the broker: as many as may be unacknowledged, whoever asks for more."""
    _, made, durable = way
    tested.taken.go_on.clear()
    jetstream = tested.chassis.bus.jetstream

    await publish(tested, *(made(n) for n in range(900)))

    async def handed_out():
        consumer = await jetstream.consumer_info(FACTS_STREAM, durable)
        return consumer.num_ack_pending

    await eventually(handed_out)
    consumer = await jetstream.consumer_info(FACTS_STREAM, durable)
    assert consumer.num_ack_pending <= consumer.config.max_ack_pending < 900
    assert len(tested.taken.facts) <= consumer.config.max_ack_pending

    tested.taken.go_on.set()
    await settled(tested, durable, within_seconds=25)
    assert {made(n).model_dump_json() for n in range(900)} == {
        fact.model_dump_json() for fact in tested.taken.facts
    }
