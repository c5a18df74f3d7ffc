"""A replaced or cleared credential is answered once every replica receives its fact."""

import pytest
from auth_platform import BUILDER, OWNER, Platform

from kit.testing import refusing, stored_facts

pytestmark = pytest.mark.integration

BEARER = {"type": "api_key", "placement": "bearer", "token": "canary"}
NEW = {**BEARER, "token": "another"}


@pytest.fixture
def platform(nats_url, mongodb_url, database_name):
    return Platform(nats_url, mongodb_url, database_name)


@pytest.fixture
async def serving(platform):
    async with platform.serving() as (client, bus):
        assert (await client.put(platform.path, json=BEARER, headers=BUILDER)).status_code == 200
        yield client, bus


@pytest.mark.parametrize(
    ("method", "body"), [pytest.param("PUT", NEW, id="replaced"), pytest.param("DELETE", None)]
)
async def test_b5_a_credential_that_others_may_still_use_is_not_answered_as_gone(
    platform, serving, method, body
):
    client, bus = serving
    before = await stored_facts(bus)

    async def ask(**headers):
        return await client.request(
            method, platform.path, json=body, headers={**BUILDER, **headers}
        )

    async with refusing(bus):
        refused = [await ask(**{"if-match": '"1"'}), await ask(**{"if-match": '"1"'}), await ask()]
    done = [await ask(**{"if-match": '"1"'}), await ask()]

    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (503, "platform.not_in_force")
        assert (answer.headers["etag"], answer.json()["revision"]) == ('"2"', 2)
    assert [answer.status_code for answer in done] == ([200, 200] if body else [204, 204])
    assert await stored_facts(bus) == before + 1
    assert (await client.get(platform.path, headers=BUILDER)).headers["etag"] == '"2"'


async def test_whoever_did_not_enter_a_secret_learns_nothing_by_entering_it_again(
    platform, serving
):
    client, _ = serving

    guessed = await client.put(platform.path, json=BEARER, headers={**OWNER, "if-match": '"0"'})
    wrong = await client.put(platform.path, json=NEW, headers={**OWNER, "if-match": '"0"'})

    assert guessed.status_code == wrong.status_code == 412
