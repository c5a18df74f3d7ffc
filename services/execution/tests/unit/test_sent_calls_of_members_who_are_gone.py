"""A member is removed while a call of theirs is being sent: it ends as what happened."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from contracts.errors import Unavailable
from contracts.facts import Outcome
from execution_service.domain.errors import CallRefused
from execution_service.domain.found_invocation import FoundInvocation
from execution_service.domain.invocation import INTERRUPTED
from execution_service.domain.stored_call import State
from execution_service.usecases.stored_calls.held_call import TRIED_FOR
from kit.errors import Unauthenticated
from services.execution.tests.calling import invoke
from services.execution.tests.fakes import DENIED, World, wanted_call
from services.execution.tests.stored import LEASE, REQUEST
from services.execution.tests.stored_replica import KEY, Replica

GONE = "mem_1"
NOTHING_SENT = "execution.caller_gone"


@pytest.fixture(params=["GET", "POST"], ids=["read", "write"])
def sender(request, world):
    return Replica(world(request.param))


@pytest.fixture
def bystander(sender):
    """Another replica on the same database, which sent nothing."""
    return Replica(World(sender.world.operation), calls=sender.calls, records=sender.records)


class SlowApi:
    """Got the request, and answers when the test lets it."""

    def __init__(self, world):
        self.got_it, self.may_answer = asyncio.Event(), asyncio.Event()
        self._stream, world.stream = world.stream, self.stream

    @asynccontextmanager
    async def stream(self, request):
        async with self._stream(request) as answer:
            self.got_it.set()
            await self.may_answer.wait()
            yield answer


async def on_record(replica):
    await replica.records.record(replica.world.facts)
    record = await replica.records.find("ws_1", "inv_1")
    return FoundInvocation.of(record, replica.kept())


async def test_n1_an_accepted_call_that_is_being_sent_is_denied_by_no_replica(sender, bystander):
    api = SlowApi(sender.world)
    under_way = asyncio.create_task(sender.go_on(await sender.accept()))
    await api.got_it.wait()

    for replica in (sender, bystander):
        await replica.deny_calls_of(GONE)
    shown = await on_record(bystander)
    api.may_answer.set()
    await under_way

    method = sender.world.operation.compiled.method
    assert (shown.state, shown.record.outcome) == (State.SENDING, None)
    assert (shown.record.method, shown.record.host) == (method, "api.example.com")
    ended = (await on_record(sender)).record
    assert (sender.kept().state, ended.outcome) == (State.SUCCEEDED, Outcome.SUCCEEDED)
    assert (ended.method, ended.host, ended.status) == (method, "api.example.com", 200)
    assert bystander.world.facts == []


@pytest.mark.parametrize("key", [None, KEY], ids=["direct", "with a key"])
async def test_n1_a_call_within_its_request_ends_as_what_happened(sender, bystander, key):
    api = SlowApi(sender.world)
    asked = sender.ask(key=key) if key else invoke(sender.world, wanted_call({"id": 1}))
    under_way = asyncio.create_task(asked)
    await api.got_it.wait()

    for replica in (sender, bystander):
        await replica.deny_calls_of(GONE)
    api.may_answer.set()
    await under_way

    finished = sender.world.finished
    assert (finished.outcome, finished.status) == (Outcome.SUCCEEDED, 200)
    assert finished.host == "api.example.com"


async def test_n1_a_read_is_on_record_as_sent_before_its_first_byte(reading):
    call, marks = await reading.accept(), []
    reading.world.while_connecting = lambda: marks.append(reading.kept())

    await reading.go_on(call)

    [marked] = marks
    assert (marked.is_sent, marked.request.method) == (True, "GET")


async def test_n1_a_call_that_was_denied_before_its_first_byte_is_not_sent(sender, bystander):
    """The replica that is about to send it holds what it read before."""
    call = await sender.accept()
    await bystander.deny_calls_of(GONE)

    await sender.go_on(call)

    assert (sender.world.sent, sender.kept().state) == ([], State.DENIED)
    assert sender.kept().refusal.code == NOTHING_SENT


async def test_n1_a_denied_call_is_known_by_method_and_host(sender, bystander):
    await sender.accept()

    await bystander.deny_calls_of(GONE)

    method, fact = sender.world.operation.compiled.method, bystander.world.finished
    assert (fact.method, fact.host, fact.operation) == (method, "api.example.com", "listPets")
    assert fact.arguments_hash
    shown = FoundInvocation.of(None, sender.kept()).record
    assert (shown.method, shown.host) == (method, "api.example.com")


async def test_n1_a_call_denied_when_it_is_continued_is_known_by_method_and_host(sender):
    call = await sender.accept()
    sender.callers.caller = Unauthenticated()

    await sender.go_on(call)

    method, fact = sender.world.operation.compiled.method, sender.world.finished
    assert (sender.kept().state, fact.outcome) == (State.DENIED, Outcome.REFUSED)
    assert (fact.method, fact.host) == (method, "api.example.com")


async def sent_and_left_behind(reading):
    """Its replica ended after the API had got the request."""
    reading.world.answer = asyncio.CancelledError()
    with pytest.raises(asyncio.CancelledError):
        await reading.go_on(await reading.accept())
    reading.world.answer = None
    reading.clock.now += LEASE + timedelta(seconds=1)


@pytest.mark.parametrize("why", ["caller", "rule"])
async def test_n1_a_read_that_a_replica_sent_which_is_gone_is_not_said_to_be_unsent(reading, why):
    await sent_and_left_behind(reading)
    await reading.deny_calls_of(GONE)
    assert reading.kept().state is State.RECEIVED
    if why == "caller":
        reading.callers.caller = Unauthenticated()
    else:
        reading.world.verdict = DENIED

    [again] = await reading.recover()
    await reading.postpone(again)  # there was no room for it
    await reading.deny_calls_of(GONE)
    await reading.go_on(reading.kept())

    kept, fact = reading.kept(), reading.world.finished
    assert (kept.state, kept.result.error.code) == (State.FAILED, INTERRUPTED)
    assert (fact.outcome, fact.code, fact.host) == (Outcome.FAILED, INTERRUPTED, "api.example.com")
    assert reading.wakes.woken[-1:] == ["inv_1"]


async def test_n1_a_read_that_was_sent_does_not_expire_as_one_that_never_was(reading):
    await sent_and_left_behind(reading)
    reading.clock.now += TRIED_FOR + LEASE

    assert await reading.recover() == []

    assert reading.kept().state is State.FAILED
    assert reading.world.finished.code == INTERRUPTED


async def test_n1_a_read_of_which_nothing_left_is_denied(reading):
    """The rules changed between the mark and the first byte: it waits again."""
    call = await reading.accept()
    reading.world.while_connecting = lambda: setattr(reading.callers.held, "outdated", True)

    await reading.go_on(call)
    assert (reading.world.sent, reading.kept().is_sent) == ([], False)
    await reading.deny_calls_of(GONE)

    assert reading.kept().state is State.DENIED


async def test_n1_a_mark_that_nobody_could_say_is_stored_is_taken_back(reading):
    call, answers = await reading.accept(), iter([Unavailable("away", code="x")])

    def the_first_answer_is_lost():
        for error in answers:
            raise error

    reading.calls.after_change = the_first_answer_is_lost
    await reading.go_on(call)
    assert (reading.world.sent, reading.kept().is_sent) == ([], False)
    await reading.deny_calls_of(GONE)

    assert reading.kept().state is State.DENIED


async def test_n1_a_refused_read_is_refused_although_it_was_about_to_be_sent(reading):
    reading.world.answer = CallRefused.of(DENIED)

    await reading.go_on(await reading.accept())

    assert reading.kept().state is State.REFUSED
    assert reading.kept().request.host == REQUEST.host
