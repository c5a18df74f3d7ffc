"""Asynchronous calls: accepting and running them."""

import asyncio
from dataclasses import replace

import pytest

from contracts.errors import Limited, Unavailable
from contracts.facts import Outcome
from contracts.principal import CannotActFor
from execution_service.domain.errors import (
    CallRefused,
    InvalidArguments,
    OperationNotFound,
    TakenOver,
)
from execution_service.domain.stored_call import State
from execution_service.usecases.stored_calls.held_call import TRIED_AGAIN_AFTER, TRIED_FOR
from kit.errors import SessionEnded, Unauthenticated
from services.execution.tests.facts import NOON
from services.execution.tests.fakes import (
    ASKING,
    DENIED,
    principal,
    tool,
)
from services.execution.tests.stored import LEASE, REQUEST
from services.execution.tests.stored_replica import KEY


class TestAccepting:
    async def test_a_call_is_accepted_after_its_checks_and_before_anything_is_sent(self, replica):
        answer = await replica.ask(is_asynchronous=True)

        assert (answer.result, answer.call.state) == (None, State.RECEIVED)
        assert replica.kept().is_accepted
        assert replica.kept().pinned == replica.world.operation.tool
        assert replica.world.steps == ["access", "find", "gate", "describe"]

    @pytest.mark.parametrize("key", [None, KEY])
    async def test_what_would_be_refused_is_refused_at_once_and_not_stored(self, replica, key):
        replica.world.verdict = DENIED

        with pytest.raises(CallRefused):
            await replica.ask(is_asynchronous=True, key=key)

        assert replica.calls.kept == {}
        assert replica.world.finished.outcome is Outcome.REFUSED

    async def test_a_refusal_of_what_is_not_stored_asks_nothing_of_the_database(self, replica):
        replica.world.verdict, forgotten = DENIED, []
        replica.calls.before_forget = lambda: forgotten.append(1)

        with pytest.raises(CallRefused):
            await replica.accept()

        assert forgotten == []

    async def test_arguments_that_do_not_fit_are_refused_at_once(self, replica):
        with pytest.raises(InvalidArguments):
            await replica.ask(is_asynchronous=True, id="no number")

        assert replica.calls.kept == {}

    @pytest.mark.parametrize("deleted", [True, False])
    async def test_where_nobody_knows_whether_it_was_stored_its_id_is_told(self, replica, deleted):
        adding = replica.calls.add

        async def unanswered(call):
            await adding(call)
            raise Unavailable("no answer")

        async def away(seen):
            raise Unavailable("no answer")

        replica.calls.add = unanswered
        if not deleted:
            replica.calls.forget = away

        with pytest.raises(Unavailable) as refusal:
            await replica.accept()

        assert (replica.kept() is None) is deleted
        assert ("inv_1" in refusal.value.hint) is not deleted


