"""Which processes the log names: those that did not answer and were replaced."""

import asyncio
import os
import signal

import pytest
from structlog.testing import capture_logs

from kit.sizes import MIB
from schema_service.adapters.worker_processes import WorkerProcesses, WorkLimits
from schema_service.domain.errors import ExaminationStalled
from services.schema.tests.document_work import hang, turned_round, where

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

SMALL, OURS = 0, "ws_ours"


def limits(seconds=60):
    return WorkLimits(1, seconds, 400 * MIB, waiting_seconds=60)


async def test_a_process_that_stopped_is_replaced_and_the_log_names_it_and_its_workspace():
    one = WorkerProcesses(limits(1), "long_documents")
    stopped = await one.run(OURS, SMALL, where)
    os.kill(stopped, signal.SIGSTOP)

    with capture_logs() as logged, pytest.raises(ExaminationStalled):
        await one.run(OURS, SMALL, turned_round, b"what is in the document")

    [said] = logged
    assert said.pop("seconds") >= 4
    assert said == {
        "event": "worker_process_replaced",
        "log_level": "warning",
        "workspace": OURS,
        "queue": "long_documents",
        "pids": [stopped],
    }
    assert await one.run(OURS, SMALL, where) != stopped
    await one.close()


async def test_a_process_that_stopped_is_named_where_its_caller_left_before():
    one = WorkerProcesses(limits(0.5))
    os.kill(await one.run(OURS, SMALL, where), signal.SIGSTOP)

    with capture_logs() as logged, pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await one.run(OURS, SMALL, where)

    assert [each["event"] for each in logged] == ["worker_process_replaced"]
    await one.close()


async def test_whoever_leaves_sooner_is_not_in_the_log():
    one = WorkerProcesses(limits())
    await one.warm()

    with capture_logs() as logged, pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await one.run(OURS, SMALL, hang)

    assert logged == []
    await one.close()
