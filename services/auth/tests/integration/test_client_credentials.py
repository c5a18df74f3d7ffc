"""Client credentials against a real provider: entered, handed out, renewed by many replicas."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from auth_fakes import MemoryCredentials, key_ring
from auth_platform import BUILDER, ORIGIN, OWNER, PUBLIC_URL, Platform
from auth_rig import Rig

from auth_service.adapters.egress_token_endpoint import EgressTokenEndpoint
from auth_service.adapters.mongo_service_tokens import MongoServiceTokens
from contracts.errors import PlatformError
from egress import Egress
from egress.server_url import canonical_origin
from kit import mongo
from kit.outbox import Outbox
from kit.testing import RecordedFacts

pytestmark = pytest.mark.integration


@pytest.fixture
def platform(nats_url, mongodb_url, database_name, at):
    return Platform(nats_url, mongodb_url, database_name, egress=at[1])


@pytest.fixture
def body(provider, at):
    return {
        "type": "client_credentials",
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
        "token_url": f"{at[0]}/token",
        "token_exchange_method": "basic_auth_header",
        "scope": "read",
    }


async def enter(platform, client, body):
    answer = await client.put(platform.path, json=body, headers=BUILDER)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def tokens_of(platform, bus, calls=1, **asked):
    issued = await asyncio.gather(*(bus.ask(platform.asked(**asked)) for _ in range(calls)))
    return {platform.opened(each)["headers"][0][1] for each in issued}


async def stored_in(platform):
    client = mongo.connect(platform.mongodb_url)
    database = client[platform.database_name]
    found = [
        repr(document)
        for name in await database.list_collection_names()
        async for document in database[name].find({})
    ]
    client.close()
    return "\n".join(found)


async def test_h90_many_callers_of_a_replica_make_one_token_request(platform, provider, body):
    provider.delay_seconds = 0.3
    async with platform.serving() as (client, bus):
        await enter(platform, client, body)

        tokens = await tokens_of(platform, bus, calls=60)

        assert len(tokens) == len(provider.token_requests) == 1
        renewed = await tokens_of(platform, bus, calls=60, rejected=1)
        assert (renewed, len(provider.token_requests)) == (tokens, 1), "it is too young"


@asynccontextmanager
async def replica(platform, keys, store):
    """With a connection to the database, and a way out, of its own."""
    client, egress = mongo.connect(platform.mongodb_url), Egress(platform.egress)
    database = client[platform.database_name]
    tokens = MongoServiceTokens(database, Outbox("auth", RecordedFacts()))
    for collection in tokens.collections:
        await collection.ensure_indexes()
    await egress.start()
    [plain] = map(canonical_origin, platform.egress.allowed_origins)
    yield Rig(keys, store, tokens, EgressTokenEndpoint(egress), [plain])
    await egress.close()
    client.close()


async def test_h90_many_callers_of_two_replicas_make_one_token_request_at_each_expiry(
    platform, provider, at
):
    keys, store = key_ring("k1"), MemoryCredentials()
    async with replica(platform, keys, store) as one, replica(platform, keys, store) as other:
        named = {"client_id": provider.client_id, "secret": provider.client_secret}
        await one.enter_client(token_url=f"{at[0]}/token", **named)
        for generation in (1, 2, 3):
            asked = (rig.issue(rig.asked()) for _ in range(30) for rig in (one, other))

            issued = await asyncio.gather(*asked)

            assert len(provider.token_requests) == generation
            assert {each.generation for each in issued} == {generation}
            for rig in (one, other):
                rig.clock.advance(timedelta(hours=2))


async def test_g6_no_token_is_stored_readably_and_it_goes_with_the_credential(
    platform, provider, body
):
    async with platform.serving() as (client, bus):
        await enter(platform, client, body)
        [token] = await tokens_of(platform, bus)
        stored = await stored_in(platform)
        await client.delete(platform.path, headers=BUILDER)
        after = await stored_in(platform)

    assert token.removeprefix("Bearer ") not in stored
    assert provider.client_secret not in stored
    assert f"{platform.action}." in stored
    assert f"{platform.action}." not in after


async def test_a_replica_that_starts_uses_the_tokens_that_are_stored(platform, provider, body):
    async with platform.serving() as (client, bus):
        await enter(platform, client, body)
        first = await tokens_of(platform, bus)
    async with platform.serving() as (_, bus):
        assert await tokens_of(platform, bus) == first

    assert len(provider.token_requests) == 1


async def test_s01_the_method_of_the_settings_is_how_the_client_signs_in(platform, provider, body):
    async with platform.serving() as (client, bus):
        await enter(platform, client, body)
        await tokens_of(platform, bus)
        await enter(
            platform, client, {**body, "token_exchange_method": "default_post", "scope": "a b"}
        )
        await tokens_of(platform, bus)

    basic, post = provider.token_requests
    assert basic["authorization"].startswith("Basic ")
    assert "client_secret" not in basic
    assert "authorization" not in post
    assert (post["client_secret"], post["scope"]) == (provider.client_secret, "a b")
    assert provider.accepts == ["application/json"] * 2


async def test_what_the_provider_says_of_a_wrong_secret_reaches_the_caller(platform, body):
    async with platform.serving() as (client, bus):
        await enter(platform, client, {**body, "client_secret": "wrong"})

        with pytest.raises(PlatformError) as refused:
            await bus.ask(platform.asked())

    assert refused.value.code == "auth.oauth_token_refused"
    assert "invalid_client" in refused.value.sentence
    assert "wrong" not in refused.value.sentence


async def test_a_reading_shows_the_client_and_never_its_secret(platform, provider, body):
    async with platform.serving() as (client, _):
        await enter(platform, client, body)
        shown = await client.get(platform.path, headers=OWNER)

    assert provider.client_secret not in shown.text
    view = shown.json()
    assert (view["type"], view["usable"], view["set_by"]) == (
        "client_credentials",
        True,
        "mem_builder",
    )
    assert view["origins"] == [ORIGIN]
    assert view["client"] == view["records"][0]["client"]
    assert view["client"]["has_client_secret"] is True
    assert view["client"]["token_url"] == body["token_url"]


async def test_a_partial_update_keeps_the_secret_over_http(platform, provider, body):
    kept = {name: value for name, value in body.items() if name != "client_secret"}
    async with platform.serving() as (client, bus):
        await enter(platform, client, body)
        changed = await enter(platform, client, {**kept, "scope": "read write"})
        await tokens_of(platform, bus)
        moved = {**kept, "token_url": "https://id.example.com/token"}
        refused = await client.put(platform.path, json=moved, headers=BUILDER)

    assert changed["client"]["scope"] == "read write"
    assert provider.token_requests[-1]["scope"] == "read write"
    assert refused.status_code == 422
    assert refused.json()["code"] == "auth.client_secret_needed"


async def test_a_foreign_sign_in_domain_is_refused_with_its_name(platform, body):
    elsewhere = {**body, "token_url": "https://login.example.org/token"}
    async with platform.serving() as (client, _):
        refused = await client.put(platform.path, json=elsewhere, headers=BUILDER)

    assert refused.status_code == 403
    assert refused.json()["code"] == "auth.sign_in_domain_not_allowed"
    assert "example.org" in refused.json()["detail"]


async def test_the_callback_is_known_before_anything_is_saved(platform):
    async with platform.serving() as (client, _):
        shown = await client.get(f"{platform.path}/callback", headers=BUILDER)
        foreign = await client.get("/v1/credentials/act_theirs/callback", headers=BUILDER)

    expected = f"{PUBLIC_URL}/aip/{platform.action}/oauth/callback"
    assert shown.json() == {"callback_url": expected}
    assert foreign.status_code == 404
