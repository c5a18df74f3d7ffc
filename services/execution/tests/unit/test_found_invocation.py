"""One call as it is read: its audit record, and what is stored of it."""

from datetime import timedelta

import pytest

from contracts.facts import Outcome
from execution_service.domain.found_invocation import FoundInvocation
from execution_service.domain.invocation import FinishedCall, interrupted
from execution_service.domain.stored_call import Refusal, State
from services.execution.tests.facts import NOON, finished, started
from services.execution.tests.fakes import record_of
from services.execution.tests.stored import REQUEST, stored_call

RESULT = FinishedCall("inv_1", "listPets", Outcome.SUCCEEDED, 1.5, status=201)
LATER = NOON + timedelta(minutes=1)


def sending():
    return stored_call().sending(LATER, REQUEST)


def test_without_either_there_is_nothing():
    assert FoundInvocation.of(None, None) is None


@pytest.mark.parametrize("record", [None, record_of(started())], ids=["none", "started"])
def test_an_end_that_is_not_on_record_yet_is_shown_as_it_will_be(record):
    found = FoundInvocation.of(record, sending().ended(RESULT))

    shown = found.record
    assert (found.state, shown.outcome, shown.code) == (State.SUCCEEDED, Outcome.SUCCEEDED, "ok")
    assert (shown.status, shown.duration_ms) == (201, 1.5)
    assert (shown.method, shown.host, shown.arguments_hash) == ("POST", REQUEST.host, "hash")


def test_what_is_on_record_is_shown():
    record = record_of(finished(status=200, duration_ms=3.0))

    assert FoundInvocation.of(record, sending().ended(RESULT)).record is record


def test_a_call_under_way_is_shown_as_such():
    found = FoundInvocation.of(None, sending())

    assert (found.state, found.is_final) == (State.SENDING, False)
    assert (found.record.outcome, found.record.code) == (None, "started")


@pytest.mark.parametrize("outcome", [Outcome.SUCCEEDED, Outcome.UNKNOWN])
def test_a_call_has_no_outcome_on_record_before_it_has_its_result(outcome):
    found = FoundInvocation.of(record_of(finished(outcome=outcome, duration_ms=3.0)), sending())

    assert (found.state, found.record.outcome, found.record.code) == (
        State.SENDING,
        None,
        "started",
    )
    assert (found.record.status, found.record.duration_ms) == (None, None)


def test_a_refusal_is_shown_with_its_code():
    refused = stored_call().refused(Refusal("policy.denied", "No.", "Ask."))

    found = FoundInvocation.of(None, refused)

    assert (found.record.outcome, found.record.code) == (Outcome.REFUSED, "policy.denied")


def test_an_unknown_end_gives_way_to_what_is_on_record():
    unknown = sending().ended(interrupted("inv_1", "listPets"))

    assert FoundInvocation.of(None, unknown).state is State.UNKNOWN
    assert FoundInvocation.of(record_of(finished()), unknown).state is State.SUCCEEDED
