"""Members' accounts and keys over HTTP and the bus, with a real provider."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from auth_platform import BUILDER, OWNER, PUBLIC_URL, STRANGER, USER, Platform
from awful_provider import SignIn
from provider_served import oauth_client

from auth_service.domain.connection import Account, Whose
from auth_service.domain.oauth.scopes import GrantedScopes
from auth_service.domain.token_set import TokenSet
from auth_service.usecases.link_connection import SignedIn
from contracts.errors import PlatformError
from contracts.facts import ActionRemoved, MemberChanged
from kit import mongo
from kit.sealing import Secret
from kit.testing import eventually

pytestmark = pytest.mark.integration
OWN_KEY = {"type": "api_key", "per_user": True, "placement": "custom", "name": "X-Api-Key"}
KEY = {"values": ["canary-key-of-one-member"]}
LIST = "/v1/connections"
ME = "mem_user"


@pytest.fixture
def platform(nats_url, mongodb_url, database_name, at):
    return Platform(nats_url, mongodb_url, database_name, egress=at[1])


@pytest.fixture
def body(provider, at):
    return oauth_client(provider, at[0])


@asynccontextmanager
async def with_settings(platform, body):
    async with platform.serving() as (client, bus):
        answer = await client.put(platform.path, json=body, headers=BUILDER)
        assert answer.status_code == 200, answer.text
        yield client, bus


async def signed_in(platform, provider, member=ME, lifetime=3_600.0):
    """As after the provider's answer to the browser."""
    theirs = SignIn("read", f"refresh-{member}", access_tokens={f"access-{member}"})
    provider.sign_ins.append(theirs)
    [record] = (
        await platform.app.issue_credential.credentials.find("ws_ours", platform.action)
    ).records
    access, refresh = Secret(f"access-{member}"), Secret(f"refresh-{member}")
    sealed_to = record.client.sealed_to
    tokens = TokenSet(member, platform.action, record.origins, sealed_to, access, refresh)
    account = Account(
        record.account_digest,
        record.origins,
        scopes_asked=("read",),
        scopes=GrantedScopes(("read", "more"), (), ("more",)),
        label="ada@example.com",
    )
    whose = Whose("ws_ours", platform.action, member)
    return await platform.app.link_connection(
        whose, SignedIn(account, tokens.for_storage(), lifetime, renewable=True)
    )


async def header(platform, bus, member=ME, **asked):
    """What a call of the member sends; the page, where they sign in first."""
    issued = await bus.ask(platform.asked(member_id=member, takes_sign_in=True, **asked))
    if issued.sign_in:
        return issued.sign_in
    [[_, value]] = platform.opened(issued)["headers"]
    return value


async def until(found, wanted):
    async def look():
        return await found() == wanted

    await eventually(look, within_seconds=20)


async def items(client, path=LIST, headers=USER):
    answer = await client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


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


async def test_a_member_enters_a_key_of_their_own_and_takes_it_away(platform):
    page = f"{PUBLIC_URL}/aip/{platform.action}/sign-in"
    async with with_settings(platform, OWN_KEY) as (client, bus):
        assert await header(platform, bus) == page
        form = await client.get(f"{LIST}/keys/{platform.action}", headers=USER)
        entered = await client.put(f"{LIST}/keys/{platform.action}", json=KEY, headers=USER)
        sent = await header(platform, bus)
        mine, others = await items(client), await items(client, headers=OWNER)
        stored = await stored_in(platform)
        ended = await client.delete(f"{LIST}/{mine[0]['id']}", headers=USER)
        after = await header(platform, bus)
        [left] = await items(client)

    shown = form.json()
    assert shown.pop("version")
    assert shown == {
        "labels": ["X-Api-Key"],
        "placement": "custom",
        "service": "api.example.com",
        "is_set": False,
    }
    assert (entered.status_code, entered.json()["state"]) == (200, "linked")
    assert (sent, others) == ("canary-key-of-one-member", [])
    assert (mine[0]["kind"], mine[0]["service"]) == ("key", "api.example.com")
    assert "canary-key" not in stored + entered.text
    assert (ended.status_code, after) == (204, page)
    assert (left["state"], left["why"], left["sign_in"]) == ("revoked", "by_member", page)
    assert left["what_to_do"]


