"""Work on documents apart from the service: what ends it, and who does not notice."""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from kit.shares import ShareExceeded
from kit.sizes import MIB
from kit.testing import eventually
from schema_service.adapters.worker_processes import (
    QUICK_BYTES,
    WorkerPools,
    WorkerProcesses,
    WorkLimits,
)
from schema_service.domain.errors import (
    ExaminationStalled,
    ExaminationTooLong,
    ExaminersBusy,
    ExaminersUnavailable,
)
from schema_service.domain.submission import BodyNotUnderstood
from services.schema.tests.document_work import (
    allocate,
    compute,
    compute_in_one_call,
    die,
    ended_politely,
    hang,
    killed,
    killed_once,
    pause,
    refuse,
    rest,
    turned_round,
    where,
    without_server,
    without_server_once,
)

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

HERE = Path(__file__).parents[4]
SMALL, LARGE = QUICK_BYTES, QUICK_BYTES + 1
OURS, THEIRS = "ws_ours", "ws_theirs"
AMPLE_SECONDS = 60
"""For work that is to be done, whatever else the machine does."""
HASTY_SECONDS = 3
"""Of processor time, for work that is to be ended: the next one has as long."""


async def again_and_again(workers, key):
    while True:
        try:
            await workers.run(key, SMALL, pause)
        except ShareExceeded:
            await asyncio.sleep(0.01)


async def ended(tasks):
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def limits(seconds=AMPLE_SECONDS, processes=1, waiting_seconds=AMPLE_SECONDS, **others):
    return WorkLimits(processes, seconds, 400 * MIB, waiting_seconds=waiting_seconds, **others)


@pytest.fixture
async def workers():
    limited = WorkerProcesses(limits(processes=2))
    yield limited
    await limited.close()


@pytest.fixture
async def hasty_workers():
    limited = WorkerProcesses(limits(HASTY_SECONDS, processes=2))
    yield limited
    await limited.close()


async def test_no_document_is_worked_on_in_the_process_of_the_service(workers):
    assert await workers.run(OURS, SMALL, where) != os.getpid()
    assert await workers.run(OURS, LARGE, where) != os.getpid()


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_texts_arrive_and_come_back_whole(workers, size):
    texts = [Random(length).randbytes(length) for length in (0, 1_000, 3_000_000, 300_000)]

    assert await workers.run(OURS, size, turned_round, *texts) == texts[::-1]


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_refusal_comes_back_as_it_was_raised(workers, size):
    with pytest.raises(BodyNotUnderstood, match="Nonsense"):
        await workers.run(OURS, size, refuse)

    assert await workers.run(OURS, size, allocate, 10) == 10 * MIB


async def test_short_documents_do_not_wait_for_long_ones():
    pools = WorkerPools(WorkerProcesses(limits()), WorkerProcesses(limits()))
    hanging = asyncio.create_task(pools.run(OURS, LARGE, hang))
    await asyncio.sleep(0)

    assert await pools.run(OURS, SMALL, allocate, 10) == 10 * MIB
    assert not hanging.done()
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)
    await pools.close()


SERVICE = """
import asyncio
from kit.sizes import MIB
from schema_service.adapters.worker_processes import WorkerProcesses, WorkLimits
from services.schema.tests.document_work import where

async def main():
    workers = WorkerProcesses(WorkLimits(processes=1, seconds=60, memory_bytes=400 * MIB))
    print(await workers.run("ws_ours", 0, where), flush=True)
    await asyncio.sleep(600)

if __name__ == "__main__":
    asyncio.run(main())
"""


def runs(pid):
    """A dead process that nobody has reaped has no command line."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except FileNotFoundError:
        return False


async def test_no_process_outlives_a_service_that_was_killed(tmp_path):
    (tmp_path / "service.py").write_text(SERVICE)
    service = await asyncio.create_subprocess_exec(
        sys.executable,
        tmp_path / "service.py",
        stdout=asyncio.subprocess.PIPE,
        cwd=tmp_path,
        env={"PYTHONPATH": str(HERE)},
    )
    worker = int(await service.stdout.readline())

    service.kill()
    await service.wait()

    async def gone():
        return not runs(worker)

    assert await eventually(gone, within_seconds=60)


WITH_DYING_FORK_SERVER = """
import asyncio
from kit.sizes import MIB
from schema_service.adapters.worker_processes import WorkerProcesses, WorkLimits, preload
from schema_service.domain.errors import ExaminersUnavailable
from services.schema.tests.document_work import where

