"""One suite for policy's store: what holds in memory holds in MongoDB."""

import pytest

from contracts.facts import DomainsChanged
from contracts.ids import WorkspaceId
from kit.documents import ChangedMeanwhile
from kit.outbox import Outbox
from kit.testing import RecordedFacts
from policy_service.adapters.mongo_rules import MongoRules
from policy_service.domain.domain_rules import DomainRules, Mode
from services.policy.tests.fakes import MemoryRules

OURS, THEIRS = WorkspaceId("ws_ours"), WorkspaceId("ws_theirs")


@pytest.fixture
def facts():
    return RecordedFacts()


@pytest.fixture
def memory(facts):
    return MemoryRules(facts)


@pytest.fixture
async def mongodb(database, facts):
    rules = MongoRules(database, Outbox("policy", facts))
    for collection in rules.collections:
        await collection.ensure_indexes()
    return rules


@pytest.fixture(params=["memory", pytest.param("mongodb", marks=pytest.mark.integration)])
def store(request):
    return request.getfixturevalue(request.param)


def allowing(seen, *domains, mode=Mode.LIST):
    changed = seen.replaced(mode, domains, limit=10)
    return changed, DomainsChanged(workspace_id=seen.workspace_id, revision=changed.revision)


async def test_a_workspace_that_set_nothing_has_the_closed_rules(store):
    assert await store.in_force(OURS) == DomainRules(OURS, 0, Mode.LIST, ())


@pytest.mark.parametrize(
    ("mode", "domains"), [(Mode.LIST, ("example.com", "example.org")), (Mode.ALL, ())]
)
async def test_what_was_committed_is_in_force_in_its_own_workspace_only(store, mode, domains):
    closed = await store.in_force(OURS)
    rules, fact = allowing(closed, *domains, mode=mode)

    await store.replace(closed, rules, fact)

    assert await store.in_force(OURS) == rules
    assert await store.in_force(THEIRS) == DomainRules(THEIRS)


async def test_each_change_commits_with_its_fact(store, facts):
    closed = await store.in_force(OURS)
    once, first = allowing(closed, "example.com")
    twice, second = allowing(once, "example.org")

    await store.replace(closed, once, first)
    await store.replace(once, twice, second)

    assert [fact.revision for fact in facts.of(DomainsChanged)] == [1, 2]


async def test_of_two_first_changes_the_second_is_refused_and_states_nothing(store, facts):
    closed = await store.in_force(OURS)
    await store.replace(closed, *allowing(closed, "example.com"))

    with pytest.raises(ChangedMeanwhile):
        await store.replace(closed, *allowing(closed, "example.org"))

    assert (await store.in_force(OURS)).domains == ("example.com",)
    assert len(facts.of(DomainsChanged)) == 1


async def test_of_two_changes_to_one_reading_the_second_is_refused(store, facts):
    closed = await store.in_force(OURS)
    seen, fact = allowing(closed, "example.com")
    await store.replace(closed, seen, fact)
    await store.replace(seen, *allowing(seen, "example.net"))

    with pytest.raises(ChangedMeanwhile):
        await store.replace(seen, *allowing(seen, "example.org"))

    assert (await store.in_force(OURS)).domains == ("example.net",)
    assert len(facts.of(DomainsChanged)) == 2
