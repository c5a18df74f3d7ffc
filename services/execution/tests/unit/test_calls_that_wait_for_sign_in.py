"""An accepted call whose member has to sign in at the API first: it waits, goes on, or expires."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.errors import Unavailable
from contracts.facts import Outcome
from execution_service.domain.credential import Credential
from execution_service.domain.errors import SignInRequired
from execution_service.domain.found_invocation import FoundInvocation
from execution_service.domain.stored_call import SignInWait, State
from execution_service.usecases.continue_after_sign_in import MAX_AT_ONCE
from execution_service.usecases.continue_call import WAITS_FOR_SIGN_IN
from execution_service.usecases.stored_calls.held_call import TRIED_AGAIN_AFTER, TRIED_FOR
from services.execution.tests.facts import NOON
from services.execution.tests.fakes import answered, tool
from services.execution.tests.stored import LEASE, stored_call
from services.execution.tests.stored_replica import KEY, Replica

PAGE = "https://actions.example/aip/act_1/sign-in"
SIGN_IN = SignInRequired("api.example.com", PAGE)
UNTIL = NOON + WAITS_FOR_SIGN_IN
WAIT = SignInWait(PAGE, UNTIL)
SECOND = timedelta(seconds=1)


def token(generation=1):
    signed = (("authorization", f"Bearer secret-{generation}"),)
    return Credential(1, generation=generation, member_id="mem_1").signing(signed, ())


@pytest.fixture(params=["GET", "POST"])
def waiting(world, request):
    """A replica whose caller has no connection."""
    ours = Replica(world(request.param))
    ours.world.credential = SIGN_IN
    return ours


def linked(replica):
    """Their token is released from now on."""
    replica.world.credential = token()
    replica.world.signed_in = lambda: True


async def let_it_wait(replica, **arguments):
    await replica.go_on(await replica.accept(**arguments))


async def recovered_and_run(*replicas):
    """How many calls each of them claimed, and ran."""
    counts = []
    for replica in replicas:
        replica.clock.now += SECOND
        claimed = await replica.recover()
        counts.append(len(claimed))
        for call in claimed:
            await replica.go_on(call)
    return counts


async def test_it_waits_ten_minutes_with_the_address_and_nothing_is_sent(waiting):
    await let_it_wait(waiting)

    kept = waiting.kept()
    assert (kept.state, kept.sign_in, kept.lease_until) == (State.WAITING_FOR_SIGN_IN, WAIT, UNTIL)
    assert (waiting.world.sent, waiting.world.facts) == ([], [])
    assert not kept.is_sent


async def test_its_members_sign_in_continues_it_once_whichever_replica_does(waiting):
    await let_it_wait(waiting)
    other = Replica(waiting.world, waiting.calls, clock=waiting.clock)
    linked(waiting)

    await waiting.signed_in()
    await other.signed_in()

    assert sum(await recovered_and_run(other, waiting)) == 1
    assert (waiting.kept().state, len(waiting.world.sent)) == (State.SUCCEEDED, 1)


async def test_a_fact_that_is_delivered_again_changes_nothing(waiting):
    await let_it_wait(waiting)
    linked(waiting)
    await waiting.signed_in()
    revision = waiting.kept().revision

    await waiting.signed_in()

    assert waiting.kept().revision == revision


@pytest.mark.parametrize("whose", [("mem_2", "act_1"), ("mem_1", "act_2")])
async def test_the_sign_in_of_another_member_or_at_another_action_leaves_it_waiting(waiting, whose):
    await let_it_wait(waiting)

    await waiting.signed_in(*whose)

    assert waiting.kept().state is State.WAITING_FOR_SIGN_IN


async def test_a_sign_in_before_it_is_stored_as_waiting_continues_it_all_the_same(waiting):
    """After auth's answer: the fact finds nothing that waits, and comes no second time."""
    call = await waiting.accept()

    def before_it_is_stored():
        if waiting.kept().state is State.RECEIVED:
            linked(waiting)

    waiting.calls.before_change = before_it_is_stored
    await waiting.go_on(call)

    assert waiting.kept().state is State.RECEIVED
    assert await recovered_and_run(waiting) == [1]
    assert (waiting.kept().state, len(waiting.world.sent)) == (State.SUCCEEDED, 1)


