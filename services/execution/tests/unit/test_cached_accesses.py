"""Who may use a GPT is kept until a fact says that it changed."""

import pytest

from contracts.access import Sharing
from contracts.facts import GptAccessChanged, GptRemoved
from contracts.requests import AccessOfGpt
from execution_service.adapters.cached_accesses import CachedAccesses
from kit.cache import Limits
from services.execution.tests.unit.test_cached_answers import Bus
from shared.kit.tests.kit_fakes import Watch


@pytest.fixture
def bus():
    return Bus(ReadAccess=AccessOfGpt(workspace_id="ws_1", sharing=Sharing.WORKSPACE))


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def accesses(bus, watch):
    return CachedAccesses(bus, watch, Limits(100, 10_000_000, 60))


async def test_access_is_asked_for_once(accesses, bus):
    held = [await accesses.find("ws_1", "gpt_1") for _ in range(3)]

    assert len(bus.asked) == 1
    assert all(each.holds() for each in held)


@pytest.mark.parametrize(("gpt_id", "holds"), [("gpt_1", False), ("gpt_2", True)])
@pytest.mark.parametrize(
    ("fact", "fields"), [(GptAccessChanged, {"revision": 2}), (GptRemoved, {})]
)
async def test_b2_what_was_found_is_void_once_access_changed_or_the_gpt_is_gone(
    accesses, bus, watch, fact, fields, gpt_id, holds
):
    held = await accesses.find("ws_1", "gpt_1")

    watch.receives(fact(workspace_id="ws_1", gpt_id=gpt_id, **fields))

    await accesses.find("ws_1", "gpt_1")
    assert held.holds() is holds
    assert len(bus.asked) == (1 if holds else 2)
