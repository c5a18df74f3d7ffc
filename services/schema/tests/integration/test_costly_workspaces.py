"""Short documents that take long, and whom they delay: with real processes, by what ends first."""

import asyncio
from dataclasses import replace

import pytest

from kit.sizes import MIB
from schema_service.adapters.costly_workspaces import CostlyWorkspaces
from schema_service.adapters.worker_processes import (
    QUICK_BYTES,
    WorkerPools,
    WorkerProcesses,
    WorkLimits,
)
from schema_service.domain.errors import ExaminationTooLong
from services.schema.tests.document_work import compute, spend, where

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

OURS = "ws_ours"
LIMIT_SECONDS, LONG_SECONDS, FIRST_SECONDS = 10, 1, 0.3


def two_pools(seconds):
    long = WorkLimits(1, seconds, 400 * MIB, waiting=64, waiting_seconds=60)
    quick = replace(long, processes=2, first_seconds=FIRST_SECONDS)
    costly = CostlyWorkspaces()
    return WorkerPools(
        WorkerProcesses(quick, "quick", costly), WorkerProcesses(long, "long", costly)
    )


@pytest.fixture
async def pools():
    both = two_pools(LIMIT_SECONDS)
    yield both
    await both.close()


@pytest.fixture
async def hasty_pools():
    both = two_pools(LONG_SECONDS)
    yield both
    await both.close()


async def ended(tasks):
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("theirs", ["a", "aaaaaaaa", "abcd", "aabbccdd"])
async def test_b1_documents_that_take_all_their_time_do_not_hold_up_those_of_others(pools, theirs):
    hostile = [asyncio.create_task(pools.run(key, 0, compute)) for key in theirs]
    await asyncio.sleep(0)

    for _ in range(10):
        await pools.run(OURS, 0, where)

    assert not any(task.done() for task in hostile)
    await ended(hostile)


async def test_b1_a_long_document_waits_for_a_turn_of_theirs_and_not_for_all(hasty_pools):
    hostile = [asyncio.create_task(hasty_pools.run(key, 0, compute)) for key in "abcd"]
    await asyncio.wait(hostile, return_when=asyncio.FIRST_COMPLETED)

    await hasty_pools.run(OURS, QUICK_BYTES + 1, where)

    assert not all(task.done() for task in hostile)
    await ended(hostile)


async def test_b1_a_short_document_may_take_longer_than_its_first_try(pools):
    assert await pools.run(OURS, 0, spend, FIRST_SECONDS * 3) == "done"


async def test_b1_what_takes_too_long_is_refused_with_the_whole_limit(hasty_pools):
    with pytest.raises(ExaminationTooLong, match="the 1 s of processor time"):
        await hasty_pools.run(OURS, 0, compute)
