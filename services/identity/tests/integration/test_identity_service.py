"""The identity service on a real broker and database, as its neighbours and callers see it."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from contracts.errors import PlatformError
from contracts.facts import WorkspaceCreated
from contracts.principal import GRANTED_SCOPES, Scope
from contracts.requests import Authenticate, Role
from kit import mongo
from kit.caller import digest_of
from kit.testing import eventually, neighbours, running
from policy_service.main import build as build_policy
from policy_service.settings import PolicySettings
from services.identity.tests.operating import OPERATOR_TOKEN, bearer

pytestmark = pytest.mark.integration


async def created(client, headers, **body):
    answer = await client.post("/v1/tokens", json={"name": "CI", **body}, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_the_first_start_announces_a_token_that_lets_the_owner_do_everything(start):
    async with start() as (client, [token]):
        answer = await client.get("/v1/workspace", headers=bearer(token))

    assert len(token) == len("oat_") + 43
    shown = answer.json()
    assert shown["title"] == "First workspace"
    assert shown["you"]["role"] == "owner"
    assert shown["you"]["scopes"] == sorted({*Scope} - GRANTED_SCOPES.keys())


async def test_a_second_start_announces_nothing_and_the_first_token_still_works(start):
    async with start() as (_, [token]):
        pass
    async with start() as (client, announced):
        answer = await client.get("/v1/workspace", headers=bearer(token))

    assert answer.status_code == 200
    assert announced == []


async def test_replicas_that_start_together_make_one_workspace_and_announce_one_token(start):
    async with AsyncExitStack() as replicas:
        starts = [replicas.enter_async_context(start()) for _ in range(3)]
        started = await asyncio.gather(*starts)
        [token] = [token for _, announced in started for token in announced]
        answers = [
            await client.get("/v1/workspace", headers=bearer(token)) for client, _ in started
        ]

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_whoever_lost_the_owner_token_gets_another_and_the_lost_one_is_dead(start):
    async with start() as (_, [lost]):
        pass
    async with start(reset_owner_token=True) as (client, [found]):
        assert (await client.get("/v1/workspace", headers=bearer(found))).status_code == 200
        refused = await client.get("/v1/workspace", headers=bearer(lost))

    assert refused.status_code == 401


async def test_the_database_never_holds_a_token(start, servers):
    async with start() as (client, [token]):
        made = (await created(client, bearer(token)))["token"]
    database = mongo.connect(servers["mongodb_url"])
    names = await database[servers["mongodb_database"]].list_collection_names()
    held = [
        str(document)
        for name in names
        async for document in database[servers["mongodb_database"]][name].find()
    ]
    database.close()

    assert any(digest_of(token) in document for document in held)
    assert not any(secret in document for document in held for secret in (token, made))


async def test_neighbours_learn_who_is_behind_a_token_and_nothing_about_others(start, nats_url):
    async with start() as (_, [token]), neighbours(nats_url) as others:
        caller = await others.bus.ask(Authenticate(token_digest=digest_of(token)))
        with pytest.raises(PlatformError) as refused:
            await others.bus.ask(Authenticate(token_digest=digest_of("oat_unknown")))

    assert caller.role is Role.OWNER
    assert refused.value.code == "identity.token_invalid"


async def test_a_revoked_token_is_refused_by_another_service_within_a_second(start, servers):
    policy = build_policy(
        PolicySettings(**{**servers, "mongodb_database": servers["mongodb_database"] + "_p"})
    )
    async with start() as (client, [owner]), running(policy) as neighbour:
        token = await created(client, bearer(owner))
        theirs = bearer(token["token"])
        assert (await neighbour.get("/v1/domains", headers=theirs)).status_code == 200

        gone = await client.delete(f"/v1/tokens/{token['id']}", headers=bearer(owner))

        async def refused():
            return (await neighbour.get("/v1/domains", headers=theirs)).status_code == 401

        assert gone.status_code == 204
        assert await eventually(refused)


async def test_a_new_title_is_based_on_the_one_that_was_read(platform):
    client, owner = platform
    seen = (await client.get("/v1/workspace", headers=owner)).headers["etag"]
    based = {**owner, "if-match": seen}

    renamed = await client.patch("/v1/workspace", json={"title": " Acme "}, headers=based)
    late = await client.patch("/v1/workspace", json={"title": "Late"}, headers=based)

    assert renamed.json()["title"] == "Acme"
    assert renamed.headers["etag"] != seen
    assert (late.status_code, late.json()["code"]) == (412, "platform.changed_meanwhile")


@pytest.mark.parametrize("title", ["", "   ", "x" * 101, "two\nlines"])
async def test_a_title_that_nobody_could_read_is_refused(platform, title):
    client, owner = platform

    refused = await client.patch("/v1/workspace", json={"title": title}, headers=owner)

    assert (refused.status_code, refused.json()["code"]) == (422, "platform.request_invalid")


async def test_a_builder_sees_the_workspace_and_changes_nothing_in_it(platform):
    client, owner = platform
    builder = await client.post(
        "/v1/members", json={"name": "Ada", "role": "builder"}, headers=owner
    )
    token = await created(client, owner, member_id=builder.json()["id"])
    theirs = bearer(token["token"])

    shown = await client.get("/v1/workspace", headers=theirs)
    refusals = [
        await client.patch("/v1/workspace", json={"title": "Mine"}, headers=theirs),
        await client.post("/v1/members", json={"name": "x", "role": "user"}, headers=theirs),
        await client.post("/v1/tokens", json={"name": "x"}, headers=theirs),
        await client.get("/v1/tokens", headers=theirs),
        await client.delete(f"/v1/tokens/{token['id']}", headers=theirs),
    ]

    assert shown.json()["you"]["member_id"] == builder.json()["id"]
    assert {refused.status_code for refused in refusals} == {403}
    assert {refused.json()["code"] for refused in refusals} == {"identity.scope_missing"}


async def test_members_come_in_pages_newest_first(platform):
    client, owner = platform
    added = [
        await client.post("/v1/members", json={"name": f"{n}", "role": "user"}, headers=owner)
        for n in range(2)
    ]

    first = (await client.get("/v1/members?limit=2", headers=owner)).json()
    cursor = first["next_cursor"]
    last = (await client.get(f"/v1/members?limit=2&cursor={cursor}", headers=owner)).json()

    shown = [member["id"] for member in first["items"] + last["items"]]
    assert set(shown) > {member.json()["id"] for member in added}
    assert shown == sorted(shown, reverse=True)
    assert [member["role"] for member in last["items"]] == ["owner"]
    assert last["next_cursor"] is None


async def test_a_list_of_tokens_shows_a_hint_and_neither_token_nor_digest(platform):
    client, owner = platform
    made = await created(client, owner, scopes=["gpts:read"], expires_in_days=30)

    listed = await client.get("/v1/tokens", headers=owner)

    newest = listed.json()["items"][0]
    assert newest == {name: value for name, value in made.items() if name != "token"}
    assert newest["hint"] == made["token"][4:8]
    assert made["token"] not in listed.text
    assert digest_of(made["token"]) not in listed.text


async def test_a_token_for_a_foreign_or_unknown_id_is_the_same_404(start):
    async with start(operator_token=OPERATOR_TOKEN) as (client, [ours]):
        tenant = await client.post(
            "/v1/workspaces", json={"title": "Theirs"}, headers=bearer(OPERATOR_TOKEN)
        )
        theirs = bearer(tenant.json()["owner_token"])
        foreign = (await client.get("/v1/tokens", headers=bearer(ours))).json()["items"][0]["id"]

        refusals = [
            (await client.delete(f"/v1/tokens/{id_}", headers=theirs)).json()
            for id_ in (foreign, "tok_01JD0000000000000000000000")
        ]

    for refusal in refusals:
        del refusal["trace_id"]
    assert refusals[0] == refusals[1]
    assert refusals[0]["status"] == 404


async def test_an_owner_cannot_lock_everybody_out(platform):
    client, owner = platform
    [own] = (await client.get("/v1/tokens", headers=owner)).json()["items"]

    refused = await client.delete(f"/v1/tokens/{own['id']}", headers=owner)

    assert (refused.status_code, refused.json()["code"]) == (409, "identity.last_owner_token")
    assert (await client.get("/v1/workspace", headers=owner)).status_code == 200


async def test_the_use_of_a_token_shows_after_a_while_in_the_list(platform):
    client, owner = platform
    await client.get("/v1/workspace", headers=owner)

    async def used():
        [own] = (await client.get("/v1/tokens", headers=owner)).json()["items"]
        return own if own["last_used_at"] else None

    own = await eventually(used)
    assert own["last_used_at"] >= own["created_at"]


async def test_without_an_operator_token_there_is_no_way_to_create_workspaces(platform):
    client, owner = platform

    answers = [
        await client.post(path, json={"title": "Mine"}, headers=owner)
        for path in ("/v1/workspaces", "/v1/nothing")
    ]

    documents = [answer.json() for answer in answers]
    for document in documents:
        del document["trace_id"]
    assert documents[0] == documents[1]
    assert documents[0]["status"] == 404


async def test_the_operator_creates_a_workspace_of_its_own_with_an_owner(start, nats_url):
    async with start(operator_token=OPERATOR_TOKEN) as (client, [ours]):
        made = await client.post(
            "/v1/workspaces", json={"title": "Theirs"}, headers=bearer(OPERATOR_TOKEN)
        )
        theirs = bearer(made.json()["owner_token"])
        shown = (await client.get("/v1/workspace", headers=theirs)).json()
        members = (await client.get("/v1/members", headers=theirs)).json()["items"]
        our_members = (await client.get("/v1/members", headers=bearer(ours))).json()["items"]

    assert made.status_code == 201
    assert (shown["id"], shown["title"]) == (made.json()["id"], "Theirs")
    assert [member["role"] for member in members] == ["owner"]
    assert members[0]["id"] not in [member["id"] for member in our_members]


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer wrong", OPERATOR_TOKEN])
async def test_only_the_operator_creates_workspaces(start, authorization):
    async with start(operator_token=OPERATOR_TOKEN) as (client, [owner]):
        refusals = [
            await client.post("/v1/workspaces", json={"title": "x"}, headers=headers)
            for headers in ({"authorization": authorization}, bearer(owner))
        ]

    assert {refused.status_code for refused in refusals} == {401}


async def test_a_new_workspace_is_published_as_a_fact(start, nats_url):
    async with neighbours(nats_url) as others:
        jetstream = others.bus.jetstream
        facts = await jetstream.subscribe(WorkspaceCreated.subject, ordered_consumer=True)
        async with start() as (client, [token]):
            shown = (await client.get("/v1/workspace", headers=bearer(token))).json()

        async def published():
            fact = await facts.next_msg(timeout=5)
            return fact if fact.headers["ce-subject"] == shown["id"] else None

        fact = await eventually(published)

    assert fact.headers["ce-source"] == "/openactions/identity"
    assert b"First workspace" in fact.data
