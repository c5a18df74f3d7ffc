"""The life of a call that outlives its request, as a machine of states."""

from datetime import timedelta
from itertools import product

import pytest

from contracts.facts import Outcome
from execution_service.domain.invocation import FinishedCall
from execution_service.domain.stored_call import (
    TRANSITIONS,
    Refusal,
    State,
    TransitionRefused,
)
from services.execution.tests.facts import NOON
from services.execution.tests.fakes import tool
from services.execution.tests.stored import REQUEST, stored_call

LATER = NOON + timedelta(minutes=5)
REFUSAL = Refusal("policy.domain_not_allowed", "No.", "Ask.")
FINAL = {State.SUCCEEDED, State.FAILED, State.REFUSED, State.DENIED, State.EXPIRED, State.CANCELLED}
WAITS = {State.WAITING_FOR_APPROVAL, State.WAITING_FOR_SIGN_IN}
ALLOWED = {
    *product({State.RECEIVED}, WAITS | {State.SENDING, State.SUCCEEDED, State.FAILED}),
    *product({State.RECEIVED}, {State.REFUSED, State.DENIED, State.EXPIRED, State.CANCELLED}),
    *product(WAITS, {State.RECEIVED, State.DENIED}),
    *product(WAITS, {State.REFUSED, State.EXPIRED, State.CANCELLED}),
    *product({State.SENDING}, {State.SUCCEEDED, State.FAILED, State.UNKNOWN}),
    *product({State.SENDING}, {State.REFUSED, State.RECEIVED}),
    *product({State.UNKNOWN}, {State.SUCCEEDED, State.FAILED, State.REFUSED}),
}


def result(outcome):
    return FinishedCall("inv_1", "listPets", outcome, 1.0)


@pytest.mark.parametrize(("before", "after"), [*product(State, State)])
def test_a_call_goes_from_one_state_to_those_alone_that_may_follow(before, after):
    assert (after in TRANSITIONS[before]) is ((before, after) in ALLOWED)


@pytest.mark.parametrize("state", State)
def test_what_is_final_is_worked_at_by_nobody(state):
    assert stored_call(state=state).is_final is (state in FINAL | {State.UNKNOWN})


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_call_that_ended_is_never_sent(state):
    with pytest.raises(TransitionRefused):
        stored_call(state=state).sending(LATER, REQUEST)


def test_a_call_that_is_being_sent_is_not_sent_again():
    with pytest.raises(TransitionRefused):
        stored_call().sending(LATER, REQUEST).sending(LATER, REQUEST)


@pytest.mark.parametrize("outcome", [Outcome.SUCCEEDED, Outcome.FAILED, Outcome.UNKNOWN])
def test_what_was_sent_ends_by_its_outcome(outcome):
    ended = stored_call().sending(LATER, REQUEST).ended(result(outcome))

    assert (ended.state, ended.result) == (State(outcome), result(outcome))


def test_an_unknown_outcome_gives_way_to_a_known_one_and_a_known_one_to_none():
    unknown = stored_call().sending(LATER, REQUEST).ended(result(Outcome.UNKNOWN))

    known = unknown.ended(result(Outcome.SUCCEEDED))

    assert known.state is State.SUCCEEDED
    with pytest.raises(TransitionRefused):
        known.ended(result(Outcome.FAILED))


def test_a_call_that_waits_goes_on_from_the_start_and_keeps_its_tool():
    waiting = stored_call().accepted(tool(), REQUEST).waiting(State.WAITING_FOR_APPROVAL, LATER)

    again = waiting.received_again()

    assert (waiting.lease_until, again.state, again.pinned) == (LATER, State.RECEIVED, tool())
    with pytest.raises(TransitionRefused):
        waiting.sending(LATER, REQUEST)


@pytest.mark.parametrize("state", [State.DENIED, State.EXPIRED, State.CANCELLED, State.REFUSED])
def test_a_call_that_waits_may_end_without_being_sent(state):
    waiting = stored_call().waiting(State.WAITING_FOR_SIGN_IN, LATER)

    ended = waiting.refused(REFUSAL, state)

    assert (ended.state, ended.refusal, ended.result) == (state, REFUSAL, None)


def test_the_fact_of_its_end_has_the_same_id_whichever_replica_publishes_it():
    call = stored_call().accepted(tool(), REQUEST)

    facts = [call.finished_fact(Outcome.UNKNOWN, "execution.interrupted") for _ in range(2)]

    assert facts[0].id == facts[1].id
    assert (facts[0].action_id, facts[0].member_id) == ("act_1", "mem_1")