async def test_a_sign_in_while_auth_is_asked_once_more_continues_it_once(waiting):
    call = await waiting.accept()

    def fact_comes_first():
        kept = waiting.kept()
        resumed = kept.resumed(waiting.clock())
        waiting.calls.kept[kept.id] = replace(resumed, revision=kept.revision + 1)
        linked(waiting)
        return True

    waiting.world.signed_in = fact_comes_first
    await waiting.go_on(call)

    assert await recovered_and_run(waiting) == [1]
    assert len(waiting.world.sent) == 1


def away():
    raise Unavailable("Auth is away.")


def killed():
    raise asyncio.CancelledError


@pytest.mark.parametrize("end", [away, killed])
@pytest.mark.parametrize("is_linked", [False, True])
async def test_where_nobody_asked_once_more_another_replica_does_and_it_waits_no_longer(
    waiting, end, is_linked
):
    """The sign-in may have come before it was stored as waiting."""
    call = await waiting.accept()
    waiting.world.signed_in = end
    try:
        await waiting.go_on(call)
    except asyncio.CancelledError:
        assert end is killed
    assert waiting.kept().lease_until == NOON + LEASE
    waiting.clock.now += LEASE
    waiting.world.signed_in = lambda: False
    if is_linked:
        linked(waiting)

    assert await recovered_and_run(waiting) == [1]

    kept = waiting.kept()
    if is_linked:
        assert (kept.state, len(waiting.world.sent)) == (State.SUCCEEDED, 1)
    else:
        assert (kept.state, kept.sign_in.until) == (State.WAITING_FOR_SIGN_IN, UNTIL)


async def test_nobody_signs_in_and_it_expires_after_ten_minutes_and_not_before(waiting):
    await let_it_wait(waiting)
    waiting.clock.now = UNTIL
    assert await waiting.recover() == []
    assert waiting.kept().state is State.WAITING_FOR_SIGN_IN

    waiting.clock.now += SECOND
    assert await waiting.recover() == []

    kept = waiting.kept()
    assert (kept.state, kept.refusal.code) == (State.EXPIRED, "execution.expired")
    assert "did not sign in" in kept.refusal.sentence
    assert PAGE in kept.refusal.hint
    assert waiting.world.finished.outcome is Outcome.REFUSED
    assert (waiting.world.sent, waiting.wakes.woken) == ([], ["inv_1"])


async def test_a_read_that_a_replica_sent_before_it_waited_fails_as_never_read(world):
    replica = Replica(world("GET"))
    call = stored_call(
        is_accepted=True, pinned=tool(), is_sent=True, state=State.WAITING_FOR_SIGN_IN, sign_in=WAIT
    )
    await replica.calls.add(call)
    replica.clock.now = UNTIL + SECOND

    await replica.recover()

    assert replica.kept().state is State.FAILED


async def test_a_sign_in_at_the_last_moment_is_not_too_late(waiting):
    """It is tried for as long as any call from then on."""
    await let_it_wait(waiting)
    waiting.clock.now = UNTIL - SECOND
    linked(waiting)
    await waiting.signed_in()
    waiting.world.credential = Unavailable("away")

    assert await recovered_and_run(waiting) == [1]
    kept = waiting.kept()
    assert (kept.state, kept.lease_until) == (
        State.RECEIVED,
        waiting.clock.now + TRIED_AGAIN_AFTER,
    )
    waiting.clock.now = UNTIL + TRIED_FOR
    linked(waiting)
    assert await recovered_and_run(waiting) == [1]
    assert waiting.kept().state is State.SUCCEEDED


async def test_a_token_that_is_refused_for_good_makes_the_call_wait_though_it_was_sent(world):
    """The API refused it before it did anything; `sending` goes back for that alone."""
    replica = Replica(world("POST"))
    replica.world.credential, replica.world.renewed = token(), SIGN_IN
    replica.world.answers = [answered(401)]
    await let_it_wait(replica)
    assert (replica.kept().state, replica.kept().sign_in) == (State.WAITING_FOR_SIGN_IN, WAIT)

    replica.world.credential = token(2)
    await replica.signed_in()
    await recovered_and_run(replica)

    sent = [dict(request.headers)["authorization"] for request in replica.world.sent]
    assert (replica.kept().state, sent) == (
        State.SUCCEEDED,
        ["Bearer secret-1", "Bearer secret-2"],
    )


