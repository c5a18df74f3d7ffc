"""What a watch does about facts that it missed: it fetches them, or it forgets everything.

The broker is in memory here, so that the stream can end anywhere and hold anything.
"""

import asyncio
import time
from base64 import b64encode
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace

import orjson
import pytest

from contracts.fact import FACTS_STREAM
from contracts.facts import DomainsChanged
from kit import clock as kit_clock
from kit.cloudevents import headers_of
from kit.stream_answers import Position
from kit.streams import LIVE_PREFIX
from kit.testing import eventually
from kit.watch import MAX_AGE_SECONDS, MAX_FETCHED, FactWatch
from shared.kit.tests.kit_fakes import domains_changed


class Seconds:
    """A clock that a test may move on; else it is the real one."""

    ahead = 0.0

    def __call__(self):
        return time.monotonic() + self.ahead


@dataclass
class Broker:
    """A `Bus` to a stream of the domain rules' changes: message n is revision n.

    It answers where the stream begins and ends, and fetches; nothing comes by itself.
    """

    first: int = 1
    last: int = 0
    created: str = "2026-11-22T12:00:00Z"
    missing: set = field(default_factory=set)
    asked: list = field(default_factory=list)
    """Where the stream ended each time that somebody asked."""
    fetched: list = field(default_factory=list)
    service: str = "policy"
    connected: bool = True
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self):
        self.answers.set()

    @property
    def client(self):
        return self

    async def subscribe(self, subject, cb):
        async def unsubscribe():
            return None

        return SimpleNamespace(unsubscribe=unsubscribe)

    async def request(self, subject, payload, seconds):
        if subject.endswith(f"STREAM.INFO.{FACTS_STREAM}"):
            state = {"first_seq": self.first, "last_seq": self.last}
            answer = {"created": self.created, "state": state}
            self.asked.append(self.last)
            await self.answers.wait()
            return orjson.dumps(answer)
        sequence = orjson.loads(payload)["seq"]
        self.fetched.append(sequence)
        if sequence in self.missing or not self.first <= sequence <= self.last:
            return orjson.dumps({"error": {"code": 404, "description": "no message found"}})
        fact = domains_changed(sequence)
        return orjson.dumps({"message": {"seq": sequence, **_stored(fact)}})


def _stored(fact):
    lines = [f"{name}: {value}" for name, value in headers_of(fact, "/test").items()]
    block = "\r\n".join(["NATS/1.0", *lines, "", ""])
    return {
        "subject": fact.subject,
        "data": b64encode(fact.model_dump_json().encode()).decode(),
        "hdrs": b64encode(block.encode()).decode(),
    }


class Follower:
    """What the watch delivered, and how often it forgot everything after its start."""

    def __init__(self, watch):
        self.watch = watch
        self.revisions = []
        self.forgotten = -1
        watch.on(DomainsChanged, lambda fact: self.revisions.append(fact.revision))
        watch.on_lost(self._forget)

    def _forget(self):
        self.forgotten += 1

    async def began_anew(self):
        return self.forgotten == 1 and self.watch.in_sync

    async def live(self, sequence, stream=FACTS_STREAM):
        fact = domains_changed(sequence)
        headers = {"Nats-Stream": stream, "Nats-Sequence": str(sequence)}
        data = fact.model_dump_json().encode()
        subject = f"{LIVE_PREFIX}{fact.subject}"
        await self.watch._receive_live(
            SimpleNamespace(subject=subject, data=data, headers=headers | headers_of(fact, "/test"))
        )


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def broker():
    return Broker(last=5)


@asynccontextmanager
async def following(watch):
    task = asyncio.create_task(watch.keep_in_sync())
    try:
        await watch.ensure_in_sync()
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


@pytest.fixture
async def follower(broker, seconds):
    follower = Follower(FactWatch(broker, seconds))
    async with following(follower.watch):
        yield follower


async def followed(follower, *revisions):
    async def all_there():
        return follower.revisions == [*revisions]

    await eventually(all_there)


async def test_what_was_missed_is_fetched_in_order(broker, follower):
    broker.last = 8

    await followed(follower, 6, 7, 8)

    assert follower.forgotten == 0


