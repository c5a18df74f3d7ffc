"""Where a credential goes is kept for one action, origin and workspace, until a fact voids it."""

import pytest

from contracts.facts import ActionRemoved, CredentialChanged
from contracts.operation import Location
from contracts.requests import CredentialDescription, CredentialSlot
from execution_service.adapters.cached_credentials import CachedCredentials
from kit.cache import Limits
from services.execution.tests.fakes import ORIGIN, callable_of, principal, tool, wanted_call
from services.execution.tests.unit.test_cached_answers import Bus
from shared.kit.tests.kit_fakes import Watch

LIMITS = Limits(100, 10_000_000, 60)
HERE = {"gpt_workspace_id": "ws_1", "workspace_id": "ws_1", "tool": tool(), "origin": ORIGIN}


def named_after(workspace_id="ws_1", action_id="act_1", origin=ORIGIN, origin_set="set_1"):
    return f"{workspace_id} {action_id} {origin} {origin_set}"


def described(asked):
    """It goes into a header that is named after what was asked."""
    name = named_after(asked.workspace_id, asked.action_id, asked.origin, asked.origin_set)
    slot = CredentialSlot(location=Location.HEADER, name=name)
    return CredentialDescription(type="api_key", slots=(slot,), revision=1)


@pytest.fixture
def bus():
    return Bus(DescribeCredential=described)


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def credentials(bus, watch):
    return CachedCredentials(bus, watch, LIMITS)


async def header(credentials, **other):
    [(_, name)] = await credentials.places(**{**HERE, **other})
    return name


async def test_it_is_asked_for_once(credentials, bus):
    names = {await header(credentials) for _ in range(3)}
    assert (names, len(bus.asked)) == ({named_after()}, 1)


@pytest.mark.parametrize(
    ("other", "name"),
    [
        ({"gpt_workspace_id": "ws_2"}, named_after("ws_2")),
        ({"origin": "https://b.example:443"}, named_after(origin="https://b.example:443")),
        ({"tool": tool(action_id="act_2")}, named_after(action_id="act_2")),
        ({"tool": tool(origin_set="set_2")}, named_after(origin_set="set_2")),
    ],
    ids=["workspace", "origin", "action", "origins of the release"],
)
async def test_h64_another_workspace_origin_action_or_release_has_its_own(credentials, other, name):
    assert [await header(credentials), await header(credentials, **other)] == [named_after(), name]


async def test_h64_the_caller_of_another_workspace_is_asked_for_anew(credentials, bus):
    """Of the same credential, which is the GPT's workspace's."""
    names = [await header(credentials), await header(credentials, workspace_id="ws_2")]
    assert (names, len(bus.asked)) == ([named_after()] * 2, 2)


async def test_a_list_and_a_call_are_told_the_same(credentials, bus, calls):
    listed = await header(credentials)
    called = await credentials.describe(wanted_call(), callable_of(calls.compiled()))
    assert (called.reserved, len(bus.asked)) == ({(Location.HEADER, listed)}, 1)


async def test_h64_a_call_is_told_of_its_gpts_workspace(credentials, calls):
    caller = principal(workspace_id="ws_2")
    wanted = wanted_call(principal=caller, gpt_workspace_id="ws_1")
    called = await credentials.describe(wanted, callable_of(calls.compiled()))
    assert called.reserved == {(Location.HEADER, named_after("ws_1"))}


@pytest.mark.parametrize(
    ("fact", "times"),
    [
        (CredentialChanged(workspace_id="ws_1", action_id="act_1", revision=2), 2),
        (CredentialChanged(workspace_id="ws_1", action_id="act_2", revision=2), 1),
        (ActionRemoved(workspace_id="ws_1", gpt_id="gpt_1", action_id="act_1"), 2),
    ],
    ids=["changed", "another action's", "removed"],
)
async def test_a_change_of_its_action_voids_it(credentials, bus, watch, fact, times):
    await header(credentials)
    watch.receives(fact)
    await header(credentials)
    assert len(bus.asked) == times
