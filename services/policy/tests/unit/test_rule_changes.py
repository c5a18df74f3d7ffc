"""Changes of the rules that meet each other."""

import asyncio

import pytest

from kit.documents import ChangedMeanwhile
from policy_service.domain.domain_rules import Mode
from policy_service.usecases.allow_domain import AllowDomain
from policy_service.usecases.disallow_domain import DisallowDomain
from policy_service.usecases.replace_domains import ReplaceDomains
from services.policy.tests.fakes import MemoryRules

DOMAINS = [f"api{number}.com" for number in range(8)]


class ContendedRules(MemoryRules):
    """Between a reading and its change everybody else gets a turn."""

    async def in_force(self, workspace_id):
        rules = await super().in_force(workspace_id)
        await asyncio.sleep(0)
        return rules


@pytest.fixture
def rules():
    return ContendedRules()


async def listed(rules):
    return sorted((await rules.in_force("ws_1")).domains)


async def test_domains_that_are_allowed_at_once_are_all_allowed(rules):
    allow = AllowDomain(rules, limit=100)

    await asyncio.gather(*(allow("ws_1", domain) for domain in DOMAINS))

    assert await listed(rules) == DOMAINS


async def test_domains_that_are_removed_at_once_are_all_removed(rules):
    await ReplaceDomains(rules, limit=100)("ws_1", Mode.LIST, DOMAINS, None)
    disallow = DisallowDomain(rules)

    await asyncio.gather(*(disallow("ws_1", domain) for domain in DOMAINS[1:]))

    assert await listed(rules) == DOMAINS[:1]


async def test_of_two_replacements_of_the_same_reading_one_is_refused(rules):
    replace = ReplaceDomains(rules, limit=100)
    changes = (replace("ws_1", Mode.LIST, [domain], 0) for domain in DOMAINS[:2])

    ended = await asyncio.gather(*changes, return_exceptions=True)

    assert sum(isinstance(each, ChangedMeanwhile) for each in ended) == 1


async def test_a_domain_is_allowed_and_taken_off_on_the_reading_that_was_named(rules):
    allow, disallow = AllowDomain(rules, limit=100), DisallowDomain(rules)
    await allow("ws_1", "a.com", 0)

    for stale in (allow("ws_1", "b.com", 0), disallow("ws_1", "a.com", 0)):
        with pytest.raises(ChangedMeanwhile):
            await stale

    assert await listed(rules) == ["a.com"]
    assert (await allow("ws_1", "a.com", 0)).revision == 1  # it is there already
    await disallow("ws_1", "a.com", 1)
    assert (await disallow("ws_1", "a.com", 0)).revision == 2  # it is gone already
