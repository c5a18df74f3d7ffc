"""The streams on a real server: created, limited, migrated from an earlier layout."""

import asyncio

import pytest
from nats.js.api import AckPolicy, ConsumerConfig, StreamConfig
from nats.js.errors import APIError, NotFoundError

from contracts.fact import FACTS_STREAM, INVOCATIONS_STREAM
from contracts.facts import DomainsChanged, InvocationFinished
from kit.bus import Bus
from kit.errors import BusUnavailable
from kit.streams import (
    RECORDER,
    StreamSettings,
    StreamsOutdated,
    apply,
    apply_previous,
    declared,
    differences,
    previous,
    usage,
)
from shared.kit.tests.kit_fakes import domains_changed

pytestmark = pytest.mark.integration

SMALL = StreamSettings(facts_max_bytes=1024 * 1024)


@pytest.fixture
async def bus(nats):
    """Connected, and nothing created yet."""
    bus = Bus("policy", nats.url, stream_replicas=1, stream_settings=SMALL)
    bus._client = await bus.broker.connect()
    await bus._replies.start(bus._client)
    yield bus
    await bus.stop()


async def config_of(bus, name):
    return (await bus.jetstream.stream_info(name)).config


async def test_b6_every_stream_has_limits_and_refuses_rather_than_drops(bus):
    await bus.ensure_streams()

    for wanted in bus.streams:
        config = await config_of(bus, wanted.name)
        assert config.max_age > 0
        assert config.max_bytes > 0
        assert config.discard == "new"


async def test_each_kind_of_fact_has_its_stream(bus):
    await bus.ensure_streams()

    changed = await bus.jetstream.publish(DomainsChanged.subject, b"{}")
    finished = await bus.jetstream.publish(InvocationFinished.subject, b"{}")

    assert (changed.stream, finished.stream) == (FACTS_STREAM, INVOCATIONS_STREAM)


async def test_a9_a_full_stream_refuses_and_says_so(bus):
    await bus.ensure_streams()
    await fill(bus)

    with pytest.raises(BusUnavailable):
        await bus.publish(domains_changed(1))

    assert not bus.storing
    assert (await usage(bus.jetstream, [FACTS_STREAM]))[FACTS_STREAM] > 0.9


async def test_a9_a_stream_that_has_room_again_stores_from_its_first_fact_on(bus):
    await bus.ensure_streams()
    config = await config_of(bus, FACTS_STREAM)
    await bus.publish(domains_changed(1))
    await bus.jetstream.update_stream(config.evolve(max_bytes=1))
    with pytest.raises(BusUnavailable):
        await bus.publish(domains_changed(2))
    assert not bus.storing

    await bus.jetstream.update_stream(config)
    await bus.publish(domains_changed(2))

    assert bus.storing


async def test_b4_a_fact_that_may_never_be_published_leaves_the_service_ready(bus):
    """No stream takes it, as if permissions were not rolled out yet: nobody answers."""
    await bus.ensure_streams()
    config = await config_of(bus, FACTS_STREAM)
    await bus.jetstream.update_stream(config.evolve(subjects=["fact.token.>"]))

    with pytest.raises(BusUnavailable):
        await bus.publish(domains_changed(1))

    assert bus.storing


async def fill(bus):
    """Until not even the smallest message is taken."""
    for size in (60_000, 1_000, 1):
        while await takes(bus, b"x" * size):
            pass


async def takes(bus, data):
    try:
        await bus.jetstream.publish(DomainsChanged.subject, data)
    except APIError:
        return False
    return True


async def test_what_an_operator_changed_is_kept_by_services(bus):
    await bus.ensure_streams()
    config = await config_of(bus, FACTS_STREAM)
    await bus.jetstream.update_stream(config.evolve(max_age=1234.0))

    await bus.ensure_streams()

    changed = await config_of(bus, FACTS_STREAM)
    assert changed.max_age == 1234.0
    assert differences(changed, bus.streams[0]) == {"max_age": (1234.0, 30 * 86_400.0)}


