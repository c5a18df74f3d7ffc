"""One suite for stored calls that wait for a sign-in: what holds in memory holds in MongoDB."""

from dataclasses import replace
from datetime import timedelta

import pytest

from execution_service.adapters.mongo_stored_calls import MongoStoredCalls
from execution_service.domain.stored_call import Refusal, SignInWait, State
from kit.outbox import Outbox
from kit.testing import MemoryKeyRing, RecordedFacts
from services.execution.tests.facts import NOON
from services.execution.tests.fakes import tool
from services.execution.tests.stored import LEASE, REQUEST, MemoryStoredCalls, stored_call

WAIT = SignInWait("https://actions.example/aip/act_1/sign-in", NOON + timedelta(minutes=10))
OURS = ("act_1", "mem_1")


@pytest.fixture
def memory():
    return MemoryStoredCalls()


@pytest.fixture
async def mongodb(database):
    outbox = Outbox("execution", RecordedFacts())
    calls = MongoStoredCalls(database, outbox, MemoryKeyRing(), max_of_workspace=100)
    for collection in calls.collections:
        await collection.ensure_indexes()
    return calls


@pytest.fixture(params=["memory", pytest.param("mongodb", marks=pytest.mark.integration)])
def calls(request):
    return request.getfixturevalue(request.param)


async def waiting(calls, id_="inv_1", action_id="act_1", **fields):
    call = stored_call(id_, **fields).accepted(tool(action_id=action_id), REQUEST)
    seen = await calls.add(call)
    return await calls.change(seen, seen.waiting_for_sign_in(WAIT, NOON + LEASE))


async def test_what_a_call_waits_for_is_kept_until_it_is_resumed(calls):
    stored = await waiting(calls)
    assert await calls.find("ws_1", "inv_1") == stored
    assert stored.sign_in == WAIT

    await calls.change(stored, stored.resumed(NOON + LEASE))

    found = await calls.find("ws_1", "inv_1")
    assert (found.state, found.sign_in, found.resumed_at) == (State.RECEIVED, None, NOON + LEASE)
    assert found.asked == stored.asked


async def test_those_are_found_that_wait_for_this_member_at_this_action(calls):
    for number in range(3):
        await waiting(calls, f"inv_{number}")
    await waiting(calls, "inv_3", member_id="mem_2")
    await waiting(calls, "inv_4", action_id="act_2")
    await waiting(calls, "inv_5", workspace_id="ws_2")
    await calls.add(stored_call("inv_6").accepted(tool(), REQUEST))

    assert await calls.waiting_for_sign_in("ws_1", OURS, 10) == ["inv_2", "inv_1", "inv_0"]
    assert await calls.waiting_for_sign_in("ws_1", OURS, 2) == ["inv_2", "inv_1"]
    assert await calls.waiting_for_sign_in("ws_1", OURS, 2, "inv_1") == ["inv_0"]


async def test_one_that_goes_on_or_ended_is_not_found_any_more(calls):
    resumed, looked_at, ended = [await waiting(calls, f"inv_{number}") for number in range(3)]

    await calls.change(resumed, resumed.resumed(NOON))
    await calls.change(looked_at, looked_at.looked_at_again(NOON, NOON + LEASE))
    refusal = Refusal("execution.expired", "Nobody signed in.", "Sign in.")
    await calls.change(ended, ended.refused(refusal, State.EXPIRED))

    assert await calls.waiting_for_sign_in("ws_1", OURS, 10) == []


async def test_one_that_waits_is_abandoned_once_its_lease_ended(calls):
    stored = await waiting(calls)
    assert await calls.abandoned(NOON + 2 * LEASE, 10) == [stored]

    left = await calls.change(stored, stored.leased(WAIT.until))

    assert await calls.abandoned(NOON + 2 * LEASE, 10) == []
    assert await calls.abandoned(WAIT.until + LEASE, 10) == [left]


@pytest.mark.integration
async def test_they_are_found_by_an_index_of_their_own(mongodb, database):
    await waiting(mongodb)
    raw = database["stored_calls"]
    wanted = {"workspace_id": "ws_1", "removed": None, "state.waits_for": "act_1 mem_1"}

    plan = (await raw.find(wanted).sort("_id", -1).explain())["queryPlanner"]["winningPlan"]

    assert "listed_by_waits_for" in repr(plan)


@pytest.mark.integration
async def test_a_call_that_the_release_before_stored_is_read(mongodb, database):
    stored = await waiting(mongodb)
    gone = {"state.sign_in": "", "state.waits_for": "", "state.resumed_at": ""}
    await database["stored_calls"].update_one({}, {"$unset": gone})

    assert await mongodb.find("ws_1", "inv_1") == replace(stored, sign_in=None)
