"""Imports from one of the operator's allowed origins, which need its host on the workspace's list
(decision 30); the site of these tests is such an origin.
"""

import pytest

from contracts.requests import HostRefusal, HostsChecked
from egress import EgressSettings
from kit.testing import bearer
from services.schema.tests.schema_platform import Site, schema_service, serving

pytestmark = pytest.mark.integration

BUILDER = bearer("builder")
TEXT = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\nservers: [{url: "https://a.example.com"}]\n'
SENTENCE = "docs.example.com is not among the domains that your workspace allows."


@pytest.fixture
def listed():
    """The hosts on the list of the builder's workspace."""
    return set()


@pytest.fixture
async def platform(nats_url, mongodb_url, database_name, site, listed):
    async def check_hosts(asked):
        assert asked.workspace_id == "ws_ours"
        refused = [host for host in asked.hosts if host not in listed]
        return HostsChecked(
            refusals=tuple(
                HostRefusal(
                    host=host,
                    code="policy.domain_not_allowed",
                    sentence=f"{host} is not among the domains that your workspace allows.",
                    hint="An owner or admin can allow it.",
                )
                for host in refused
            )
        )

    site.texts["/openapi.yaml"] = TEXT
    async with schema_service(
        nats_url, mongodb_url, database_name, site, check_hosts=check_hosts
    ) as (client, _):
        yield client


async def imported(client, url, route="/v1/schemas", **more):
    return await client.post(route, json={"url": url, **more}, headers=BUILDER)


@pytest.mark.parametrize("route", ["/v1/schemas", "/v1/schemas/validate"])
@pytest.mark.parametrize("bundle", [False, True])
async def test_t17_nothing_is_fetched_from_a_private_origin_that_the_workspace_does_not_list(
    platform, site, route, bundle
):
    refused = await imported(platform, site.url("/openapi.yaml"), route, bundle=bundle)

    assert (refused.status_code, refused.json()["code"]) == (403, "policy.domain_not_allowed")
    assert refused.json()["detail"] == SENTENCE
    assert "owner or admin" in refused.json()["hint"]
    assert site.asked == []


async def test_t17_it_is_fetched_once_the_host_is_listed_and_no_longer_once_it_is_not(
    platform, site, listed
):
    listed.add("docs.example.com")
    stored = await imported(platform, site.url("/openapi.yaml"))
    listed.clear()
    again = await platform.post(f"/v1/schemas/{stored.json()['id']}/refetch", headers=BUILDER)

    assert stored.status_code == 201
    assert (again.status_code, again.json()["code"]) == (403, "policy.domain_not_allowed")
    assert site.asked == ["/openapi.yaml"]


async def test_t17_a_redirect_to_a_private_origin_is_not_followed_where_its_host_is_not_listed(
    nats_url, mongodb_url, database_name
):
    """Whoever redirects is allowed and listed; where it leads is allowed by the operator only."""

    async def check_hosts(asked):
        refused = [host for host in asked.hosts if host != "docs.example.com"]
        refusal = {"code": "policy.domain_not_allowed", "sentence": "Not this one."}
        return HostsChecked(refusals=tuple(HostRefusal(host=host, **refusal) for host in refused))

    with serving(Site()) as outside, serving(Site()) as inside:
        private = f"http://private.example.com:{inside.port}"
        outside.moved["/openapi.yaml"] = f"{private}/openapi.yaml"
        inside.texts["/openapi.yaml"] = TEXT
        both = {outside.origin: "127.0.0.1", private: "127.0.0.1"}
        async with schema_service(
            *(nats_url, mongodb_url, database_name, outside),
            egress=EgressSettings(allowed_origins=both),
            check_hosts=check_hosts,
        ) as (client, _):
            refused = await imported(client, outside.url("/openapi.yaml"))

    assert (refused.status_code, refused.json()["code"]) == (403, "policy.domain_not_allowed")
    assert outside.asked == ["/openapi.yaml"]
    assert inside.asked == []


async def test_t17_where_policy_does_not_answer_nothing_is_fetched(
    nats_url, mongodb_url, database_name, site
):
    site.texts["/openapi.yaml"] = TEXT
    async with schema_service(nats_url, mongodb_url, database_name, site, check_hosts=None) as (
        client,
        _,
    ):
        refused = await imported(client, site.url("/openapi.yaml"))

    assert refused.status_code == 503
    assert site.asked == []
