"""Who is served next, how long a request waits, and what is left of one that was withdrawn."""

import asyncio

import pytest

from kit.shares import FairShares, Resource, ShareExceeded
from schema_service.adapters.costly_workspaces import MARKED_SECONDS, CostlyWorkspaces
from schema_service.adapters.fair_line import FairLine

PLACES = Resource("things", "{used} wait.", noun="thing", hint="Wait.")
THING = "the only one"


def line(max_seconds=60.0, places=8, things=(THING,), costly=frozenset()):
    return FairLine(things, FairShares("test", PLACES, places), max_seconds, costly)


async def asked(fair_line, key):
    """A request that waits."""
    before = fair_line.waiting
    request = asyncio.create_task(fair_line.take(key))
    await asyncio.sleep(0)
    assert fair_line.waiting == before + 1
    return request


async def cancelled(request):
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request


async def test_what_is_idle_is_handed_out_at_once():
    assert await line().take("a") == THING


async def test_keys_are_served_in_turn_and_each_in_the_order_of_its_requests():
    fair_line = line()
    await fair_line.take("a")
    served = []
    names = ["a1", "a2", "a3", "b1", "c1", "b2"]
    for name in names:
        request = await asked(fair_line, name[0])
        request.add_done_callback(lambda _, name=name: served.append(name))

    while len(served) < len(names):
        fair_line.give_back(THING)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    assert served == ["b1", "c1", "a1", "b2", "a2", "a3"]


async def test_na5_a_key_that_had_the_thing_at_once_has_had_its_turn():
    fair_line = line()
    await fair_line.take("a")
    second, other = await asked(fair_line, "a"), await asked(fair_line, "b")

    fair_line.give_back(THING)

    assert await other == THING
    assert not second.done()
    await cancelled(second)


async def test_a_key_with_its_share_of_places_is_refused():
    fair_line = line(places=4)
    await fair_line.take("a")
    waiting = [await asked(fair_line, "a") for _ in range(2)]

    with pytest.raises(ShareExceeded):
        await fair_line.take("a")

    for request in waiting:
        await cancelled(request)


async def test_a_request_that_nothing_comes_back_for_ends_after_its_time_and_leaves_the_queue():
    fair_line = line(max_seconds=0.01)
    await fair_line.take("a")

    with pytest.raises(TimeoutError):
        await fair_line.take("b")

    assert fair_line.waiting == 0
    fair_line.give_back(THING)
    assert await fair_line.take("c") == THING


async def test_a_cancelled_request_leaves_the_queue_and_its_place_at_once():
    fair_line = line(places=2)
    await fair_line.take("a")
    await cancelled(await asked(fair_line, "b"))

    assert fair_line.waiting == 0
    next_one = await asked(fair_line, "b")
    fair_line.give_back(THING)
    assert await next_one == THING


async def test_a_cancelled_request_leaves_those_of_its_key_waiting():
    fair_line = line()
    await fair_line.take("a")
    first, second = await asked(fair_line, "b"), await asked(fair_line, "b")

    await cancelled(first)
    fair_line.give_back(THING)

    assert await second == THING


async def test_what_comes_back_as_a_request_is_cancelled_goes_to_the_next():
    fair_line = line()
    await fair_line.take("a")
    first, second = await asked(fair_line, "b"), await asked(fair_line, "b")

    first.cancel()
    fair_line.give_back(THING)

    assert await second == THING
    with pytest.raises(asyncio.CancelledError):
        await first
    assert fair_line.waiting == 0


async def test_what_was_handed_to_a_request_that_was_cancelled_at_that_moment_goes_to_the_next():
    fair_line = line()
    await fair_line.take("a")
    first, second = await asked(fair_line, "b"), await asked(fair_line, "c")

    fair_line.give_back(THING)
    await cancelled(first)

    assert await second == THING


async def test_whoever_gives_way_hears_once_nobody_waits_any_more():
    fair_line = line()
    assert fair_line.empty.is_set()
    await fair_line.take("a")
    withdrawn, served = await asked(fair_line, "a"), await asked(fair_line, "b")
    assert not fair_line.empty.is_set()

    fair_line.give_back(THING)
    assert await served == THING
    assert not fair_line.empty.is_set(), "one waits still"
    await cancelled(withdrawn)
    assert fair_line.empty.is_set()


async def test_the_line_is_empty_once_its_last_request_is_served():
    fair_line = line()
    await fair_line.take("a")
    last = await asked(fair_line, "a")

    fair_line.give_back(THING)

    assert fair_line.empty.is_set()
    assert await last == THING


async def test_b1_costly_keys_leave_one_thing_to_the_others():
    fair_line = line(things=("one", "two", "three"), costly={"a", "b"})
    lent = [await fair_line.take("a"), await fair_line.take("b")]
    waiting = await asked(fair_line, "b")

    ours = await fair_line.take("c")
    fair_line.give_back(ours)
    assert not waiting.done()
    fair_line.give_back(lent[0])

    assert await waiting == lent[0]


async def test_b1_of_one_thing_costly_keys_may_have_it():
    assert await line(costly={"a"}).take("a") == THING


async def test_b1_a_key_that_becomes_costly_counts_with_what_it_has():
    costly = set()
    fair_line = line(things=("one", "two"), costly=costly)
    lent = [await fair_line.take("a"), await fair_line.take("a")]
    theirs, ours = await asked(fair_line, "a"), await asked(fair_line, "b")

    costly.add("a")
    fair_line.give_back(lent[0])

    assert await ours == lent[0]
    assert not theirs.done()
    await cancelled(theirs)


async def test_b1_costly_keys_share_one_turn():
    fair_line = line(places=16, costly={"x", "y", "z"})
    await fair_line.take("a")
    served = []
    names = ["x1", "y1", "z1", "a1", "b1", "x2", "a2"]
    for name in names:
        request = await asked(fair_line, name[0])
        request.add_done_callback(lambda _, name=name: served.append(name))

    while len(served) < len(names):
        fair_line.give_back(THING)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    assert served == ["x1", "b1", "a1", "y1", "a2", "z1", "x2"]


def test_b1_a_workspace_is_costly_for_a_while_after_its_last_costly_document():
    now = [0.0]
    costly = CostlyWorkspaces(lambda: now[0])
    costly.note("a")
    now[0] = MARKED_SECONDS - 1
    costly.note("b")
    assert ("a" in costly, "b" in costly, "c" in costly) == (True, True, False)
    now[0] = MARKED_SECONDS
    assert ("a" in costly, "b" in costly) == (False, True)
    costly.note("b")
    now[0] += MARKED_SECONDS - 1
    assert "b" in costly


async def test_b1_what_others_have_is_not_counted_against_costly_keys():
    fair_line = line(things=("one", "two", "three"), costly={"a", "b"})
    lent = {await fair_line.take("c"), await fair_line.take("d")}
    async with asyncio.timeout(1):
        lent.add(await fair_line.take("a"))
    assert lent == {"one", "two", "three"}
    assert fair_line.waiting == 0


def test_b1_a_workspace_whose_time_is_over_is_forgotten():
    now = [0.0]
    costly = CostlyWorkspaces(lambda: now[0])
    costly.note("a")
    now[0] = MARKED_SECONDS / 2
    costly.note("b")
    now[0] = MARKED_SECONDS
    costly.note("c")
    assert [*costly._until] == ["b", "c"]
