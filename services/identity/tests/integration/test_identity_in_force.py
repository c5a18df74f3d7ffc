"""A revoked token is answered as revoked once every replica receives its fact."""

import pytest

from contracts.facts import TokenRevoked
from identity_service.main import build
from identity_service.settings import IdentitySettings
from kit.testing import neighbours, refusing, running, stored_facts

pytestmark = pytest.mark.integration


@pytest.fixture
async def platform(nats_url, mongodb_url, database_name):
    settings = IdentitySettings(
        mongodb_url=mongodb_url,
        mongodb_database=database_name,
        nats_url=nats_url,
        stream_replicas=1,
    )
    announced = []
    async with (
        neighbours(nats_url) as others,
        running(build(settings, announced.append)) as client,
    ):
        yield client, others.bus, {"authorization": f"Bearer {announced[0]}"}


async def test_b5_a_token_that_others_may_still_accept_is_not_answered_as_revoked(platform):
    client, bus, owner = platform
    made = (await client.post("/v1/tokens", json={"name": "CI"}, headers=owner)).json()
    path, before = f"/v1/tokens/{made['id']}", await stored_facts(bus)

    async with refusing(bus):
        refused = [await client.delete(path, headers=owner) for _ in range(2)]
    done = [await client.delete(path, headers=owner) for _ in range(2)]

    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (503, "platform.not_in_force")
        assert (answer.headers["retry-after"], "etag" in answer.headers) == ("1", False)
    assert [answer.status_code for answer in done] == [204, 204]
    assert await stored_facts(bus) == before + 1
    stored = await bus.jetstream.get_last_msg("FACTS", TokenRevoked.subject)
    assert TokenRevoked.model_validate_json(stored.data).token_id == made["id"]
    dead = {"authorization": f"Bearer {made['token']}"}
    assert (await client.get("/v1/workspace", headers=dead)).status_code == 401


async def test_a_token_that_never_was_is_not_found(platform):
    client, _, owner = platform

    unknown = await client.delete("/v1/tokens/tok_01JD0000000000000000000000", headers=owner)

    assert (unknown.status_code, unknown.json()["code"]) == (404, "platform.not_found")