async def test_g6_an_account_is_shown_without_its_tokens_and_none_is_stored_readably(
    platform, provider, body
):
    async with with_settings(platform, body) as (client, bus):
        await signed_in(platform, provider)
        assert await header(platform, bus) == f"Bearer access-{ME}"
        answer = await client.get(LIST, headers=USER)
        stored = await stored_in(platform)

    [view] = answer.json()["items"]
    assert (view["account_label"], view["scopes"]) == ("ada@example.com", ["read", "more"])
    assert (view["state"], view["why"], view["sign_in"]) == ("linked", "", "")
    assert view["last_used_at"]
    for token in (f"access-{ME}", f"refresh-{ME}"):
        assert token not in answer.text + stored


async def test_s03_h90_callers_at_expiry_use_a_rotating_token_once(platform, provider, body):
    provider.delay_seconds = 0.3
    async with with_settings(platform, body) as (_, bus):
        await signed_in(platform, provider, lifetime=0.0)

        sent = await asyncio.gather(*(header(platform, bus, rejected=None) for _ in range(20)))

    assert len(provider.token_requests) == 1
    assert {*sent} == {
        f"Bearer {next(iter(provider.sign_ins[0].access_tokens - {f'access-{ME}'}))}"
    }
    assert not provider.sign_ins[0].ended


async def test_s07_revoked_it_is_asked_for_again_and_the_provider_was_told(
    platform, provider, body
):
    async with with_settings(platform, body) as (client, bus):
        kept = await signed_in(platform, provider)
        ended = await client.delete(f"{LIST}/{kept.id}", headers=USER)
        assert ended.status_code == 204
        assert "/sign-in" in await header(platform, bus)

        async def revoked():
            return provider.revoked

        await until(revoked, [f"refresh-{ME}"])
        stored = await stored_in(platform)

    assert provider.sign_ins[0].ended
    assert "envelope" not in stored.partition("con_")[2].partition("}")[0]


async def test_s07_a_changed_scope_marks_members_without_a_call(platform, provider, body):
    async with with_settings(platform, body) as (client, _):
        await signed_in(platform, provider)
        await client.put(platform.path, json={**body, "scope": "read write"}, headers=BUILDER)

        async def state():
            return [each["state"] for each in await items(client)]

        await until(state, ["sign_in_again"])


@pytest.mark.parametrize("active", [True, False], ids=["removed", "switched off"])
async def test_whoever_leaves_is_signed_in_to_nothing(platform, provider, body, active):
    async with with_settings(platform, body) as (client, bus):
        await signed_in(platform, provider)
        await signed_in(platform, provider, "mem_owner")
        left = MemberChanged(
            workspace_id="ws_ours", member_id=ME, role=None, revision=2, active=active
        )
        await bus.publish(left)

        async def state():
            return [each["why"] for each in await items(client)]

        await until(state, ["member_left"])
        assert await header(platform, bus, "mem_owner") == "Bearer access-mem_owner"


async def test_with_an_action_its_accounts_go(platform, provider, body):
    async with with_settings(platform, body) as (client, bus):
        await signed_in(platform, provider)
        removed = ActionRemoved(workspace_id="ws_ours", gpt_id="gpt_1", action_id=platform.action)
        await bus.publish(removed)

        async def mine():
            return await items(client)

        await until(mine, [])

        async def revoked():
            return provider.revoked

        await until(revoked, [f"refresh-{ME}"])


async def test_admins_see_and_end_what_others_have_and_nobody_else_does(platform, provider, body):
    async with with_settings(platform, body) as (client, _):
        kept = await signed_in(platform, provider)
        path = f"{LIST}/actions/{platform.action}"
        refused = [
            (await client.get(each, headers=BUILDER)).json()["code"]
            for each in (path, f"{LIST}/actions")
        ]
        [count] = await items(client, f"{LIST}/actions", OWNER)
        [seen] = await items(client, path, OWNER)
        foreign = await items(client, path, STRANGER)
        for who in (BUILDER, STRANGER):
            answer = await client.delete(f"{LIST}/{kept.id}", headers=who)
            assert (answer.status_code, answer.json()["code"]) == (404, "platform.not_found")
        assert (await client.delete(f"{LIST}/{kept.id}", headers=OWNER)).status_code == 204
        [ended] = await items(client)

    assert refused == ["identity.scope_missing"] * 2
    assert count == {
        "action_id": platform.action,
        "service": "api.example.com",
        "linked": 1,
        "sign_in_again": 0,
        "lost": 0,
    }
    assert (seen["member_id"], foreign) == (ME, [])
    assert ended["why"] == "by_admin"


async def test_whoever_does_not_read_the_page_is_refused(platform, provider, body):
    async with with_settings(platform, body) as (_, bus):
        with pytest.raises(PlatformError) as refused:
            await bus.ask(platform.asked(member_id=ME))

    assert refused.value.code == "auth.sign_in_required"
