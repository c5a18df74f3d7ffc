"""Turns on the event loop: whose request starts next."""

import asyncio
from itertools import groupby

from kit.turns import Turns


async def started_in_turns(turns, asks):
    """The keys in the order in which their requests start."""
    order = []

    async def request(key):
        turn = turns.ask(key)
        if turn is not None:
            await turn
        order.append(key)

    await asyncio.gather(*(request(key) for key in asks))
    return order


async def test_who_comes_alone_does_not_wait():
    turns = Turns(2)

    assert turns.ask("one") is None
    assert turns.ask("one") is None
    assert turns.ask("one") is not None


async def test_every_iteration_of_the_loop_starts_some_more():
    turns = Turns(2)
    for _ in range(3):
        assert turns.ask("one") is None
        assert turns.ask("two") is None
        await asyncio.sleep(0)


async def test_a5_one_workspace_with_many_requests_does_not_stand_before_another():
    order = await started_in_turns(Turns(1), ["greedy"] * 60 + ["other"] * 2)

    assert order.index("other") <= 2
    assert order[:6].count("other") == 2


async def test_a5_many_workspaces_take_turns():
    keys = ["a", "b", "c"]

    order = await started_in_turns(Turns(1), [key for key in keys for _ in range(5)])

    assert order[1:13] in ([*"bca" * 4], [*"abc" * 4])
    assert max(len(list(run)) for _, run in groupby(order)) <= 2


async def test_whoever_gives_up_waiting_takes_no_turn_from_others():
    turns = Turns(1)
    first = turns.ask("one")
    gone, waiting = turns.ask("one"), turns.ask("one")
    gone.cancel()

    await waiting

    assert first is None
    await asyncio.sleep(0)
    assert turns.keys == 0