class TestRunning:
    async def test_an_accepted_call_is_sent_once_and_its_answer_kept(self, replica):
        call = await replica.accept()

        await replica.go_on(call)

        assert len(replica.world.sent) == 1
        assert (replica.kept().state, replica.kept().result.status) == (State.SUCCEEDED, 200)
        assert replica.world.finished.outcome is Outcome.SUCCEEDED
        assert replica.wakes.woken == ["inv_1"]

    async def test_it_is_stored_as_being_sent_before_its_first_byte(self, replica):
        call, states = await replica.accept(), []
        replica.world.while_publishing = lambda: states.append(replica.kept().state)
        replica.world.while_connecting = lambda: states.append(replica.kept().state)

        await replica.go_on(call)

        assert states == [State.SENDING, State.SENDING]
        assert replica.kept().request.method == "POST"
        assert replica.kept().request.host == "api.example.com"

    async def test_its_lease_begins_anew_when_it_is_sent(self, replica):
        call, leases = await replica.accept(), []
        replica.clock.now += LEASE / 2
        replica.world.while_connecting = lambda: leases.append(replica.kept().lease_until)

        await replica.go_on(call)

        assert leases == [NOON + LEASE / 2 + LEASE]

    async def test_what_changes_nothing_is_not_marked_and_may_be_sent_again(self, reading):
        call, states = await reading.accept(), []
        reading.world.while_connecting = lambda: states.append(reading.kept().state)

        await reading.go_on(call)

        assert states == [State.RECEIVED]
        assert reading.kept().state is State.SUCCEEDED

    async def test_gate_and_decision_are_asked_again(self, replica):
        call = await replica.accept()
        replica.world.verdict = DENIED

        await replica.go_on(call)

        assert replica.world.sent == []
        assert replica.kept().state is State.REFUSED
        assert replica.kept().refusal.code == "policy.no_domains_allowed"
        assert replica.world.finished.code == "policy.no_domains_allowed"

    async def test_the_tool_is_the_one_that_it_was_accepted_for(self, replica):
        call = await replica.accept()

        await replica.go_on(call)

        assert replica.world.pinned == tool(replica.world.operation.tool.name)

    @pytest.mark.parametrize(
        ("caller", "state"),
        [
            pytest.param(Unauthenticated(), State.DENIED, id="token revoked"),
            pytest.param(SessionEnded(), State.DENIED, id="session ended"),
            pytest.param(CannotActFor(), State.DENIED, id="nobody acts for them any more"),
            pytest.param(principal(), State.REFUSED, id="scope taken away"),
        ],
    )
    async def test_who_its_caller_is_now_decides(self, replica, caller, state):
        call = await replica.accept()
        replica.callers.caller = caller

        await replica.go_on(call)

        assert (replica.world.sent, replica.kept().state) == ([], state)
        assert replica.world.finished.outcome is Outcome.REFUSED

    async def test_what_the_gpt_no_longer_offers_is_refused_and_on_record(self, replica):
        call = await replica.accept()
        replica.world.operation = None

        await replica.go_on(call)

        assert replica.kept().refusal.code == OperationNotFound.code
        assert replica.world.finished.code == OperationNotFound.code

    async def test_a_caller_who_changes_before_the_first_byte_is_asked_about_again(self, replica):
        call = await replica.accept()

        def changed():
            replica.callers.held.outdated = True

        replica.world.while_connecting = changed

        await replica.go_on(call)

        assert (replica.world.sent, replica.kept().state) == ([], State.RECEIVED)

    async def test_a_call_that_somebody_must_approve_meanwhile_is_refused(self, replica):
        call = await replica.accept()
        replica.world.verdict = replica.world.decision = ASKING

        await replica.go_on(call)

        assert (replica.world.sent, replica.kept().state) == ([], State.REFUSED)
        assert replica.kept().refusal.code == ASKING.code

    @pytest.mark.parametrize("ledger_is_away", [True, False])
    async def test_where_something_is_away_it_is_put_back_and_nothing_is_on_record(
        self, replica, ledger_is_away
    ):
        call = await replica.accept()
        replica.world.ledger_is_away = ledger_is_away
        if not ledger_is_away:
            replica.callers.caller = Unavailable("identity is away")

        await replica.go_on(call)

        assert (replica.world.sent, replica.world.facts) == ([], [])
        assert replica.kept().state is State.RECEIVED
        assert replica.kept().lease_until == NOON + TRIED_AGAIN_AFTER

    @pytest.mark.parametrize("passes", [Unavailable("identity is away"), Limited("Too many.")])
    async def test_it_is_tried_again_for_ten_minutes_and_then_refused(self, replica, passes):
        call = await replica.accept()
        replica.callers.caller = passes
        await replica.go_on(call)
        assert replica.kept().state is State.RECEIVED
        replica.clock.now += TRIED_FOR

        await replica.go_on(replica.kept())

        assert replica.kept().state is State.REFUSED

    @pytest.mark.parametrize("verdict", [DENIED, ASKING])
    async def test_a_call_that_another_replica_took_is_not_on_record_as_refused(
        self, replica, verdict
    ):
        call = await replica.accept()
        replica.world.verdict = replica.world.decision = verdict
        await replica.calls.change(call, call.leased(NOON + 2 * LEASE))

        with pytest.raises(TakenOver):
            await replica.go_on(call)

        assert (replica.world.facts, replica.kept().state) == ([], State.RECEIVED)

    async def test_it_is_put_back_where_nobody_could_say_that_it_was_being_sent(self, replica):
        call = await replica.accept()

        def lost():
            replica.calls.after_change = lambda: None
            raise Unavailable("The answer was lost.")

        replica.calls.after_change = lost

        await replica.go_on(call)

        assert (replica.world.sent, replica.kept().state) == ([], State.RECEIVED)
        assert replica.kept().lease_until == NOON + TRIED_AGAIN_AFTER

    async def test_it_is_refused_where_that_nobody_could_say_and_its_time_is_over(self, replica):
        call = await replica.accept()
        replica.clock.now += TRIED_FOR

        def lost():
            replica.calls.after_change = lambda: None
            raise Unavailable("The answer was lost.")

        replica.calls.after_change = lost

        await replica.go_on(call)

        assert (replica.world.sent, replica.kept().state) == ([], State.REFUSED)

    @pytest.mark.parametrize("is_sending", [False, True])
    async def test_it_is_not_put_back_under_a_replica_that_took_it_meanwhile(
        self, replica, is_sending
    ):
        call = await replica.accept()
        taken = replace(call.leased(NOON + 2 * LEASE), revision=2)
        if is_sending:
            taken = replace(taken.sending(NOON + 2 * LEASE, REQUEST), revision=3)

        def taken_by_another():
            replica.calls.before_change = lambda: None
            replica.calls.kept["inv_1"] = taken
            raise Unavailable("away")

        replica.calls.before_change = taken_by_another

        with pytest.raises(TakenOver):
            await replica.go_on(call)

        assert replica.kept() == taken

    async def test_a_call_that_there_is_no_room_for_is_put_back(self, replica):
        call = await replica.accept()

        await replica.postpone(call)

        assert (replica.kept().state, replica.world.facts) == (State.RECEIVED, [])
        assert replica.kept().lease_until == NOON + TRIED_AGAIN_AFTER

    async def test_a_call_that_another_replica_took_is_not_sent(self, replica):
        call = await replica.accept()
        await replica.calls.change(call, call.leased(NOON + 2 * LEASE))

        await replica.go_on(call)

        assert (replica.world.sent, replica.world.facts) == ([], [])
        assert replica.kept().state is State.RECEIVED

    async def test_a_replica_that_stops_before_the_call_was_sent_leaves_it_to_others(self, replica):
        call = await replica.accept()
        replica.world.credential = asyncio.CancelledError()

        with pytest.raises(asyncio.CancelledError):
            await replica.go_on(call)

        assert (replica.kept().state, replica.kept().lease_until) == (State.RECEIVED, NOON)

    async def test_a_replica_that_stops_while_it_stores_that_it_sends_leaves_it_to_others(
        self, replica
    ):
        call = await replica.accept()

        def stopped():
            replica.calls.after_change = lambda: None
            raise asyncio.CancelledError

        replica.calls.after_change = stopped

        with pytest.raises(asyncio.CancelledError):
            await replica.go_on(call)

        assert (replica.world.sent, replica.kept().state) == ([], State.RECEIVED)
        assert replica.kept().lease_until == NOON

    async def test_a_replica_that_stops_while_it_is_sent_ends_it_as_unknown(self, replica):
        call = await replica.accept()
        replica.world.answer = asyncio.CancelledError()

        with pytest.raises(asyncio.CancelledError):
            await replica.go_on(call)

        assert replica.kept().state is State.UNKNOWN
        assert replica.world.finished.outcome is Outcome.UNKNOWN

    async def test_an_end_is_stored_once_the_database_is_back(self, replica):
        call, tries = await replica.accept(), []

        def away_twice_after_the_call_was_sent():
            if replica.world.sent:
                tries.append(1)
                if len(tries) < 3:
                    raise Unavailable("away")

        replica.calls.before_change = away_twice_after_the_call_was_sent

        await replica.go_on(call)

        assert replica.kept().state is State.SUCCEEDED
