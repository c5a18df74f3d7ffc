"""Changes that take rights away: each is carried out, and all of them are repeated."""

import pytest

from kit.errors import BusUnavailable, NothingHere, NotInForce
from kit.in_force import each_in_force


async def carried_out(*errors):
    """Which of so many changes were begun, where some raise; and what is raised in the end."""
    begun = []

    async def change(number, error):
        begun.append(number)
        if error is not None:
            raise error

    try:
        await each_in_force(change(*each) for each in enumerate(errors))
    except (NothingHere, NotInForce, BusUnavailable) as raised:
        return begun, raised
    return begun, None


async def test_each_is_carried_out_where_one_is_not_in_force_and_that_is_said():
    late = NotInForce()

    assert await carried_out(None, late, None, NothingHere(), None) == ([0, 1, 2, 3, 4], late)


async def test_what_is_gone_by_then_is_no_fault():
    assert await carried_out(NothingHere(), None) == ([0, 1], None)
    assert await carried_out() == ([], None)


@pytest.mark.parametrize("late", [(), (NotInForce(),)])
async def test_any_other_error_ends_it_at_once(late):
    away = BusUnavailable("It is away.")

    assert await carried_out(*late, away, None) == ([*range(len(late) + 1)], away)
