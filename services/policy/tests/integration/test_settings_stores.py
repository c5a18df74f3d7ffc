"""One suite for the store of settings: what holds in memory holds in MongoDB."""

import pytest

from contracts.facts import SettingsChanged
from contracts.ids import WorkspaceId
from kit.documents import ChangedMeanwhile
from kit.outbox import Outbox
from kit.testing import RecordedFacts
from policy_service.adapters.mongo_settings import MongoSettings
from policy_service.domain.workspace_settings import WorkspaceSettings
from services.policy.tests.fakes import MemorySettings

OURS, THEIRS = WorkspaceId("ws_ours"), WorkspaceId("ws_theirs")


@pytest.fixture
def facts():
    return RecordedFacts()


@pytest.fixture
def memory(facts):
    return MemorySettings(facts)


@pytest.fixture
async def mongodb(database, facts):
    settings = MongoSettings(database, Outbox("policy", facts))
    for collection in settings.collections:
        await collection.ensure_indexes()
    return settings


@pytest.fixture(params=["memory", pytest.param("mongodb", marks=pytest.mark.integration)])
def store(request):
    return request.getfixturevalue(request.param)


async def test_quotas_are_kept_as_they_were_set(store):
    seen = await store.in_force(OURS)
    quotas = {"calls_per_minute": None, "calls_per_minute_per_member": 7, "concurrent_calls": 3}

    changed = await change(store, seen, **quotas)

    assert await store.in_force(OURS) == changed
    assert (changed.calls_per_minute, changed.calls_per_minute_per_member) == (None, 7)
    assert changed.concurrent_calls == 3


async def change(store, seen, **switches):
    changed = seen.changed(switches)
    fact = SettingsChanged(workspace_id=seen.workspace_id, revision=changed.revision)
    await store.replace(seen, changed, fact)
    return changed


async def test_a_workspace_that_changed_nothing_has_the_defaults(store):
    assert await store.in_force(OURS) == WorkspaceSettings(
        OURS, 0, True, False, True, tolerant_arguments=True
    )


async def test_what_was_committed_is_in_force_in_its_own_workspace_only(store, facts):
    once = await change(store, await store.in_force(OURS), custom_actions_enabled=False)
    twice = await change(
        store, once, unique_hosts=True, first_call_asks=False, tolerant_arguments=False
    )

    assert await store.in_force(OURS) == twice
    assert twice == WorkspaceSettings(OURS, 2, False, True, False, tolerant_arguments=False)
    assert await store.in_force(THEIRS) == WorkspaceSettings(THEIRS)
    assert [fact.revision for fact in facts.of(SettingsChanged)] == [1, 2]


@pytest.mark.parametrize("before", [0, 1])
async def test_of_two_changes_to_one_reading_the_second_is_refused_and_states_nothing(
    store, facts, before
):
    seen = await store.in_force(OURS)
    if before:
        seen = await change(store, seen, unique_hosts=True)
    await change(store, seen, custom_actions_enabled=False)

    with pytest.raises(ChangedMeanwhile):
        await change(store, seen, first_call_asks=False)

    assert len(facts.of(SettingsChanged)) == before + 1
    assert (await store.in_force(OURS)).first_call_asks
