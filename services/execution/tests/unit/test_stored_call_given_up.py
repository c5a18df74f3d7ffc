"""A call that ends every replica that works at it is not handed on for ever."""

from datetime import timedelta

import pytest

from contracts.facts import Outcome
from execution_service.domain.stored_call import State
from execution_service.usecases.recover_calls import MAX_LEFT_BEHIND
from services.execution.tests.fakes import World, tool
from services.execution.tests.stored import LEASE, stored_call
from services.execution.tests.stored_replica import Replica


@pytest.fixture
def replica():
    return Replica(World())


async def left_behind(replica):
    """The replica that has it ends; its lease does."""
    replica.clock.now += LEASE + timedelta(seconds=1)
    return await replica.recover()


async def test_a3_what_replica_after_replica_left_behind_ends_as_failed(replica):
    await replica.calls.add(stored_call(is_accepted=True, pinned=tool()))
    for _ in range(MAX_LEFT_BEHIND):
        assert [call.id for call in await left_behind(replica)] == ["inv_1"]

    assert await left_behind(replica) == []

    kept = replica.kept()
    assert kept.state is State.FAILED
    assert kept.result.error.code == "execution.given_up"
    fact = replica.world.finished
    assert (fact.outcome, fact.code) == (Outcome.FAILED, "execution.given_up")
    assert replica.wakes.woken == ["inv_1"]


async def test_what_is_given_back_is_handed_on_as_long_as_it_is_tried(replica):
    """Something that the call needs is away."""
    call = await replica.calls.add(stored_call(is_accepted=True, pinned=tool()))
    for _ in range(MAX_LEFT_BEHIND + 1):
        await replica.calls.change(call, call.given_back(replica.clock.now))
        replica.clock.now += timedelta(seconds=1)
        [call] = await replica.recover()

    assert call.left_behind == 1
