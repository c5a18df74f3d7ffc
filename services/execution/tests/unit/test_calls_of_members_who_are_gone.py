"""A member is removed or switched off: what they asked for and what waits ends as denied."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.facts import Outcome
from execution_service.domain.stored_call import State
from services.execution.tests.stored import stored_call

GONE = "mem_1"


async def test_waiting_calls_of_a_removed_member_end_as_denied(replica):
    await replica.accept()
    await replica.accept()

    await replica.deny_calls_of(GONE)

    assert {call.state for call in replica.calls.kept.values()} == {State.DENIED}
    refusal = replica.kept().refusal
    assert refusal.code == "execution.caller_gone"
    assert replica.world.sent == []
    on_record = {(each.outcome, each.code) for each in replica.world.facts}
    assert on_record == {(Outcome.REFUSED, "execution.caller_gone")}
    assert replica.wakes.woken == ["inv_1", "inv_2"]


@pytest.mark.parametrize("state", [State.WAITING_FOR_APPROVAL, State.WAITING_FOR_SIGN_IN])
async def test_what_waits_for_a_person_is_denied_too(replica, state):
    await replica.calls.add(stored_call(state=state, is_accepted=True))

    await replica.deny_calls_of(GONE)

    assert replica.kept().state is State.DENIED


@pytest.mark.parametrize(
    "call",
    [
        stored_call(state=State.SENDING, is_accepted=True),
        stored_call(state=State.SUCCEEDED, is_accepted=True),
        stored_call(is_accepted=False),
        stored_call(is_accepted=True, member_id="mem_2"),
        stored_call(is_accepted=True, workspace_id="ws_2"),
    ],
    ids=["being sent", "ended", "within its request", "another member's", "another workspace's"],
)
async def test_what_is_sent_answered_or_somebody_elses_is_left_alone(replica, call):
    kept = await replica.calls.add(call)

    await replica.deny_calls_of(GONE)

    assert replica.kept().revision == kept.revision


async def test_a_fact_that_comes_late_denies_nothing_of_a_member_who_is_back(replica):
    gone_at = replica.clock()
    replica.clock.now += timedelta(seconds=1)
    await replica.accept()

    await replica.deny_calls_of(GONE, gone_at)

    assert replica.kept().state is State.RECEIVED


async def test_a_replica_that_works_at_the_call_meanwhile_sends_nothing(replica):
    """Both change it at once: whoever comes second reads it anew."""
    await replica.accept()
    others = iter([lambda: None])

    def another_replica_renews_its_lease():
        for _ in others:
            kept = replica.kept()
            replica.calls.kept[kept.id] = replace(kept, revision=kept.revision + 1)

    replica.calls.before_change = another_replica_renews_its_lease
    await replica.deny_calls_of(GONE)

    assert replica.kept().state is State.DENIED
    await replica.deny_calls_of(GONE)  # the fact is delivered again
    assert replica.kept().state is State.DENIED
