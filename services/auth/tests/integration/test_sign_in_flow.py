"""Members sign in to an action on a real broker and database, at a provider on a socket."""

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from auth_platform import BUILDER, USER, Platform
from provider_served import oauth_client
from sign_in_rig import PUBLIC, Browser

from kit import mongo
from kit.testing import eventually, session_of_name

pytestmark = pytest.mark.integration
DONE = "You have successfully signed in via OAuth"
MEMBER = "mem_user"


@pytest.fixture
def platform(nats_url, mongodb_url, database_name, at):
    return Platform(nats_url, mongodb_url, database_name, egress=at[1])


@pytest.fixture
def body(provider, at):
    return oauth_client(provider, at[0])


class Served:
    def __init__(self, platform, provider, client, bus):
        self.platform, self.client, self.bus = platform, client, bus
        self.browser = Browser(
            SimpleNamespace(client=client, provider=provider),
            {"__Host-openactions": session_of_name("user")},
        )

    async def enter(self, body):
        answer = await self.client.put(self.platform.path, json=body, headers=BUILDER)
        assert answer.status_code == 200, answer.text

    async def sign_in(self):
        page = await self.browser.sign_in(f"/aip/{self.platform.action}/sign-in")
        assert DONE in page.text, page.text

    async def issued(self):
        asked = self.platform.asked(member_id=MEMBER, takes_sign_in=True)
        return await self.bus.ask(asked)

    async def token(self):
        issued = await self.issued()
        assert issued.sealed, issued
        return self.platform.opened(issued)["headers"][0][1].removeprefix("Bearer ")

    async def connection(self):
        [only] = (await self.client.get("/v1/connections", headers=USER)).json()["items"]
        return only

    async def disconnect(self):
        path = f"/v1/connections/{(await self.connection())['id']}"
        return await self.client.delete(path, headers=USER)


@asynccontextmanager
async def serving(platform, provider):
    async with platform.serving() as (client, bus):
        yield Served(platform, provider, client, bus)


async def stored_in(platform):
    client = mongo.connect(platform.mongodb_url)
    database = client[platform.database_name]
    found = {}
    for name in await database.list_collection_names():
        found[name] = [document async for document in database[name].find({})]
    client.close()
    return found


async def test_a_member_signs_in_at_the_address_that_a_program_got_for_them(
    platform, provider, body
):
    async with serving(platform, provider) as ours:
        await ours.enter(body)
        before = await ours.issued()
        assert before.sign_in == f"{PUBLIC}/aip/{platform.action}/sign-in"
        begun = await ours.client.post(
            "/v1/connections/start", json={"action_id": platform.action}, headers=USER
        )
        assert begun.status_code == 201, begun.text
        page = await ours.browser.sign_in(begun.json()["url"].removeprefix(PUBLIC))

        assert DONE in page.text
        assert await ours.token() in provider.sign_ins[0].access_tokens
        kept = await stored_in(platform)
        assert len(kept["ended_attempts"]) == 2  # the ticket, and the attempt
        assert provider.sign_ins[0].refresh_token not in repr(kept)


async def test_h80_of_answers_that_come_at_once_one_is_exchanged(platform, provider, body):
    async with serving(platform, provider) as ours:
        await ours.enter(body)
        path = f"/aip/{platform.action}/sign-in"
        back = await ours.browser.at_provider(await ours.browser.begin(path))
        pages = await asyncio.gather(*(ours.browser.open(back) for _ in range(8)))

        assert sorted(page.status_code for page in pages) == [200] + [403] * 7
        assert len(provider.token_requests) == 1


async def test_s03_parallel_calls_at_expiry_refresh_a_rotating_token_once(platform, provider, body):
    provider.lifetime = 0  # over at once
    async with serving(platform, provider) as ours:
        await ours.enter(body)
        await ours.sign_in()
        provider.lifetime, provider.delay_seconds = 3_600, 0.3
        tokens = await asyncio.gather(*(ours.token() for _ in range(20)))

        grants = [request["grant_type"] for request in provider.token_requests]
        assert grants == ["authorization_code", "refresh_token"]
        assert len({*tokens}) == 1
        assert {*tokens} < provider.sign_ins[0].access_tokens
        assert not provider.sign_ins[0].ended


async def test_s07_after_a_disconnect_and_a_change_of_scopes_nothing_of_the_old_token_is_used(
    platform, provider, body
):
    async with serving(platform, provider) as ours:
        await ours.enter(body)
        await ours.sign_in()
        old, refresh = await ours.token(), provider.sign_ins[0].refresh_token
        assert (await ours.disconnect()).status_code == 204
        assert (await ours.issued()).sign_in

        async def is_revoked_there():
            return provider.revoked == [refresh]

        assert await eventually(is_revoked_there, within_seconds=30)
        await ours.enter({**body, "scope": "read write"})
        assert (await ours.issued()).sign_in
        assert len(provider.token_requests) == 1
        await ours.sign_in()
        shown = await ours.connection()

        assert await ours.token() != old
        assert (shown["state"], shown["scopes"]) == ("linked", ["read", "write"])


async def test_s07_a_change_of_scopes_alone_asks_for_another_sign_in(platform, provider, body):
    async with serving(platform, provider) as ours:
        await ours.enter(body)
        await ours.sign_in()
        await ours.enter({**body, "scope": "read write"})

        assert (await ours.issued()).sign_in
        shown = await ours.connection()
        assert (shown["state"], shown["why"]) == ("sign_in_again", "settings_changed")


@pytest.mark.parametrize("answer", [404, 503, "hangs", "gone"])
async def test_h96_however_revocation_goes_the_tokens_are_destroyed_at_once(
    platform, provider, body, answer
):
    async with serving(platform, provider) as ours:
        await ours.enter(body)
        await ours.sign_in()
        provider.revocation_status = answer if isinstance(answer, int) else 200
        provider.revocation_hangs = answer == "hangs"
        if answer == "gone":
            await ours.enter({"type": "none"})
            assert (await ours.issued()).sealed == ""
        ended = await ours.disconnect()

        assert ended.status_code == 204
        assert (await ours.issued()).sealed == ""
        kept = (await stored_in(platform))["connections"]
        assert [document["state"].get("sealed") for document in kept] == [None]
        assert (await ours.connection())["state"] == "revoked"


async def test_h92_a_wider_grant_is_kept_and_listed(platform, provider, body):
    provider.granted = "read admin"
    async with serving(platform, provider) as ours:
        await ours.enter(body)
        await ours.sign_in()
        shown = await ours.connection()

    assert (shown["scopes"], shown["scopes_asked"]) == (["read", "admin"], ["read"])
