"""Idempotency keys, and what replicas that are gone left behind."""

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.errors import Unavailable
from contracts.facts import Outcome
from egress import AddressRefused
from execution_service.domain.errors import (
    CallRefused,
    KeyInProgress,
    KeyReused,
    TakenOver,
)
from execution_service.domain.invocation import INTERRUPTED
from execution_service.domain.stored_call import State
from execution_service.usecases.recover_calls import NEVER_SENT, NOT_DECIDED, NOT_SENT
from execution_service.usecases.stored_calls.held_call import TRIED_FOR
from services.execution.tests.facts import NOON, finished
from services.execution.tests.fakes import (
    DENIED,
    answered,
    tool,
)
from services.execution.tests.stored import LEASE, REQUEST, stored_call
from services.execution.tests.stored_replica import KEY, Replica


class TestIdempotencyKeys:
    async def test_a_repeated_request_gets_the_first_answer_and_sends_nothing(self, replica):
        first = await replica.ask(key=KEY)
        again = await replica.ask(key=KEY)

        assert len(replica.world.sent) == 1
        assert (again.result, again.is_repeated) == (first.result, True)
        assert not first.is_repeated

    async def test_another_request_under_the_same_key_is_refused(self, replica):
        await replica.ask(key=KEY)

        with pytest.raises(KeyReused):
            await replica.ask(key=replace(KEY, request_digest="body-2"))

    async def test_a_request_whose_first_is_under_way_is_refused_for_the_moment(self, replica):
        replica.calls.kept["inv_0"] = stored_call("inv_0", revision=1, key=KEY)

        with pytest.raises(KeyInProgress) as refusal:
            await replica.ask(key=KEY)

        assert refusal.value.retry_after_seconds == 1
        assert replica.world.steps == []

    async def test_a_call_that_was_refused_leaves_its_key_free(self, replica):
        replica.world.verdict = DENIED
        with pytest.raises(CallRefused):
            await replica.ask(key=KEY)
        replica.world.verdict = replica.world.decision

        answer = await replica.ask(key=KEY)

        assert (answer.is_repeated, answer.result.status) == (False, 200)

    async def test_a_refusal_is_the_answer_also_where_the_key_cannot_be_freed_now(self, replica):
        def away():
            raise Unavailable("away")

        replica.world.verdict = DENIED
        replica.calls.before_forget = away

        with pytest.raises(CallRefused):
            await replica.ask(key=KEY)

    async def test_a_failure_of_the_api_is_the_answer_to_every_repetition(self, replica):
        replica.world.answer = answered(500, b'{"error":"down"}')
        await replica.ask(key=KEY)

        again = await replica.ask(key=KEY)

        assert (again.result.outcome, again.result.status) == (Outcome.FAILED, 500)
        assert len(replica.world.sent) == 1

    async def test_a_caller_that_leaves_while_it_is_sent_finds_it_unknown(self, replica):
        replica.world.answer = asyncio.CancelledError()
        with pytest.raises(asyncio.CancelledError):
            await replica.ask(key=KEY)

        again = await replica.ask(key=KEY)

        assert again.result.outcome is Outcome.UNKNOWN
        assert again.result.error.code == INTERRUPTED

    async def test_an_accepted_call_is_found_again_under_its_key(self, replica):
        first = await replica.ask(key=KEY, is_asynchronous=True)
        await replica.go_on(first.call)

        again = await replica.ask(key=KEY, is_asynchronous=True)

        assert (again.call.id, again.result, again.is_repeated) == (first.call.id, None, True)

    @pytest.mark.parametrize("is_asynchronous", [False, True])
    async def test_a_key_is_free_where_nobody_could_say_whether_the_change_was_stored(
        self, replica, is_asynchronous
    ):
        def lost():
            raise Unavailable("The answer was lost.")

        replica.calls.after_change = lost

        with pytest.raises(Unavailable):
            await replica.ask(key=KEY, is_asynchronous=is_asynchronous)

        assert (replica.calls.kept, replica.world.sent) == ({}, [])

    async def test_a_key_is_free_where_nobody_could_say_whether_it_was_stored(self, replica):
        adding = replica.calls.add

        async def unanswered(call):
            await adding(call)
            raise Unavailable("The answer was lost.")

        replica.calls.add = unanswered

        with pytest.raises(Unavailable):
            await replica.ask(key=KEY)

        assert (replica.calls.kept, replica.world.steps) == ({}, [])

    async def test_a_caller_that_leaves_before_it_is_sent_leaves_the_key_free(self, replica):
        replica.world.credential = asyncio.CancelledError()

        with pytest.raises(asyncio.CancelledError):
            await replica.ask(key=KEY)

        assert (replica.calls.kept, replica.world.sent) == ({}, [])
        assert replica.world.finished.outcome is Outcome.FAILED

    async def test_a_call_that_another_replica_changed_keeps_its_key(self, replica):
        def changed():
            replica.calls.before_change = lambda: None
            replica.calls.kept["inv_1"] = replace(replica.kept(), revision=2)

        replica.calls.before_change = changed

        with pytest.raises(TakenOver):
            await replica.ask(key=KEY)

        assert replica.kept().key == KEY
        assert replica.world.sent == []

    async def test_a_replica_that_was_stopped_too_long_sends_nothing(self, replica):
        replica.world.while_publishing = None  # not reached

        def taken_over():
            replica.calls.before_change = lambda: None
            replica.calls.kept.clear()

        replica.calls.before_change = taken_over

        with pytest.raises(TakenOver):
            await replica.ask(key=KEY)

        assert replica.world.sent == []


