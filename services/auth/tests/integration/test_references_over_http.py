"""References through the public API: entered, shown, read at hand-out, stored nowhere."""

import pytest
from auth_platform import BUILDER, OWNER, Platform
from vault_served import vault_served

from contracts.errors import PlatformError
from kit import mongo

pytestmark = pytest.mark.integration
PATH = "secret/data/openactions/ws_ours/pets"
VAULT = {"from": "vault", "path": PATH, "key": "token"}
BODY = {"type": "api_key", "placement": "bearer", "token": VAULT}
CANARY = "canary-that-stays-in-vault"
RULE = "vault:secret/data/openactions/{workspace_id}/*"


@pytest.fixture
def vault():
    with vault_served() as vault:
        vault.secrets[PATH] = {"data": {"token": CANARY}, "metadata": {}}
        yield vault


@pytest.fixture
def platform(nats_url, mongodb_url, database_name, vault):
    settings = {"secret_references": RULE, "key_services": vault.settings()}
    return Platform(nats_url, mongodb_url, database_name, settings=settings)


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


async def test_a_reference_is_shown_and_its_secret_is_handed_out_as_it_is_then(platform, vault):
    async with platform.serving() as (client, bus):
        answer = await client.put(platform.path, json=BODY, headers=BUILDER)
        first = platform.opened(await bus.ask(platform.asked()))
        vault.secrets[PATH] = {"data": {"token": "rotated-in-vault"}, "metadata": {}}
        second = platform.opened(await bus.ask(platform.asked()))
        shown = await client.get(platform.path, headers=OWNER)
        stored = await stored_in(platform)

    assert answer.status_code == 200, answer.text
    assert answer.json()["warnings"] == []
    assert first["headers"] == [["Authorization", f"Bearer {CANARY}"]]
    assert second["headers"] == [["Authorization", "Bearer rotated-in-vault"]]
    [reference] = shown.json()["references"]
    assert reference == {
        "part": "token",
        "from": "vault",
        "path": PATH,
        "secret_id": None,
        "key": "token",
    }
    assert shown.json()["records"][0]["references"] == [reference]
    for secret in (CANARY, "rotated-in-vault"):
        assert secret not in stored + shown.text + answer.text


async def test_a_replica_that_starts_reads_what_is_stored_of_a_reference(platform):
    client_body = {
        "type": "client_credentials",
        "client_id": "c",
        "client_secret": VAULT,
        "token_url": "https://id.example.com/token",
    }
    async with platform.serving() as (client, _):
        await client.put(platform.path, json=BODY, headers=BUILDER)
    async with platform.serving() as (client, bus):
        key = platform.opened(await bus.ask(platform.asked()))
        await client.put(platform.path, json=client_body, headers=BUILDER)
    async with platform.serving() as (client, _):
        shown = (await client.get(platform.path, headers=BUILDER)).json()

    assert key["headers"] == [["Authorization", f"Bearer {CANARY}"]]
    assert shown["client"]["has_client_secret"] is True
    assert shown["client"]["client_secret_reference"]["path"] == PATH


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"path": "secret/data/openactions/ws_theirs/x"}, 403, "auth.secret_name_not_allowed"),
        ({"path": f"{PATH}/../../ws_theirs/x"}, 422, "auth.secret_reference_invalid"),
        ({"path": f"{PATH}%2f..%2fx"}, 422, "auth.secret_reference_invalid"),
        ({"from": "azure"}, 422, "platform.request_invalid"),
    ],
)
async def test_other_names_are_refused_with_code_sentence_and_next_step(
    platform, vault, changes, status, code
):
    async with platform.serving() as (client, _):
        body = {**BODY, "token": {**VAULT, **changes}}
        refused = await client.put(platform.path, json=body, headers=BUILDER)

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (status, code)
    assert problem["detail"]
    assert problem["hint"]
    assert vault.asked == []


async def test_a_misspelt_member_of_a_reference_is_named_with_the_nearest(platform):
    async with platform.serving() as (client, _):
        body = {**BODY, "token": {**VAULT, "kye": "x"}}
        refused = await client.put(platform.path, json=body, headers=BUILDER)

    assert refused.status_code == 422
    assert "`kye`" in refused.json()["detail"]
    assert "`key`" in refused.json()["detail"]


async def test_without_the_setting_references_are_off(platform, vault):
    platform.settings = {"key_services": vault.settings()}
    async with platform.serving() as (client, _):
        refused = await client.put(platform.path, json=BODY, headers=BUILDER)

    assert (refused.status_code, refused.json()["code"]) == (422, "auth.secret_references_off")
    assert "AUTH_SECRET_REFERENCES" in refused.json()["hint"]


async def test_what_the_store_says_reaches_the_call_by_its_code(platform, vault):
    async with platform.serving() as (client, bus):
        await client.put(platform.path, json=BODY, headers=BUILDER)
        codes = []
        for change in ({"secrets": {}}, {"status": 503}):
            for name, value in change.items():
                setattr(vault, name, value)
            with pytest.raises(PlatformError) as refused:
                await bus.ask(platform.asked())
            codes.append((refused.value.code, refused.value.retry_after_seconds))

    assert codes == [("auth.secret_not_found", None), ("auth.secret_store_unavailable", 5.0)]
