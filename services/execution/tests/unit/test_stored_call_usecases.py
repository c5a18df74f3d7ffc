"""Calls that outlive their requests: accepting, running, repeating and recovering them."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from contracts.errors import Unavailable
from contracts.facts import Outcome
from contracts.principal import Scope
from egress import AddressRefused
from execution_service.domain.errors import (
    CallRefused,
    InvalidArguments,
    KeyInProgress,
    KeyReused,
    OperationNotFound,
    TakenOver,
)
from execution_service.domain.invocation import INTERRUPTED
from execution_service.domain.stored_call import IdempotencyKey, State
from execution_service.usecases.continue_call import TRIED_AGAIN_AFTER, TRIED_FOR, ContinueCall
from execution_service.usecases.invoke_operation import InvokeOperation
from execution_service.usecases.invoke_stored import InvokeStored, StoredRequest
from execution_service.usecases.recover_calls import RecoverCalls
from execution_service.usecases.run_steps import RunSteps
from execution_service.usecases.steps.settle import Settle
from kit.errors import Unauthenticated
from kit.testing import FrozenClock
from services.execution.tests.calling import steps_of
from services.execution.tests.facts import NOON, finished
from services.execution.tests.fakes import (
    DENIED,
    MemoryRecords,
    World,
    answered,
    principal,
    tool,
    wanted_call,
)
from services.execution.tests.stored import LEASE, MemoryStoredCalls, MemoryWakeUps, stored_call

KEY = IdempotencyKey("key-1", "body-1")
TOKEN = "0" * 64


@dataclass
class Caller:
    value: object
    outdated: bool = False


@dataclass
class Callers:
    caller: object

    async def hold_digest(self, digest):
        assert digest == TOKEN
        if isinstance(self.caller, Exception):
            raise self.caller
        return Caller(self.caller)


@dataclass
class Replica:
    """One replica's use cases about stored calls; replicas may share all but the world."""

    world: World
    calls: MemoryStoredCalls = field(default_factory=MemoryStoredCalls)
    records: MemoryRecords = field(default_factory=MemoryRecords)
    wakes: MemoryWakeUps = field(default_factory=MemoryWakeUps)
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(NOON))
    callers: Callers = field(
        default_factory=lambda: Callers(
            replace(principal(), scopes=frozenset({Scope.INVOCATIONS_CREATE}))
        )
    )
    ids: int = 0

    def new_id(self):
        self.ids += 1
        return f"inv_{self.ids}"

    @property
    def invoke(self):
        steps, settle = steps_of(self.world), Settle(self.world)
        once = InvokeOperation(RunSteps(steps), settle, self.new_id)
        prepare = RunSteps(steps[:4])
        return InvokeStored(self.calls, once, prepare, self.wakes, self.new_id, self.clock, LEASE)

    async def ask(self, *, key=None, is_asynchronous=False, **arguments):
        wanted = wanted_call(arguments or {"id": 1}, operation=self.world.operation.tool.name)
        return await self.invoke(StoredRequest(wanted, TOKEN, key, is_asynchronous))

    async def accept(self, **arguments):
        return (await self.ask(is_asynchronous=True, **arguments)).call

    async def go_on(self, call):
        run, settle = RunSteps(steps_of(self.world)), Settle(self.world)
        await ContinueCall(
            self.calls, self.callers, run, settle, self.world, self.wakes, self.clock, LEASE
        )(call)

    async def recover(self):
        return await RecoverCalls(
            self.calls, self.records, self.world, self.wakes, self.clock, LEASE
        )()

    def kept(self, id_="inv_1"):
        return self.calls.kept.get(id_)


@pytest.fixture
def replica(world):
    """Of a call that changes something."""
    return Replica(world("POST"))


@pytest.fixture
def reading(world):
    return Replica(world("GET"))


