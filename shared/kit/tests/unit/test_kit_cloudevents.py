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
