"""Background work goes on after any failure, and one that cannot is seen."""

import asyncio

import pytest

from kit import supervise
from kit.errors import DatabaseUnavailable
from kit.supervise import Supervisor
from kit.testing import eventually


@pytest.fixture
async def supervisor():
    supervisor = Supervisor(restart_seconds=0.01)
    yield supervisor
    await supervisor.stop()


async def test_b16_work_that_raises_is_started_again_whatever_it_raised(supervisor):
    runs = []

    async def work():
        runs.append(1)
        raise RuntimeError(len(runs))

    supervisor.run("work", work)

    async def several():
        return len(runs) > 3

    await eventually(several)
    assert supervisor.dead == []  # it has not failed for long


async def test_work_that_fails_for_too_long_is_dead():
    supervisor = Supervisor(restart_seconds=0.01, dead_seconds=0.05)

    async def work():
        raise RuntimeError

    supervisor.run("work", work)

    async def is_dead():
        return supervisor.dead == ["work"]

    await eventually(is_dead)
    await supervisor.stop()


async def test_b16_work_whose_database_is_away_for_long_is_not_dead():
    supervisor, runs = Supervisor(restart_seconds=0.01, dead_seconds=0.05), []

    async def work():
        runs.append(1)
        raise DatabaseUnavailable

    supervisor.run("work", work)
    await asyncio.sleep(0.2)

    assert len(runs) > 3
    assert supervisor.dead == []
    await supervisor.stop()


async def test_work_that_was_cancelled_from_outside_is_dead(supervisor):
    supervisor.run("work", asyncio.Event().wait)
    [task] = [task for task in asyncio.all_tasks() if task.get_name() == "work"]
    await asyncio.sleep(0)

    task.cancel()
    await asyncio.wait([task])

    assert supervisor.dead == ["work"]


async def test_work_that_is_done_is_not_dead(supervisor):
    async def work():
        pass

    supervisor.run("work", work)
    await asyncio.sleep(0.01)

    assert supervisor.dead == []


async def test_it_stops_work_that_swallows_a_cancellation(supervisor):
    swallowed = []

    async def work():
        while not swallowed:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                swallowed.append(1)
        await asyncio.sleep(60)

    supervisor.run("work", work)
    await asyncio.sleep(0.01)

    async with asyncio.timeout(10 * supervise.CANCEL_AGAIN_SECONDS):
        await supervisor.stop()


async def test_work_that_failed_for_a_while_and_was_mended_is_not_dead():
    supervisor = Supervisor(restart_seconds=0.01, dead_seconds=0.1)
    failures = [RuntimeError(), RuntimeError()]

    async def work():
        if failures:
            raise failures.pop()
        await asyncio.sleep(60)

    supervisor.run("work", work)
    await asyncio.sleep(0.3)  # longer than `dead_seconds` since the first failure

    assert supervisor.dead == []
    await supervisor.stop()
