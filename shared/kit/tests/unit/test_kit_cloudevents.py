from datetime import UTC, datetime, timedelta

import orjson
import pytest

from contracts.facts import InvocationFinished, Outcome
from kit.cloudevents import BATCH_MEDIA_TYPE, Unreadable, batch_of, facts_of, headers_of


def finished(number):
    return InvocationFinished(
        workspace_id="ws_1",
        invocation_id=f"inv_{number}",
        gpt_id="gpt_1",
        operation="getThing",
        member_id="mem_1",
        outcome=Outcome.SUCCEEDED,
        code="ok",
        traceparent=f"00-{number:032x}-{1:016x}-01",
    )


def test_a_fact_alone_reads_back_with_its_attributes():
    fact = finished(1)

    read = facts_of(fact.subject, fact.model_dump_json().encode(), headers_of(fact, "/x"))

    assert read == [fact]


def test_facts_that_travelled_together_read_back_each_with_its_own_attributes():
    facts = [finished(number) for number in range(1, 4)]

    data, headers = batch_of(facts, "/openactions/execution")

    assert headers["content-type"] == BATCH_MEDIA_TYPE
    assert facts_of(facts[0].subject, data, headers) == facts


def test_the_same_facts_together_again_are_the_same_message_to_jetstream():
    facts = [finished(number) for number in range(1, 4)]

    assert batch_of(facts, "/x")[1]["Nats-Msg-Id"] == batch_of(facts, "/x")[1]["Nats-Msg-Id"]


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"7", b"[7]", b'[{"id": "1"}]', b'[{"data": 1}]']
)
def test_what_is_no_batch_is_unreadable(data):
    with pytest.raises(Unreadable):
        facts_of(InvocationFinished.subject, data, {"content-type": BATCH_MEDIA_TYPE})


def test_r1_batches_that_begin_alike_have_ids_of_their_own():
    first, second, third = (finished(number) for number in range(3))

    _, one = batch_of([first, second], "/x")
    _, same = batch_of([first, second], "/x")
    _, other = batch_of([first, third], "/x")

    assert one["Nats-Msg-Id"] == same["Nats-Msg-Id"]
    assert one["Nats-Msg-Id"] != other["Nats-Msg-Id"]


NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def refusal_of(data, headers, stored_at=NOW, subject=InvocationFinished.subject):
    with pytest.raises(Unreadable) as refused:
        facts_of(subject, data, headers, stored_at)
    return refused.value.code


def alone(**changed):
    """The message of one fact, with some of its headers changed; None leaves one out."""
    fact = finished(1).model_copy(update={"time": NOW})
    headers = headers_of(fact, "/x") | {f"ce-{name}": value for name, value in changed.items()}
    present = {name: value for name, value in headers.items() if value is not None}
    return fact.model_dump_json().encode(), present


def together(**changed):
    """The message of two facts, with members of the first event changed."""
    facts = [finished(n).model_copy(update={"time": NOW}) for n in (1, 2)]
    data, headers = batch_of(facts, "/x")
    events = orjson.loads(data)
    events[0] = {k: v for k, v in (events[0] | changed).items() if v is not None}
    return orjson.dumps(events), headers


WRONG = [
    pytest.param({"specversion": "0.3"}, "event.version_unknown", id="another CloudEvents"),
    pytest.param({"type": "fact.invocation.finished.v2"}, "event.wrong_type", id="another version"),
    pytest.param({"type": "fact.gpt.removed.v1"}, "event.wrong_type", id="another kind"),
    pytest.param({"subject": "ws_2"}, "event.wrong_workspace", id="another workspace"),
    pytest.param({"subject": ""}, "event.wrong_workspace", id="no workspace"),
    pytest.param({"time": "yesterday"}, "event.unreadable", id="no time"),
    pytest.param({"time": "2026-11-25T12:00:00"}, "event.unreadable", id="no time zone"),
    pytest.param({"time": "2026-11-25T12:05:01Z"}, "event.from_the_future", id="the future"),
    *(
        pytest.param({name: None}, "event.unreadable", id=f"without {name}")
        for name in ("specversion", "id", "type", "time", "subject")
    ),
]


@pytest.mark.parametrize("message", [alone, together])
@pytest.mark.parametrize(("changed", "code"), WRONG)
def test_h103_an_event_whose_attributes_and_data_disagree_is_unreadable(message, changed, code):
    assert refusal_of(*message(**changed)) == code


@pytest.mark.parametrize("message", [alone, together])
def test_h103_a_publisher_whose_clock_is_five_minutes_fast_is_still_heard(message):
    assert facts_of(InvocationFinished.subject, *message(time="2026-11-25T12:05:00Z"), NOW)


@pytest.mark.parametrize("message", [alone, together])
def test_f39_without_the_brokers_time_no_clock_is_compared(message):
    future = (NOW + timedelta(days=3650)).isoformat()

    assert facts_of(InvocationFinished.subject, *message(time=future))


def test_h103_a_version_that_nobody_declared_is_unreadable():
    subject = "fact.invocation.finished.v2"

    assert refusal_of(*alone(type=subject), subject=subject) == "event.version_unknown"


def test_h103_a_message_above_64_kib_is_unreadable_whatever_it_says():
    data, headers = alone()

    assert refusal_of(data + b" " * 2**16, headers) == "event.too_large"
    data, headers = together()
    assert refusal_of(data + b" " * 2**16, headers) == "event.too_large"