async def test_b15_a_stream_that_ends_before_what_was_received_voids_everything(broker, follower):
    """Such as one restored from an older copy: what follows has numbers that were used before."""
    broker.last = 2

    await eventually(follower.began_anew)

    broker.last = 3
    await followed(follower, 3)


async def test_an_answer_from_before_the_latest_fact_voids_nothing(broker, follower):
    broker.answers.clear()
    broker.last = 4
    await eventually(lambda: _asked(broker, 4))
    under_way = {*follower.watch._polls}
    broker.last = 6
    await follower.live(6)

    broker.answers.set()
    await asyncio.wait(under_way)

    assert (follower.revisions, follower.forgotten) == ([6], 0)


async def _asked(broker, last):
    return last in broker.asked


async def test_what_another_stream_publishes_again_is_no_fact_of_this_one(follower):
    await follower.live(6, stream="MIRROR")

    assert follower.revisions == []


async def test_a7_an_older_answer_that_comes_later_makes_nothing_older(broker, follower, seconds):
    now = seconds()
    follower.watch._learn(now, ending(broker, 5))

    follower.watch._learn(now - MAX_AGE_SECONDS, ending(broker, 5))

    assert follower.watch.in_sync


async def test_b15_answers_about_the_stream_before_do_not_hold_up_the_new_one(
    broker, follower, seconds
):
    seconds.ahead += MAX_AGE_SECONDS
    follower.watch._learn(seconds(), ending(broker, 8))
    assert not follower.watch.in_sync

    broker.created, broker.last = "2026-11-22T13:00:00Z", 2
    follower.watch._learn(seconds(), ending(broker, 2))

    assert follower.watch.in_sync


async def test_b15_an_answer_from_before_everything_was_forgotten_forgets_nothing_again(
    broker, follower, seconds
):
    asked_before = seconds()
    broker.first = 10
    follower.watch._learn(seconds(), ending(broker, 12))
    assert follower.forgotten == 1

    follower.watch._learn(asked_before, ending(broker, 11))

    assert follower.forgotten == 1


def ending(broker, last):
    """The leader's answer, for when it is to come at a certain moment."""
    return Position(broker.created, broker.first, last, led=True)


async def test_another_stream_of_the_name_voids_everything(broker, follower):
    broker.created = "2026-11-22T13:00:00Z"

    await eventually(follower.began_anew)


async def test_b15_what_the_stream_no_longer_holds_voids_everything_and_is_not_asked_for(
    broker, follower
):
    broker.first, broker.last = 10, 12

    await eventually(follower.began_anew)

    assert (broker.fetched, follower.revisions) == ([], [])
    broker.last = 13
    await followed(follower, 13)


async def test_the_last_that_the_stream_dropped_may_be_the_last_that_was_received(broker, follower):
    broker.first, broker.last = 6, 7

    await followed(follower, 6, 7)

    assert follower.forgotten == 0


async def test_b15_more_than_are_worth_fetching_void_everything_and_are_not_asked_for(
    broker, follower
):
    broker.last = 5 + MAX_FETCHED + 1

    await eventually(follower.began_anew)

    assert (broker.fetched, follower.revisions) == ([], [])


async def test_b15_a_fact_that_was_deleted_in_between_voids_everything(broker, follower):
    broker.missing = {7}
    broker.last = 8

    await eventually(follower.began_anew)

    broker.last = 9
    await eventually(lambda: _react_to(follower, 9))


async def _react_to(follower, revision):
    return follower.revisions[-1:] == [revision]


async def test_a7_a_replica_whose_machine_was_suspended_is_not_in_sync_when_it_wakes(
    broker, follower, seconds
):
    broker.answers.clear()
    assert follower.watch.in_sync

    seconds.ahead += MAX_AGE_SECONDS

    assert not follower.watch.in_sync
    broker.answers.set()


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="Linux has such a clock")
def test_a7_ages_include_the_time_in_which_the_machine_was_suspended(broker):
    assert kit_clock.AGES == time.CLOCK_BOOTTIME
    assert FactWatch(broker)._clock is kit_clock.elapsed_seconds
    assert kit_clock.elapsed_seconds() >= time.monotonic() - 1
