"""How a batch is cut before it is taken, and how its later parts are kept."""

import pytest

from contracts.facts import InvocationFinished
from kit.batches import ACK_WAIT_SECONDS, MAX_FACTS, BatchConsumer, parts_of
from kit.bus import Bus


class Message:
    """The broker delivers it anew unless it is acknowledged or extended within the wait."""

    def __init__(self, clock):
        self._clock = clock
        self._due = ACK_WAIT_SECONDS
        self.is_late = False

    async def in_progress(self):
        self.is_late = self.is_late or self._clock[0] > self._due
        self._due = self._clock[0] + ACK_WAIT_SECONDS

    async def ack(self):
        self.is_late = self.is_late or self._clock[0] > self._due


@pytest.fixture
def seconds():
    """A clock that only what is being taken moves on."""
    return [0.0]


def sizes(*facts_of_messages):
    batch = [(object(), [object()] * count) for count in facts_of_messages]
    return [[len(facts) for _, facts in part] for part in parts_of(batch, 10)]


def test_b21_a_part_holds_so_many_facts_at_most():
    assert sizes(4, 4, 4, 4, 4) == [[4, 4], [4, 4], [4]]


def test_a_message_with_more_than_that_is_a_part_of_its_own():
    assert sizes(1, 48, 1) == [[1], [48], [1]]


def test_a_small_batch_stays_whole():
    assert sizes(1, 2, 3) == [[1, 2, 3]]


async def test_b21_a_batch_that_takes_longer_than_the_wait_is_not_delivered_again(seconds):
    async def take(_):
        seconds[0] += 0.7 * ACK_WAIT_SECONDS

    bus = Bus("policy", "nats://127.0.0.1:1", stream_replicas=1)
    consumer = BatchConsumer(bus, "records", [InvocationFinished], take)
    batch = [(Message(seconds), [InvocationFinished] * MAX_FACTS) for _ in range(4)]

    await consumer._take_in_parts(batch)

    assert seconds[0] > 2 * ACK_WAIT_SECONDS
    assert not any(message.is_late for message, _ in batch)
