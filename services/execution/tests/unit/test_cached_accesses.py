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


ABOUT = {"workspace_id": "ws_1", "gpt_id": "gpt_1"}
CHANGED, REMOVED = GptAccessChanged(**ABOUT, revision=2), GptRemoved(**ABOUT)
OF_ANOTHER = GptRemoved(workspace_id="ws_1", gpt_id="gpt_2")


@pytest.mark.parametrize(
    ("fact", "holds"), [(CHANGED, False), (REMOVED, False), (OF_ANOTHER, True)]
)
async def test_b2_what_was_found_is_void_once_access_changed_or_the_gpt_is_gone(
    accesses, bus, watch, fact, holds
):
    held = await accesses.find("ws_1", "gpt_1")

    watch.receives(fact)

    await accesses.find("ws_1", "gpt_1")
    assert held.holds() is holds
    assert len(bus.asked) == (1 if holds else 2)


async def test_access_is_asked_for_anew_each_time_and_what_is_kept_stays(accesses, bus):
    kept = await accesses.find("ws_1", "gpt_1")
    anew = [await accesses.find_anew("ws_1", "gpt_1") for _ in range(2)]
    await accesses.find("ws_1", "gpt_1")

    assert len(bus.asked) == 3
    assert kept.holds()
    assert all(each.holds() for each in anew)


@pytest.mark.parametrize("fact", [CHANGED, REMOVED])
async def test_what_was_asked_for_anew_is_void_likewise(accesses, watch, fact):
    anew = await accesses.find_anew("ws_1", "gpt_1")

    watch.receives(fact)

    assert not anew.holds()