class TestAccepting:
    async def test_a_call_is_accepted_after_its_checks_and_before_anything_is_sent(self, replica):
        answer = await replica.ask(is_asynchronous=True)

        assert (answer.result, answer.call.state) == (None, State.RECEIVED)
        assert replica.kept().is_accepted
        assert replica.kept().pinned == replica.world.operation.tool
        assert replica.world.steps == ["find", "access", "gate", "describe"]

    @pytest.mark.parametrize("key", [None, KEY])
    async def test_what_would_be_refused_is_refused_at_once_and_not_stored(self, replica, key):
        replica.world.verdict = DENIED

        with pytest.raises(CallRefused):
            await replica.ask(is_asynchronous=True, key=key)

        assert replica.calls.kept == {}
        assert replica.world.finished.outcome is Outcome.REFUSED

    async def test_arguments_that_do_not_fit_are_refused_at_once(self, replica):
        with pytest.raises(InvalidArguments):
            await replica.ask(is_asynchronous=True, id="no number")

        assert replica.calls.kept == {}


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
        replica.world.while_stating = lambda: states.append(replica.kept().state)
        replica.world.while_connecting = lambda: states.append(replica.kept().state)

        await replica.go_on(call)

        assert states == [State.SENDING, State.SENDING]

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
        "caller", [Unauthenticated(), principal()], ids=["token revoked", "scope taken away"]
    )
    async def test_who_its_caller_is_now_decides(self, replica, caller):
        call = await replica.accept()
        replica.callers.caller = caller

        await replica.go_on(call)

        assert (replica.world.sent, replica.kept().state) == ([], State.REFUSED)
        assert replica.world.finished.outcome is Outcome.REFUSED

    async def test_what_the_gpt_no_longer_offers_is_refused_and_on_record(self, replica):
        call = await replica.accept()
        replica.world.operation = None

        await replica.go_on(call)

        assert replica.kept().refusal.code == OperationNotFound.code
        assert replica.world.finished.code == OperationNotFound.code

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

    async def test_it_is_tried_again_for_ten_minutes_and_then_refused(self, replica):
        call = await replica.accept()
        replica.callers.caller = Unavailable("identity is away")
        replica.clock.now += TRIED_FOR

        await replica.go_on(call)

        assert replica.kept().state is State.REFUSED

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

    async def test_a_replica_that_was_stopped_too_long_sends_nothing(self, replica):
        replica.world.while_stating = None  # not reached

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

    async def test_what_is_on_record_is_believed_though_the_answer_is_lost(self, replica):
        await self.left(replica, is_accepted=True, state=State.SENDING)
        await replica.records.record([finished("inv_1", workspace_id="ws_1")])

        await replica.recover()

        assert replica.kept().state is State.SUCCEEDED
        assert replica.kept().result.error.code == "execution.answer_lost"
        assert replica.world.facts == []

    async def test_a_request_that_nobody_waits_for_any_more_is_forgotten(self, replica):
        await self.left(replica, key=KEY)

        await replica.recover()

        assert replica.calls.kept == {}

    @pytest.mark.parametrize("state", [State.WAITING_FOR_APPROVAL, State.WAITING_FOR_SIGN_IN])
    async def test_what_nobody_decided_expires(self, replica, state):
        await self.left(replica, is_accepted=True, state=state)

        await replica.recover()

        assert (replica.kept().state, replica.world.sent) == (State.EXPIRED, [])
        assert replica.world.finished.outcome is Outcome.REFUSED

    async def test_a_call_that_fails_whoever_runs_it_is_given_up(self, replica):
        await self.left(replica, is_accepted=True)
        replica.clock.now += TRIED_FOR

        assert await replica.recover() == []
        assert replica.kept().state is State.EXPIRED

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
        sending = replica.world.send

        async def slow(request):
            replica.clock.now += 2 * LEASE
            await other.recover()
            assert replica.kept().state is State.UNKNOWN
            return await sending(request)

        replica.world.send = slow

        with suppress(asyncio.CancelledError):
            await replica.go_on(call)

        assert replica.kept().state is state
