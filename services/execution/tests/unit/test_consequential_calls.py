"""What counts as a call that changes something."""

import pytest

from contracts.facts import Outcome
from egress import ConnectionLost
from services.execution.tests.calling import invoke


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_consequential_call_is_one_that_changes_something_whatever_its_method(
    world, method
):
    world = world(method, consequential=True)
    world.answer = ConnectionLost("x", sent=True)

    finished = await invoke(world)

    assert world.steps[-3:] == ["before", "send", "after_change"]
    assert finished.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("method", "consequential", "repeatable"),
    [("GET", False, True), ("GET", True, False), ("POST", False, False)],
)
async def test_only_a_call_that_changes_nothing_may_be_repeated_on_its_way(
    world, method, consequential, repeatable
):
    world = world(method, consequential=consequential)

    await invoke(world)

    assert world.sent[0].repeatable is repeatable