class TestRecovering:
    async def left(self, replica, **fields):
        call = await replica.calls.add(stored_call(**{"pinned": tool(), **fields}))
        replica.clock.now += LEASE + timedelta(seconds=1)
        return call

    async def test_an_accepted_call_is_claimed_by_one_replica(self, replica):
        await self.left(replica, is_accepted=True)
        other = Replica(replica.world, replica.calls, clock=replica.clock)

        claimed = [*await replica.recover(), *await other.recover()]

        assert [call.id for call in claimed] == ["inv_1"]
        assert replica.kept().lease_until == replica.clock.now + LEASE

    async def test_a_call_that_somebody_is_at_is_left_alone(self, replica):
        await replica.accept()

        assert await replica.recover() == []

    async def test_what_was_being_sent_is_never_sent_again_and_ends_as_unknown(self, replica):
        await self.left(replica, is_accepted=True, state=State.SENDING)

        assert await replica.recover() == []

        assert (replica.kept().state, replica.world.sent) == (State.UNKNOWN, [])
        assert replica.world.finished.code == INTERRUPTED
        assert replica.wakes.woken == ["inv_1"]

    async def test_what_it_ended_as_says_which_request_it_was(self, replica):
        await self.left(replica, is_accepted=True, state=State.SENDING, request=REQUEST)

        await replica.recover()

        fact = replica.world.finished
        assert (fact.method, fact.host, fact.arguments_hash) == ("POST", REQUEST.host, "hash")

    async def test_what_is_on_record_is_believed_though_the_answer_is_lost(self, replica):
        await self.left(replica, is_accepted=True, state=State.SENDING)
        await replica.records.record([finished("inv_1", workspace_id="ws_1")])

        await replica.recover()

        assert replica.kept().state is State.SUCCEEDED
        assert replica.kept().result.error.code == "execution.answer_lost"
        assert replica.world.facts == []

    @pytest.mark.parametrize(
        ("outcome", "state"),
        [(Outcome.SUCCEEDED, State.SUCCEEDED), (Outcome.REFUSED, State.REFUSED)],
    )
    async def test_an_accepted_call_whose_end_is_on_record_is_not_run_again(
        self, replica, outcome, state
    ):
        """A call that changes nothing ends without having been `sending`."""
        await self.left(replica, is_accepted=True)
        await replica.records.record([finished("inv_1", workspace_id="ws_1", outcome=outcome)])

        assert await replica.recover() == []

        assert (replica.kept().state, replica.world.facts) == (state, [])

    async def test_an_accepted_call_that_seems_to_be_orphaned_is_continued(self, replica):
        await self.left(replica, is_accepted=True)
        unknown = finished("inv_1", workspace_id="ws_1", outcome=Outcome.UNKNOWN)
        await replica.records.record([unknown])

        assert [call.id for call in await replica.recover()] == ["inv_1"]

    async def test_what_is_on_record_as_unknown_stays_so(self, replica):
        await self.left(replica, is_accepted=True, state=State.SENDING)
        unknown = finished("inv_1", workspace_id="ws_1", outcome=Outcome.UNKNOWN)
        await replica.records.record([unknown])

        await replica.recover()

        assert replica.kept().state is State.UNKNOWN
        assert replica.kept().result.error.code == INTERRUPTED

    @pytest.mark.parametrize("is_accepted", [True, False])
    async def test_what_was_refused_before_its_first_byte_is_refused_or_leaves_its_key(
        self, replica, is_accepted
    ):
        await self.left(replica, is_accepted=is_accepted, state=State.SENDING, key=KEY)
        refused = finished(
            "inv_1", workspace_id="ws_1", outcome=Outcome.REFUSED, code="policy.denied"
        )
        await replica.records.record([refused])

        await replica.recover()

        kept = replica.kept()
        ended = (kept.state, kept.refusal) if kept else None
        said = replace(NOT_SENT, code="policy.denied")
        assert ended == ((State.REFUSED, said) if is_accepted else None)

    async def test_a_request_that_nobody_waits_for_any_more_is_forgotten(self, replica):
        await self.left(replica, key=KEY)

        await replica.recover()

        assert replica.calls.kept == {}

    async def test_a_call_whose_sending_begins_meanwhile_keeps_its_key(self, replica):
        call = await self.left(replica, key=KEY)

        def sent_after_all():
            replica.calls.kept["inv_1"] = replace(
                call.sending(replica.clock.now, REQUEST), revision=2
            )

        replica.calls.before_forget = sent_after_all

        await replica.recover()

        assert replica.kept().state is State.SENDING

    async def test_one_that_cannot_be_recovered_does_not_stop_the_others(self, replica):
        for number in range(3):
            await replica.calls.add(stored_call(f"inv_{number}", is_accepted=True, pinned=tool()))
        replica.clock.now += LEASE + timedelta(seconds=1)
        changes = []

        def second_fails():
            changes.append(1)
            if len(changes) == 2:
                raise Unavailable("away")

        replica.calls.before_change = second_fails

        assert [call.id for call in await replica.recover()] == ["inv_0", "inv_2"]

    async def test_what_another_replica_sends_at_the_last_moment_is_not_on_record_as_expired(
        self, replica
    ):
        call = await self.left(replica, is_accepted=True)
        replica.clock.now += TRIED_FOR

        def sent_after_all():
            replica.calls.kept["inv_1"] = replace(
                call.sending(replica.clock.now, REQUEST), revision=2
            )

        replica.calls.before_change = sent_after_all

        await replica.recover()

        assert (replica.kept().state, replica.world.facts) == (State.SENDING, [])

    @pytest.mark.parametrize("state", [State.WAITING_FOR_APPROVAL, State.WAITING_FOR_SIGN_IN])
    async def test_what_nobody_decided_expires(self, replica, state):
        await self.left(replica, is_accepted=True, state=state)

        await replica.recover()

        assert (replica.kept().state, replica.world.sent) == (State.EXPIRED, [])
        assert replica.kept().refusal == NOT_DECIDED
        assert replica.world.finished.outcome is Outcome.REFUSED

    async def test_a_call_whose_time_is_over_is_run_once_more_to_be_refused_with_its_reason(
        self, replica
    ):
        await self.left(replica, is_accepted=True, lease_until=NOON + TRIED_FOR)
        replica.clock.now = NOON + TRIED_FOR + LEASE - timedelta(seconds=1)

        assert [call.id for call in await replica.recover()] == ["inv_1"]

    async def test_a_call_that_fails_whoever_runs_it_is_given_up(self, replica):
        await self.left(replica, is_accepted=True)
        replica.clock.now += TRIED_FOR

        assert await replica.recover() == []
        assert (replica.kept().state, replica.kept().refusal) == (State.EXPIRED, NEVER_SENT)

    @pytest.mark.parametrize(
        ("answer", "state"),
        [
            (answered(), State.SUCCEEDED),
            (asyncio.CancelledError(), State.UNKNOWN),
            (AddressRefused("inside"), State.REFUSED),
        ],
        ids=["known", "unknown as well", "nothing was sent"],
    )
    async def test_an_end_that_comes_after_all_takes_the_place_of_unknown(
        self, replica, answer, state
    ):
        call = await replica.accept()
        replica.world.answer = answer
        other = Replica(replica.world, replica.calls, clock=replica.clock)
        sending = replica.world.stream

        @asynccontextmanager
        async def slow(request):
            replica.clock.now += 2 * LEASE
            await other.recover()
            assert replica.kept().state is State.UNKNOWN
            async with sending(request) as streamed:
                yield streamed

        replica.world.stream = slow

        with suppress(asyncio.CancelledError):
            await replica.go_on(call)

        assert replica.kept().state is state

    async def test_an_end_is_stored_however_often_others_change_the_call_meanwhile(self, replica):
        call = await replica.accept()
        changes = []

        def changed_twice():
            if replica.world.sent and len(changes) < 2:
                changes.append(1)
                kept = replica.kept()
                replica.calls.kept["inv_1"] = replace(kept, revision=kept.revision + 1)

        replica.calls.before_change = changed_twice

        await replica.go_on(call)

        assert replica.kept().state is State.SUCCEEDED

    async def test_the_end_of_a_call_that_was_deleted_meanwhile_is_stored_nowhere(self, replica):
        call = await replica.accept()
        replica.world.while_connecting = replica.calls.kept.clear

        await replica.go_on(call)

        assert replica.calls.kept == {}
        assert replica.world.finished.outcome is Outcome.SUCCEEDED