@pytest.fixture
async def older(bus):
    """The layout of the version before: one stream without limits, its recorder half way."""
    jetstream = bus.jetstream
    for name, subject in ((FACTS_STREAM, "fact.>"), ("DEAD_LETTERS", "dead.>")):
        await jetstream.add_stream(StreamConfig(name=name, subjects=[subject], num_replicas=1))
    for number in range(6):
        await jetstream.publish(InvocationFinished.subject, b"%d" % number)
        await jetstream.publish(DomainsChanged.subject, b"%d" % number)
    subjects = [InvocationFinished.subject]
    await jetstream.add_consumer(
        FACTS_STREAM,
        ConsumerConfig(
            name=RECORDER,
            durable_name=RECORDER,
            filter_subjects=subjects,
            ack_policy=AckPolicy.EXPLICIT,
        ),
    )
    recorder = await jetstream.pull_subscribe_bind(RECORDER, FACTS_STREAM)
    for message in await recorder.fetch(2):
        await message.ack_sync()
    return jetstream


async def test_an_older_layout_is_refused_with_what_to_do(bus, older):
    with pytest.raises(StreamsOutdated) as refusal:
        await bus.ensure_streams()

    assert "openactions streams apply" in refusal.value.hint


async def test_b6_an_older_layout_is_migrated_and_loses_nothing(bus, older):
    steps = [step async for step in apply(older, bus.streams)]

    assert len(steps) >= 5
    await bus.ensure_streams()
    assert await kept(older, INVOCATIONS_STREAM) == [b"2", b"3", b"4", b"5"]
    assert await kept(older, FACTS_STREAM) == [b"%d" % number for number in range(6)]
    with pytest.raises(NotFoundError):
        await older.consumer_info(FACTS_STREAM, RECORDER)
    assert [step async for step in apply(older, bus.streams)] == []


async def test_a_migration_that_was_interrupted_goes_on(bus, older):
    wanted = declared(SMALL, 1)
    steps = apply(older, wanted)
    await anext(steps)  # FACTS no longer takes facts about calls
    await anext(steps)  # INVOCATIONS is created
    await steps.aclose()
    late = await older.publish(InvocationFinished.subject, b"late")

    async for _ in apply(older, wanted):
        pass

    assert late.stream == INVOCATIONS_STREAM
    assert sorted(await kept(older, INVOCATIONS_STREAM)) == [b"2", b"3", b"4", b"5", b"late"]


class Meanwhile:
    """A JetStream context; `then` runs right after `call` has returned for the first time."""

    def __init__(self, jetstream, call, then):
        self._jetstream, self._call, self._then = jetstream, call, then

    def __getattr__(self, name):
        called = getattr(self._jetstream, name)
        if name != self._call or self._then is None:
            return called

        async def called_then(*arguments, **options):
            done = await called(*arguments, **options)
            then, self._then = self._then, None
            await then()
            return done

        return called_then


async def test_a_service_that_creates_the_stream_during_the_migration_loses_nothing(bus, older):
    meanwhile = Meanwhile(older, "update_stream", bus.ensure_streams)

    async for _ in apply(meanwhile, bus.streams):
        pass

    assert await kept(older, INVOCATIONS_STREAM) == [b"2", b"3", b"4", b"5"]


async def test_what_is_published_during_the_migration_replaces_nothing_that_is_moved(bus, older):
    async def publish():
        for _ in range(20):
            await bus.client.publish(InvocationFinished.subject, b"new")
        await bus.client.flush()

    meanwhile = Meanwhile(older, "add_stream", publish)

    async for _ in apply(meanwhile, bus.streams):
        pass

    found = await kept(older, INVOCATIONS_STREAM)
    assert [data for data in found if data != b"new"] == [b"2", b"3", b"4", b"5"]


