"""Work on documents apart from the service: what ends it, and who does not notice."""

import asyncio
import os
import time

import pytest

from schema_service.adapters.worker_processes import MIB, WorkerProcesses, WorkLimits
from schema_service.domain.errors import ExaminationTooLong, ExaminersBusy

pytestmark = pytest.mark.integration


def where():
    return os.getpid()


def hang():
    time.sleep(60)


def allocate(mebibytes):
    return len(bytearray(mebibytes * MIB))


def die():
    os._exit(1)


@pytest.fixture
async def workers():
    limited = WorkerProcesses(WorkLimits(processes=2, seconds=4, memory_bytes=400 * MIB))
    yield limited
    await limited.close()


async def test_small_documents_stay_in_the_process_and_large_ones_do_not(workers):
    assert await workers.run(100, where) == os.getpid()
    assert await workers.run(100_000, where) != os.getpid()


@pytest.mark.parametrize(("work", "arguments"), [(hang, ()), (allocate, (4_000,)), (die, ())])
async def test_what_takes_too_long_or_too_much_is_ended_and_the_next_is_served(
    workers, work, arguments
):
    with pytest.raises(ExaminationTooLong):
        await workers.run_apart(work, *arguments)

    assert await workers.run_apart(allocate, 10) == 10 * MIB


async def test_one_that_hangs_does_not_take_its_neighbour_with_it(workers):
    hanging = asyncio.create_task(workers.run_apart(hang))
    await asyncio.sleep(0)

    assert await workers.run_apart(allocate, 10) == 10 * MIB
    with pytest.raises(ExaminationTooLong):
        await hanging


async def test_waiting_in_line_does_not_count_as_working():
    one = WorkerProcesses(WorkLimits(processes=1, seconds=3, memory_bytes=400 * MIB))
    hanging = asyncio.create_task(one.run_apart(hang))
    await asyncio.sleep(0)

    assert await one.run_apart(allocate, 10) == 10 * MIB
    with pytest.raises(ExaminationTooLong):
        await hanging
    await one.close()


async def test_a_line_that_is_too_long_is_refused_at_once(workers):
    tasks = [asyncio.create_task(workers.run_apart(hang)) for _ in range(2 + 8)]
    await asyncio.sleep(0)

    with pytest.raises(ExaminersBusy):
        await workers.run_apart(where)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