async def main():
    preload("dying")
    workers = WorkerProcesses(WorkLimits(processes=1, seconds=60, memory_bytes=400 * MIB))
    try:
        await workers.run("ws_ours", 0, where)
    except ExaminersUnavailable as refusal:
        print(refusal.code, flush=True)

if __name__ == "__main__":
    asyncio.run(main())
"""
KILL_YOURSELF = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"


async def test_where_the_fork_server_dies_it_is_not_the_documents_fault(tmp_path):
    """It is killed when the process was asked for and did not begin, such as for its memory."""
    (tmp_path / "service.py").write_text(WITH_DYING_FORK_SERVER)
    (tmp_path / "dying.py").write_text(KILL_YOURSELF)
    service = await asyncio.create_subprocess_exec(
        sys.executable,
        tmp_path / "service.py",
        stdout=asyncio.subprocess.PIPE,
        cwd=tmp_path,
        env={"PYTHONPATH": f"{HERE}:{tmp_path}"},
    )

    said, _ = await service.communicate()

    assert said.decode().splitlines()[-1:] == ["schema.examiners_unavailable"]
    assert service.returncode == 0


@pytest.mark.parametrize(
    ("work", "arguments"),
    [(compute, ()), (compute_in_one_call, ()), (allocate, (4_000,)), (die, ())],
)
async def test_what_takes_too_long_or_too_much_is_ended_and_the_next_is_served(
    hasty_workers, work, arguments
):
    with pytest.raises(ExaminationTooLong):
        await hasty_workers.run(OURS, SMALL, work, *arguments)

    assert await hasty_workers.run(OURS, SMALL, allocate, 10) == 10 * MIB


async def test_w5_what_only_waits_may_take_longer_than_its_processor_time(hasty_workers):
    assert await hasty_workers.run(OURS, SMALL, rest, HASTY_SECONDS * 1.5) == "done"


async def test_w5_what_comes_to_no_end_without_computing_is_the_machines_fault():
    one = WorkerProcesses(limits(0.5))

    with pytest.raises(ExaminationStalled, match="2 s, because the machine is busy") as refused:
        await one.run(OURS, SMALL, hang)

    assert refused.value.retry_after_seconds
    assert await one.run(OURS, SMALL, where) != os.getpid()
    await one.close()


async def test_one_that_takes_too_long_does_not_take_its_neighbour_with_it(hasty_workers):
    hanging = asyncio.create_task(hasty_workers.run(OURS, SMALL, compute))
    await asyncio.sleep(0)

    assert await hasty_workers.run(OURS, SMALL, allocate, 10) == 10 * MIB
    with pytest.raises(ExaminationTooLong):
        await hanging


async def test_waiting_in_line_does_not_count_as_working():
    one = WorkerProcesses(limits(HASTY_SECONDS))
    hanging = asyncio.create_task(one.run(OURS, SMALL, compute))
    await asyncio.sleep(0)

    assert await one.run(OURS, SMALL, allocate, 10) == 10 * MIB
    with pytest.raises(ExaminationTooLong):
        await hanging
    await one.close()


async def test_a5_a_workspace_with_its_share_waiting_is_refused_and_another_is_not():
    one = WorkerProcesses(limits(waiting=8))
    hanging = [asyncio.create_task(one.run(OURS, SMALL, hang)) for _ in range(1 + 4)]
    await asyncio.sleep(0)

    with pytest.raises(ShareExceeded, match="4 documents waiting") as refused:
        await one.run(OURS, SMALL, where)
    waiting = asyncio.create_task(one.run(THEIRS, SMALL, where))
    await asyncio.sleep(0)

    assert refused.value.retry_after_seconds
    assert not waiting.done()
    for served_or_next in hanging[:2]:
        served_or_next.cancel()
    # The turn after that is theirs, although two of ours came before.
    first, _ = await asyncio.wait([waiting, *hanging[2:]], return_when=asyncio.FIRST_COMPLETED)
    assert first == {waiting}
    assert waiting.result() != os.getpid()
    await ended(hanging)
    await one.close()


async def test_a_line_that_others_fill_is_too_long_for_now():
    one = WorkerProcesses(limits(waiting=2))
    hanging = [asyncio.create_task(one.run(key, SMALL, hang)) for key in ("a", "b", "c")]
    await asyncio.sleep(0)

    with pytest.raises(ExaminersBusy):
        await one.run(OURS, SMALL, where)
    await ended(hanging)
    await one.close()


async def test_a_document_that_no_process_begins_in_time_is_refused_and_leaves_the_line():
    one = WorkerProcesses(limits(waiting=2, waiting_seconds=0.05))
    hanging = asyncio.create_task(one.run(THEIRS, SMALL, hang))
    await asyncio.sleep(0)

    for _ in range(3):
        with pytest.raises(ExaminersBusy) as refused:
            await one.run(OURS, SMALL, where)

    assert refused.value.retry_after_seconds
    await ended([hanging])
    assert await one.run(OURS, SMALL, where) != os.getpid()
    await one.close()


async def test_a5_twenty_long_documents_of_one_builder_leave_another_builder_served():
    one = WorkerProcesses(limits())
    theirs = [asyncio.create_task(again_and_again(one, THEIRS)) for _ in range(20)]
    await asyncio.sleep(0)

    ours = [await one.run(OURS, SMALL, pause) for _ in range(65)]

    assert ours == [None] * 65
    await ended(theirs)
    await one.close()


async def test_a_process_that_has_done_enough_is_followed_by_a_fresh_one():
    one = WorkerProcesses(limits(documents=2))

    first, second, third = [await one.run(OURS, SMALL, where) for _ in range(3)]

    assert first == second != third
    await one.close()


async def test_where_no_process_starts_it_is_not_the_documents_fault():
    nothing_fits = WorkerProcesses(replace(limits(), memory_bytes=MIB))

    with pytest.raises(ExaminersUnavailable):
        await nothing_fits.run(OURS, SMALL, where)


async def test_work_that_is_nobodys_begins_once_no_document_waits():
    workers = WorkerProcesses(limits())
    pools = WorkerPools(workers, WorkerProcesses(limits(), "long"))
    try:
        await workers.warm()
        busy = [asyncio.create_task(workers.run(OURS, SMALL, pause)) for _ in range(3)]
        await asyncio.sleep(0)

        await pools.let_others_go_first(SMALL)

        assert sum(task.done() for task in busy) >= 2, "the last is at work, or done"
        await asyncio.wait_for(pools.let_others_go_first(LARGE), 1)
        await asyncio.gather(*busy)
    finally:
        await pools.close()


async def test_a7_work_whose_process_was_killed_is_done_in_a_fresh_one(workers, tmp_path):
    assert await workers.run(OURS, SMALL, killed_once, tmp_path / "mark") == "done"


@pytest.mark.parametrize("work", [killed, ended_politely])
async def test_a7_where_that_one_is_killed_as_well_it_is_not_the_documents_fault(workers, work):
    for _ in range(3):
        with pytest.raises(ExaminersUnavailable):
            await workers.run(OURS, SMALL, work)

    assert await workers.run(OURS, SMALL, allocate, 10) == 10 * MIB


async def test_a7_work_whose_fork_server_was_killed_is_done_by_the_next_one(workers, tmp_path):
    mark = tmp_path / "mark"

    assert await workers.run(OURS, SMALL, without_server_once, mark) == "done"

    async def gone():
        return not runs(mark.read_text())

    assert await eventually(gone, within_seconds=60)


async def test_a7_where_fork_servers_are_killed_again_and_again_it_is_nobodys_document(
    workers, tmp_path
):
    for _ in range(2):
        with pytest.raises(ExaminersUnavailable):
            await workers.run(OURS, SMALL, without_server, tmp_path / "mark")

    assert await workers.run(OURS, SMALL, allocate, 10) == 10 * MIB


async def test_a7_a_process_that_was_killed_while_idle_is_replaced():
    one = WorkerProcesses(limits())
    os.kill(await one.run(OURS, SMALL, where), signal.SIGKILL)

    assert await one.run(OURS, SMALL, allocate, 10) == 10 * MIB
    await one.close()


async def test_na4_a_frozen_fork_server_is_replaced():
    """Whoever asked meanwhile is answered, and the next one has a process of a new server."""
    one = WorkerProcesses(replace(limits(), starting_seconds=3.0))
    os.kill(await one.run(OURS, SMALL, os.getppid), signal.SIGSTOP)
    await one.close()

    with pytest.raises(ExaminersUnavailable):
        await one.run(OURS, SMALL, where)

    next_one = WorkerProcesses(limits())
    assert await next_one.run(OURS, SMALL, allocate, 10) == 10 * MIB
    await next_one.close()