@pytest.fixture
async def present(bus):
    """The layout of this version: six facts about calls, two of them recorded, and six others."""
    await bus.ensure_streams()
    jetstream = bus.jetstream
    for number in range(6):
        headers = {"Nats-Msg-Id": f"inv-{number}"}
        await jetstream.publish(InvocationFinished.subject, b"%d" % number, headers=headers)
        await jetstream.publish(DomainsChanged.subject, b"%d" % number)
    await record(jetstream, INVOCATIONS_STREAM, 2)
    return jetstream


async def record(jetstream, stream, count=None):
    """As the recorder does, which a release creates on the stream that it knows; all by default."""
    config = ConsumerConfig(
        name=RECORDER,
        durable_name=RECORDER,
        filter_subjects=[InvocationFinished.subject],
        ack_policy=AckPolicy.EXPLICIT,
    )
    pending = (await jetstream.add_consumer(stream, config)).num_pending
    recorder = await jetstream.pull_subscribe_bind(RECORDER, stream)
    messages = await recorder.fetch(count or pending)
    for message in messages:
        await message.ack_sync()
    return [message.data for message in messages]


async def done(steps):
    return [step async for step in steps]


async def layout_of(jetstream):
    """The names of the streams, and what differs from the previous layout."""
    infos = await jetstream.streams_info()
    known = {config.name: config for config in previous(1)}
    return {
        info.config.name: differences(info.config, known[info.config.name])
        if info.config.name in known
        else "unknown"
        for info in infos
    }


async def test_the_previous_layout_holds_what_was_not_recorded_and_takes_every_fact(bus, present):
    await done(apply_previous(present, previous(1)))

    taken = await present.publish(InvocationFinished.subject, b"old")
    assert await layout_of(present) == {FACTS_STREAM: {}, "DEAD_LETTERS": {}}
    assert taken.stream == FACTS_STREAM
    assert await record(present, FACTS_STREAM) == [b"2", b"3", b"4", b"5", b"old"]
    assert await done(apply_previous(present, previous(1))) == []
    with pytest.raises(StreamsOutdated):
        await bus.ensure_streams()


async def test_back_and_forth_within_minutes_loses_nothing(bus, present):
    """The streams remember ids for ten minutes: what comes again must not be dropped as known."""
    for _ in range(2):
        await done(apply_previous(present, previous(1)))
        await done(apply(present, bus.streams))

    assert await kept(present, INVOCATIONS_STREAM) == [b"2", b"3", b"4", b"5"]
    assert await kept(present, FACTS_STREAM) == [b"%d" % number for number in range(6)]
    await bus.ensure_streams()


@pytest.mark.parametrize("steps", range(1, 6))
@pytest.mark.parametrize("then", ["previous", "declared"])
async def test_a_way_back_that_was_interrupted_goes_on_or_is_taken_back(bus, present, steps, then):
    interrupted = apply_previous(present, previous(1))
    for _ in range(steps):
        await anext(interrupted)
    await interrupted.aclose()

    if then == "previous":
        await done(apply_previous(present, previous(1)))
    else:
        await done(apply(present, bus.streams))

    stream = FACTS_STREAM if then == "previous" else INVOCATIONS_STREAM
    found = await record(present, stream)
    assert {b"2", b"3", b"4", b"5"} <= set(found)
    assert (INVOCATIONS_STREAM in await layout_of(present)) is (then == "declared")


async def kept(jetstream, stream):
    """The data of every message that a stream holds."""
    state = (await jetstream.stream_info(stream)).state
    found = []
    for sequence in range(max(1, state.first_seq), state.last_seq + 1):
        try:
            found.append((await jetstream.get_msg(stream, sequence)).data)
        except NotFoundError:
            continue
    return found


async def test_services_may_create_the_streams_at_once(nats):
    buses = [Bus(f"s{number}", nats.url, stream_replicas=1) for number in range(4)]

    await asyncio.gather(*(bus.connect() for bus in buses))

    for bus in buses:
        await bus.stop()