async def test_it_waits_anew_where_the_connection_is_lost_before_it_goes_on(waiting):
    await let_it_wait(waiting)
    waiting.clock.now += timedelta(minutes=5)
    await waiting.signed_in()

    assert await recovered_and_run(waiting) == [1]

    kept = waiting.kept()
    assert kept.state is State.WAITING_FOR_SIGN_IN
    assert kept.sign_in.until == waiting.clock.now + WAITS_FOR_SIGN_IN


async def test_it_is_denied_once_its_member_is_removed(waiting):
    await let_it_wait(waiting)

    await waiting.deny_calls_of("mem_1")
    await waiting.signed_in()

    assert (waiting.kept().state, waiting.world.sent) == (State.DENIED, [])


async def test_who_waits_for_the_answer_is_refused_with_the_address_and_the_key_is_free(waiting):
    with pytest.raises(SignInRequired) as required:
        await waiting.ask(key=KEY)

    assert required.value.sign_in == PAGE
    assert waiting.calls.kept == {}


@pytest.fixture(params=["expires", "is denied"])
def end(request, waiting):
    """Ends what waits."""

    async def ended():
        if request.param == "is denied":
            await waiting.deny_calls_of("mem_1")
        else:
            waiting.clock.now = UNTIL + SECOND
            await waiting.recover()

    return ended


async def test_what_is_on_record_as_refused_is_not_sent_though_its_member_signs_in_then(
    waiting, end
):
    await let_it_wait(waiting)
    publish = waiting.world.after

    async def signs_in_meanwhile(fact):
        waiting.world.after = publish
        await publish(fact)
        linked(waiting)
        await waiting.signed_in()
        assert await recovered_and_run(waiting) == [0]

    waiting.world.after = signs_in_meanwhile
    await end()

    assert waiting.kept().state in (State.EXPIRED, State.DENIED)
    assert waiting.world.sent == []


@pytest.mark.parametrize("state", [State.RECEIVED, State.SENDING, State.EXPIRED])
async def test_one_that_waits_no_longer_once_it_is_read_is_left_alone(waiting, state):
    """Another replica was first; or the release before ended it, and left it in the index."""
    await let_it_wait(waiting)
    waiting.calls.kept["inv_1"] = replace(waiting.kept(), state=state)
    revision = waiting.kept().revision

    async def still_listed(*_):
        return ["inv_1"]

    waiting.calls.waiting_for_sign_in = still_listed
    await waiting.signed_in()

    assert (waiting.kept().state, waiting.kept().revision) == (state, revision)


async def test_more_of_them_than_are_read_at_once_all_go_on(waiting):
    for number in range(MAX_AT_ONCE + 1):
        call = stored_call(
            f"inv_{number:03}", is_accepted=True, pinned=tool(), state=State.WAITING_FOR_SIGN_IN
        )
        waiting.calls.kept[call.id] = replace(call, revision=1)

    await waiting.signed_in()

    assert {call.state for call in waiting.calls.kept.values()} == {State.RECEIVED}


async def test_one_that_cannot_be_changed_does_not_keep_the_others_back(waiting):
    for number in range(3):
        call = stored_call(
            f"inv_{number}", is_accepted=True, pinned=tool(), state=State.WAITING_FOR_SIGN_IN
        )
        waiting.calls.kept[call.id] = replace(call, revision=1)
    changes = []

    def first_fails():
        changes.append(1)
        if len(changes) == 1:
            raise Unavailable("away")

    waiting.calls.before_change = first_fails

    with pytest.raises(Unavailable):
        await waiting.signed_in()
    states = [call.state for call in waiting.calls.kept.values()]
    assert states.count(State.RECEIVED) == 2
    await waiting.signed_in()
    assert {call.state for call in waiting.calls.kept.values()} == {State.RECEIVED}


async def test_one_whose_arguments_cannot_be_read_keeps_them(waiting):
    """Its key is not configured here: stored again, it would have none."""
    await let_it_wait(waiting)
    kept = waiting.kept()
    waiting.calls.kept[kept.id] = replace(kept, asked=replace(kept.asked, arguments=None))

    await waiting.signed_in()

    assert waiting.kept().state is State.WAITING_FOR_SIGN_IN


async def test_only_its_caller_is_shown_the_address_and_only_while_it_waits(waiting):
    await let_it_wait(waiting)
    found = FoundInvocation.of(None, waiting.kept())

    assert (found.sign_in, found.is_final, found.record.outcome) == (PAGE, False, None)
    assert found.without_content().sign_in is None
    await waiting.signed_in()
    assert FoundInvocation.of(None, waiting.kept()).sign_in is None
