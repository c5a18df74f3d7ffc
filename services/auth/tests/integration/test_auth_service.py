"""The auth service on a real broker and database, as its neighbours and callers see it."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from auth_platform import BUILDER, ORIGIN, OWNER, STRANGER, USER, Platform, fresh_key
from nats.js.api import DeliverPolicy

from contracts.errors import PlatformError
from contracts.facts import ActionRemoved, CredentialChanged
from contracts.origin import origin_set_digest
from kit import mongo

pytestmark = pytest.mark.integration
SAID_OF_A_KEY = {
    "headers": ["Authorization"],
    "query": [],
    "per_user": False,
    "scheme": "",
    "labels": [],
    "client": None,
    "references": [],
}
BEARER = {"type": "api_key", "placement": "bearer", "token": "canary"}


@pytest.fixture
def platform(nats_url, mongodb_url, database_name):
    return Platform(nats_url, mongodb_url, database_name)


@pytest.fixture
async def serving(platform):
    async with platform.serving() as served:
        yield served


async def released(platform, bus, **changes):
    issued = await bus.ask(platform.asked(**changes))
    return platform.opened(issued, changes.get("origin", ORIGIN))


@pytest.mark.parametrize(
    ("entered", "headers", "query"),
    [
        pytest.param(BEARER, [["Authorization", "Bearer canary"]], [], id="bearer"),
        pytest.param(
            {"placement": "basic", "username": "u", "password": "p"},
            [["Authorization", "Basic dTpw"]],
            [],
            id="basic",
        ),
        pytest.param(
            {"placement": "basic", "encoded": "dTpw"},
            [["Authorization", "Basic dTpw"]],
            [],
            id="ready-made basic",
        ),
        pytest.param(
            {"placement": "custom", "name": "X-Api-Key", "value": "v"},
            [["X-Api-Key", "v"]],
            [],
            id="custom",
        ),
        pytest.param(
            {"placement": "query", "name": "key", "value": "v"}, [], [["key", "v"]], id="query"
        ),
        pytest.param(
            {
                "placement": "headers",
                "headers": [{"name": "X-Id", "value": "1"}, {"name": "X-Key", "value": "2"}],
            },
            [["X-Id", "1"], ["X-Key", "2"]],
            [],
            id="several headers",
        ),
    ],
)
async def test_what_was_entered_is_what_execution_gets(platform, serving, entered, headers, query):
    client, bus = serving

    stored = await client.put(platform.path, json={"type": "api_key", **entered}, headers=BUILDER)

    assert stored.status_code == 200
    assert await released(platform, bus) == {"headers": headers, "query": query}
    shown = (await client.get(platform.path, headers=BUILDER)).json()
    assert shown["placement"] == entered["placement"]
    assert shown["headers"] == [name for name, _ in headers]
    assert shown["query"] == [name for name, _ in query]
    assert shown == {**stored.json(), "warnings": []}


@pytest.mark.parametrize(
    ("entered", "codes"),
    [
        ({"placement": "bearer", "token": "7777777"}, ["auth.secret_not_masked"]),
        ({"placement": "bearer", "token": "88888888"}, []),
        ({"placement": "query", "name": "key", "value": "7777777"}, ["auth.secret_not_masked"]),
        ({"placement": "custom", "name": "X-Key", "value": "88888888"}, []),
        (
            {"placement": "basic", "username": "me", "password": "7777777"},
            ["auth.secret_not_masked"],
        ),
        ({"placement": "basic", "username": "me", "password": "88888888"}, []),
    ],
)
async def test_a3_who_enters_a_secret_too_short_to_be_masked_is_warned(
    platform, serving, entered, codes
):
    client, _ = serving
    stored = await client.put(platform.path, json={"type": "api_key", **entered}, headers=BUILDER)

    assert [warning["code"] for warning in stored.json()["warnings"]] == codes
    shown = await client.get(platform.path, headers=BUILDER)
    assert shown.json()["warnings"] == []


async def test_a_reading_shows_everything_but_the_secret(platform, serving):
    client, _ = serving
    await client.put(platform.path, json=BEARER, headers=BUILDER)

    shown = await client.get(platform.path, headers=OWNER)

    assert shown.headers["etag"] == '"1"'
    body = shown.json()
    assert (set_at := body.pop("set_at"))
    assert body == {
        "type": "api_key",
        "placement": "bearer",
        **SAID_OF_A_KEY,
        "origins": [ORIGIN],
        "set_by": "mem_builder",
        "usable": True,
        "reason": None,
        "warnings": [],
        "revision": 1,
        "records": [
            {
                "origin_set": origin_set_digest([ORIGIN]),
                "type": "api_key",
                "placement": "bearer",
                **SAID_OF_A_KEY,
                "origins": [ORIGIN],
                "set_by": "mem_builder",
                "set_at": set_at,
                "deleted": False,
                "draft": True,
                "published": False,
                "versions": [],
            }
        ],
    }


async def test_an_action_without_settings_signs_in_with_nothing(platform, serving):
    client, bus = serving

    shown = await client.get(platform.path, headers=BUILDER)
    issued = await bus.ask(platform.asked())

    assert (shown.json()["type"], shown.json()["usable"]) == ("none", True)
    assert shown.headers["etag"] == '"0"'
    assert (issued.revision, issued.sealed) == (0, "")
    assert shown.json()["records"] == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_h97_foreign_and_unknown_actions_are_refused_in_the_same_bytes(serving, method):
    client, _ = serving
    await client.put("/v1/credentials/act_theirs", json=BEARER, headers=STRANGER)
    fixed = {**BUILDER, "traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01"}
    body = {"json": BEARER} if method == "PUT" else {}

    foreign = await client.request(method, "/v1/credentials/act_theirs", headers=fixed, **body)
    unknown = await client.request(method, "/v1/credentials/act_8", headers=fixed, **body)

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content
    assert foreign.headers == unknown.headers


async def test_users_neither_read_nor_change_credentials(platform, serving):
    client, _ = serving

    for refused in (
        await client.get(platform.path, headers=USER),
        await client.put(platform.path, json=BEARER, headers=USER),
        await client.delete(platform.path, headers=USER),
    ):
        assert refused.status_code == 403
        assert refused.json()["code"] == "identity.scope_missing"


async def test_a_moved_host_disables_the_credential_until_it_is_entered_again(platform, serving):
    client, bus = serving
    await client.put(platform.path, json=BEARER, headers=BUILDER)
    platform.moves_to("https://new.example.com")

    shown = (await client.get(platform.path, headers=BUILDER)).json()
    with pytest.raises(PlatformError) as refused:
        await bus.ask(platform.asked(origin="https://new.example.com"))
    again = await client.put(platform.path, json=BEARER, headers=BUILDER)

    assert shown["usable"] is False
    assert shown["reason"]["code"] == refused.value.code == "auth.credential_bound_elsewhere"
    assert "was entered for https://api.example.com" in refused.value.sentence
    assert again.json()["usable"] is True
    assert await released(platform, bus, origin="https://new.example.com")


async def test_a_change_based_on_an_old_reading_is_refused(platform, serving):
    client, _ = serving
    seen = (await client.get(platform.path, headers=BUILDER)).headers["etag"]
    await client.put(platform.path, json=BEARER, headers={**BUILDER, "if-match": seen})

    late_put = await client.put(
        platform.path, json={**BEARER, "token": "other"}, headers={**BUILDER, "if-match": seen}
    )
    late_delete = await client.delete(platform.path, headers={**BUILDER, "if-match": seen})

    assert late_put.status_code == late_delete.status_code == 412
    assert late_put.json()["code"] == "platform.changed_meanwhile"


async def test_a_deleted_credential_is_destroyed_and_its_revision_never_comes_back(
    platform, serving
):
    client, bus = serving
    await client.put(platform.path, json=BEARER, headers=BUILDER)

    deleted = await client.delete(platform.path, headers=BUILDER)

    assert deleted.status_code == 204
    with pytest.raises(PlatformError) as refused:
        await bus.ask(platform.asked())
    assert refused.value.code == "auth.credential_deleted"
    shown = (await client.get(platform.path, headers=BUILDER)).json()
    assert (shown["type"], shown["origins"], shown["usable"]) == ("none", [], False)
    assert ([each["deleted"] for each in shown["records"]], shown["revision"]) == ([True], 2)
    assert shown["set_by"] == "mem_builder"
    assert await envelopes_in(platform) == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"type": "oauth"}, id="unknown type"),
        pytest.param({"type": "bearer", "token": "t"}, id="a placement as type"),
        pytest.param({"type": {"$ne": ""}}, id="an operator as type"),
        pytest.param([], id="no object"),
        pytest.param({"placement": "bearer", "token": "t"}, id="no type"),
        pytest.param({**BEARER, "placement": None}, id="null as placement"),
        pytest.param({"type": "api_key", "placement": "cookie"}, id="unknown placement"),
        pytest.param({"type": "api_key", "placement": "bearer"}, id="no token"),
        pytest.param({**BEARER, "extra": 1}, id="unknown member"),
        pytest.param({**BEARER, "token": {"$gt": ""}}, id="H99 operator"),
        pytest.param({"type": "api_key", "placement": "basic", "username": "u"}, id="half a pair"),
        pytest.param(
            {"type": "api_key", "placement": "basic", "username": "u", "encoded": "dTpw"},
            id="both ways of basic",
        ),
        pytest.param(
            {"type": "api_key", "placement": "custom", "name": "Cookie", "value": "v"},
            id="H65 reserved header",
        ),
        pytest.param({"type": "api_key", "placement": "headers", "headers": []}, id="no headers"),
    ],
)
async def test_a_body_that_cannot_sign_in_stores_nothing(platform, serving, body):
    client, bus = serving

    refused = await client.put(platform.path, json=body, headers=BUILDER)

    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert (await bus.ask(platform.asked())).revision == 0


async def test_every_change_is_published_as_a_fact(platform, serving):
    client, bus = serving
    async with changes_of(platform.action, bus) as published:
        await client.put(platform.path, json=BEARER, headers=BUILDER)
        await client.put(platform.path, json={**BEARER, "token": "other"}, headers=BUILDER)
        await client.delete(platform.path, headers=BUILDER)

        assert [await anext(published) for _ in range(3)] == [1, 2, 3]


async def test_a_removed_action_takes_its_secret_with_it(platform, serving):
    client, bus = serving
    await client.put(platform.path, json=BEARER, headers=BUILDER)
    removed = ActionRemoved(workspace_id="ws_ours", gpt_id="gpt_1", action_id=platform.action)
    async with changes_of(platform.action, bus) as published:
        await bus.publish(removed)

        assert await anext(published) == 2
    assert (await bus.ask(platform.asked())).revision == 0
    assert await envelopes_in(platform) == []


@asynccontextmanager
async def changes_of(action, bus):
    """The revisions that are published from now on of this action alone."""
    facts = await bus.jetstream.subscribe(
        CredentialChanged.subject, ordered_consumer=True, deliver_policy=DeliverPolicy.NEW
    )

    async def revisions():
        while True:
            fact = json.loads((await facts.next_msg(timeout=5)).data)
            if fact["action_id"] == action:
                yield fact["revision"]

    yield revisions()
    await facts.unsubscribe()


async def test_keys_rotate_while_old_secrets_stay_readable(platform):
    old, new = fresh_key("k1"), fresh_key("k2")
    async with platform.serving(old) as (client, _):
        await client.put(platform.path, json=BEARER, headers=BUILDER)

    async with platform.serving(f"{new},{old}") as (_, bus):
        assert await released(platform, bus)
        await until_under(platform, "k2")

    async with platform.serving(new) as (client, bus):
        assert (await released(platform, bus))["headers"] == [["Authorization", "Bearer canary"]]
        assert (await client.get(platform.path, headers=BUILDER)).json()["revision"] == 1


async def test_a_lost_key_is_said_and_nothing_is_overwritten(platform):
    async with platform.serving(fresh_key("k1")) as (client, _):
        await client.put(platform.path, json=BEARER, headers=BUILDER)
    before = await envelopes_in(platform)

    async with platform.serving(fresh_key("k2")) as (client, bus):
        with pytest.raises(PlatformError) as refused:
            await bus.ask(platform.asked())
        shown = (await client.get(platform.path, headers=BUILDER)).json()
        assert await envelopes_in(platform) == before
        again = await client.put(platform.path, json=BEARER, headers=BUILDER)

    assert refused.value.code == shown["reason"]["code"] == "auth.key_unknown"
    assert again.json()["usable"] is True


async def envelopes_in(platform):
    client = mongo.connect(platform.mongodb_url)
    documents = client[platform.database_name]["credentials"].find({})
    found = [doc["state"].get("api_key", {}).get("envelope") async for doc in documents]
    client.close()
    return [envelope for envelope in found if envelope]


async def until_under(platform, key_id):
    async with asyncio.timeout(5):
        while not (await envelopes_in(platform))[0].startswith(f"v1|{key_id}|"):  # noqa: ASYNC110 - a database write rings no bell
            await asyncio.sleep(0.02)
