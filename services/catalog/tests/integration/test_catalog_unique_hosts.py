"""Two actions of a GPT with one host, as the settings have it: catalog beside the real policy."""

import pytest
from catalog_fakes import ScriptedSchemas
from catalog_platform import OWNER, PETS

from catalog_service.main import build
from catalog_service.settings import CatalogSettings
from contracts.requests import ActionsChecked, Authenticate, CheckActions, ReadSchema, Role
from kit.testing import known_callers, neighbours, running
from policy_service.main import build as build_policy
from policy_service.settings import PolicySettings

pytestmark = pytest.mark.integration


@pytest.fixture
async def policy_and_catalog(nats_url, mongodb_url, database_name):
    servers = {"mongodb_url": mongodb_url, "nats_url": nats_url, "stream_replicas": 1}
    schemas = ScriptedSchemas({("ws_ours", "sch_1"): PETS})

    async def read_schema(asked):
        return await schemas.read(asked.workspace_id, asked.schema_id, asked.names)

    async def check_actions(_):
        return ActionsChecked(problems=())

    catalog = CatalogSettings(**servers, mongodb_database=database_name)
    policy = PolicySettings(**servers, mongodb_database=f"{database_name}_p")
    async with neighbours(nats_url) as others:
        await others.answer(Authenticate, known_callers(("owner", "ws_ours", Role.OWNER)))
        await others.answer(ReadSchema, read_schema)
        await others.answer(CheckActions, check_actions)
        async with (
            running(build_policy(policy)) as policy_client,
            running(build(catalog)) as catalog_client,
        ):
            yield policy_client, catalog_client


async def test_a_workspace_says_whether_two_actions_may_share_a_host(policy_and_catalog):
    policy, catalog = policy_and_catalog
    await policy.put("/v1/domains", json={"domains": ["example.com"]}, headers=OWNER)
    created = await catalog.post("/v1/gpts", json={"name": "Vet"}, headers=OWNER)
    gpt = f"/v1/gpts/{created.json()['id']}"
    for _ in range(2):
        bound = await catalog.post(f"{gpt}/actions", json={"schema_id": "sch_1"}, headers=OWNER)
    await policy.put("/v1/settings", json={"unique_hosts": True}, headers=OWNER)

    refused = await catalog.post(f"{gpt}/publish", headers=OWNER)
    await policy.put("/v1/settings", json={"unique_hosts": False}, headers=OWNER)
    published = await catalog.post(f"{gpt}/publish", headers=OWNER)

    assert (refused.status_code, refused.json()["code"]) == (422, "catalog.hosts_shared")
    assert refused.json()["detail"] == (
        "Action sets cannot have duplicate domains - api.example.com already exists on another "
        "action"
    )
    assert [finding["action_id"] for finding in refused.json()["findings"]] == [bound.json()["id"]]
    assert published.status_code == 200
