"""The policy service on a real broker and database, as its neighbours and callers see it."""

import pytest

from contracts.facts import DomainsChanged
from contracts.requests import Answer, Authenticate, CheckHosts, Decide, Role
from kit.testing import bearer, known_callers, neighbours, running
from policy_service.main import build
from policy_service.settings import PolicySettings

pytestmark = pytest.mark.integration

OWNER = bearer("owner")
BUILDER = bearer("builder")
STRANGER = bearer("stranger")


@pytest.fixture
async def platform(nats_url, mongodb_url, database_name):
    settings = PolicySettings(
        mongodb_url=mongodb_url,
        mongodb_database=database_name,
        nats_url=nats_url,
        stream_replicas=1,
    )
    async with neighbours(nats_url) as others:
        callers = known_callers(
            ("owner", "ws_ours", Role.OWNER),
            ("builder", "ws_ours", Role.BUILDER),
            ("stranger", "ws_theirs", Role.OWNER),
        )
        await others.answer(Authenticate, callers)
        async with running(build(settings)) as client:
            yield client, others.bus


def call_to(host, *, consequential=False):
    return Decide(
        workspace_id="ws_ours",
        member_id="mem_1",
        gpt_id="gpt_1",
        action_id="act_1",
        operation="getThing",
        method="GET",
        host=host,
        consequential=consequential,
    )


async def test_a_new_workspace_allows_nothing(platform):
    _, bus = platform

    verdict = await bus.ask(call_to("api.example.com"))

    assert verdict.answer is Answer.DENY
    assert verdict.code == "policy.no_domains_allowed"
    assert verdict.sentence == "No domains are allowed by your workspace's settings."


async def test_an_allowed_domain_covers_its_subdomains_for_its_own_workspace_only(platform):
    client, bus = platform

    await client.post("/v1/domains", json={"domain": "Example.com"}, headers=OWNER)

    assert (await bus.ask(call_to("api.example.com"))).answer is Answer.ALLOW
    assert (await bus.ask(call_to("example.org"))).code == "policy.domain_not_allowed"
    theirs = await client.get("/v1/domains", headers=STRANGER)
    assert theirs.json()["domains"] == []


async def test_a_consequential_call_to_an_allowed_domain_asks(platform):
    client, bus = platform
    await client.post("/v1/domains", json={"domain": "example.com"}, headers=OWNER)

    verdict = await bus.ask(call_to("example.com", consequential=True))

    assert verdict.answer is Answer.ASK


async def test_hosts_are_checked_together(platform):
    client, bus = platform
    await client.post("/v1/domains", json={"domain": "example.com"}, headers=OWNER)

    checked = await bus.ask(CheckHosts(workspace_id="ws_ours", hosts=("example.com", "evil.com")))

    assert [refusal.host for refusal in checked.refusals] == ["evil.com"]


async def test_builders_read_the_rules_but_do_not_change_them(platform):
    client, _ = platform

    assert (await client.get("/v1/domains", headers=BUILDER)).status_code == 200
    refused = await client.post("/v1/domains", json={"domain": "example.com"}, headers=BUILDER)

    assert refused.status_code == 403
    assert refused.json()["code"] == "identity.scope_missing"


async def test_a_change_based_on_an_old_reading_is_refused(platform):
    client, _ = platform
    seen = (await client.get("/v1/domains", headers=OWNER)).headers["etag"]
    await client.post("/v1/domains", json={"domain": "example.com"}, headers=OWNER)

    late = await client.put(
        "/v1/domains", json={"domains": []}, headers={**OWNER, "if-match": seen}
    )

    assert late.status_code == 412
    assert late.json()["code"] == "platform.changed_meanwhile"


async def test_a_change_is_published_as_a_fact_before_it_is_answered(platform):
    client, bus = platform
    facts = await bus.jetstream.subscribe(DomainsChanged.subject, ordered_consumer=True)

    await client.post("/v1/domains", json={"domain": "example.net"}, headers=OWNER)

    published = [await facts.next_msg(timeout=5)]
    while (pending := facts.pending_msgs) > 0:
        published += [await facts.next_msg(timeout=5) for _ in range(pending)]
    assert any(b'"ws_ours"' in fact.data for fact in published)
    assert published[-1].headers["ce-type"] == DomainsChanged.subject


async def test_a_token_nobody_knows_is_refused(platform):
    client, _ = platform

    refused = await client.get("/v1/domains", headers=bearer("nobody"))

    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
