"""Turns on the event loop: whose request starts next."""

import asyncio
from itertools import groupby

from kit.turns import CONTENDED_SECONDS, Turns


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


def contended(at_once):
    """Turns for which two workspaces have just asked."""
    turns = Turns(at_once + 2)
    turns.ask("before")
    turns.ask("one")
    return turns


async def test_no_more_than_some_start_at_once():
    turns = contended(2)

    assert turns.ask("one") is None
    assert turns.ask("one") is None
    assert turns.ask("one") is not None


async def test_one_workspace_alone_never_waits():
    turns = Turns(1)

    assert {turns.ask("one") for _ in range(100)} == {None}


class Later(asyncio.SelectorEventLoop):
    """Its clock can be moved on."""

    ahead = 0.0

    def time(self):
        return super().time() + self.ahead


def test_one_workspace_that_is_alone_again_waits_no_more_after_a_while():
    async def asked_alone(ahead):
        asyncio.get_running_loop().ahead += ahead
        turns = asked_by_two
        return [turns.ask("two") is None for _ in range(4)]

    asked_by_two = Turns(2)
    with asyncio.Runner(loop_factory=Later) as runner:
        runner.run(started_in_turns(asked_by_two, ["one", "two"]))
        assert False in runner.run(asked_alone(CONTENDED_SECONDS - 1))
        runner.run(asyncio.sleep(0))
        assert False not in runner.run(asked_alone(2))


async def test_every_iteration_of_the_loop_starts_some_more():
    turns = Turns(2)
    for _ in range(3):
        assert turns.ask("one") is None
        assert turns.ask("two") is None
        await asyncio.sleep(0)


async def test_a5_one_workspace_with_many_requests_does_not_stand_before_another():
    turns = Turns(1)
    await started_in_turns(turns, ["other", "greedy"])

    order = await started_in_turns(turns, ["greedy"] * 60 + ["other"] * 2)

    assert order.index("other") <= 2
    assert order[:6].count("other") == 2


async def test_a5_many_workspaces_take_turns():
    keys = ["a", "b", "c"]

    turns = Turns(1)
    await started_in_turns(turns, keys)

    order = await started_in_turns(turns, [key for key in keys for _ in range(5)])

    assert max(len(list(run)) for _, run in groupby(order)) <= 2
    assert {order[1:13].count(key) for key in keys} == {4}


async def test_whoever_gives_up_waiting_takes_no_turn_from_others():
    turns = contended(0)
    gone, waiting = turns.ask("one"), turns.ask("one")
    gone.cancel()

    await waiting

    await asyncio.sleep(0)
    assert turns.keys == 0
