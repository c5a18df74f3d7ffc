"""What JetStream's API says of a stream."""

import orjson
import pytest

from kit.stream_answers import (
    MessageMissing,
    StreamMissing,
    read_message,
    read_position,
)

SECOND = 1_000_000_000


def info(*active_seconds, **state):
    others = [{"name": f"n{n}", "active": int(s * SECOND)} for n, s in enumerate(active_seconds)]
    return orjson.dumps(
        {
            "created": "2026-11-25T12:00:00Z",
            "state": {"first_seq": 3, "last_seq": 9, **state},
            "cluster": {"leader": "n9", "replicas": others},
        }
    )


def test_a_position_is_where_the_stream_begins_and_ends():
    position = read_position(info())

    assert (position.stream, position.first, position.last) == ("2026-11-25T12:00:00Z", 3, 9)
    assert position.led  # a single node leads itself


@pytest.mark.parametrize(
    ("active", "led"),
    [
        ([0.5, 0.5], True),
        ([0.5, 9.0], True),
        ([9.0, 9.0], False),
        ([0.0, 0.0], False),  # never answered
        ([1.0, 9.0, 9.0, 9.0], False),
        ([1.0, 1.0, 9.0, 9.0], True),
    ],
)
def test_a7_a_leader_counts_while_the_majority_answered_it_lately(active, led):
    assert read_position(info(*active)).led is led


def test_a_stream_that_is_not_there_is_told_from_one_without_a_leader():
    with pytest.raises(StreamMissing):
        read_position(b'{"error":{"code":404,"err_code":10059,"description":"stream not found"}}')
    with pytest.raises(ValueError, match="no leader"):
        read_position(b'{"error":{"code":503,"description":"no leader"}}')


def test_a_message_is_read_with_its_headers():
    message = read_message(
        b'{"message":{"subject":"fact.a","seq":7,"data":"e30=",'
        b'"hdrs":"TkFUUy8xLjANCmNlLWlkOiA0Mg0KDQo="}}'
    )

    assert (message.sequence, message.subject, message.data) == (7, "fact.a", b"{}")
    assert message.headers == {"ce-id": "42"}


def test_a_message_that_was_deleted_is_missing():
    with pytest.raises(MessageMissing):
        read_message(b'{"error":{"code":404,"description":"no message found"}}')
