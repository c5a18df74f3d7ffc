"""People sign in by a link, look at their sessions and sign out, on real servers."""

import asyncio
import re

import pytest

from contracts.facts import SessionRevoked
from identity_service.main import build
from identity_service.settings import IdentitySettings
from kit.testing import eventually, neighbours, refusing, running
from policy_service.main import build as build_policy
from policy_service.settings import PolicySettings
from services.identity.tests.operating import OPERATOR_TOKEN, bearer
from services.identity.tests.signing_in import (
    BUTTON,
    ORIGIN,
    PUBLIC,
    TYPED,
    Browser,
    new_link,
    signed_in,
)

pytestmark = pytest.mark.integration


class Installation:
    """Identity with one workspace, its owner's token, and the links that were announced."""

    def __init__(self, client, token, links):
        self.client, self.owner, self.links = client, bearer(token), links

    async def workspace(self):
        return (await self.client.get("/v1/workspace", headers=self.owner)).json()["id"]

    async def signed_in(self):
        return await signed_in(self.client, await self.workspace())

    async def another(self, title="Theirs"):
        """Another workspace's id, and its owner's token."""
        operator = bearer(OPERATOR_TOKEN)
        made = await self.client.post("/v1/workspaces", json={"title": title}, headers=operator)
        return made.json()["id"], bearer(made.json()["owner_token"])


@pytest.fixture
async def ours(servers):
    settings = IdentitySettings(**servers, operator_token=OPERATOR_TOKEN, openactions=PUBLIC)
    tokens, links = [], []
    service = build(settings, tokens.append, announce_sign_in_link=links.append)
    async with running(service) as client:
        yield Installation(client, tokens[0], links)


async def test_from_the_announced_link_to_a_session(ours):
    browser = Browser(ours.client)
    [link] = ours.links
    assert link.startswith(f"{ORIGIN}/v1/session/link/osl_")

    page = await browser.open(link)
    again = await browser.open(link)
    pressed = await browser.press(again)
    arrived = await browser.open(pressed.headers["location"])
    session = await browser.call("GET", "/v1/session")

    for shown in (page, again):
        assert shown.status_code == 200
        assert "Owner" in shown.text
        assert "First workspace" in shown.text
        assert "set-cookie" not in shown.headers
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/v1/session/signed-in")
    assert re.fullmatch(
        r"openactions=oas_[\w-]{43}; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax",
        pressed.headers["set-cookie"],
    )
    assert arrived.status_code == 200
    assert "You are signed in" in arrived.text
    shown = session.json()
    assert shown["id"].startswith("ses_")
    assert (shown["via"], shown["member"]["role"]) == ("session", "owner")
    assert shown["workspace"]["title"] == "First workspace"
    assert set(shown) == {
        *("id", "workspace", "member", "via", "scopes", "company_sign_out"),
        *("created_at", "last_used_at", "expires_at"),
    }


async def test_with_a_token_the_members_of_a_session_are_null(ours):
    shown = (await ours.client.get("/v1/session", headers=ours.owner)).json()
    nothing = await ours.client.delete("/v1/session", headers=ours.owner)

    assert (shown["id"], shown["created_at"], shown["via"]) == (None, None, "token")
    assert shown["member"]["name"] == "Owner"
    assert (nothing.status_code, nothing.json()["code"]) == (409, "identity.not_a_session")


async def test_h106_a_link_is_refused_the_second_time_tampered_and_made_up(ours):
    link = await new_link(ours.client, await ours.workspace())
    page = await Browser(ours.client).open(link)
    pressed = [await Browser(ours.client).press(page) for _ in range(2)]

    assert [answer.status_code for answer in pressed] == [303, 404]
    assert "each works once" in pressed[1].text
    for dead in (link, link[:-1], f"{link}x", link.replace("osl_", "oas_"), "/v1/session/link/x"):
        refused = await Browser(ours.client).open(dead)
        assert refused.status_code == 404
        assert "That did not work" in refused.text


async def test_h106_of_many_who_press_the_button_at_once_one_is_signed_in(ours):
    page = await Browser(ours.client).open(await new_link(ours.client, await ours.workspace()))

    pressed = await asyncio.gather(*(Browser(ours.client).press(page) for _ in range(8)))

    assert sorted(answer.status_code for answer in pressed) == [303] + [404] * 7


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-dest": "iframe"},
        {"origin": "https://evil.example"},
        {"content-type": "text/plain"},
        {"content-type": "application/json"},
    ],
)
async def test_another_site_signs_nobody_in_and_uses_no_link_up(ours, headers):
    link = await new_link(ours.client, await ours.workspace())
    browser = Browser(ours.client)
    page = await browser.open(link)

    refused = await browser.press(page, **headers)

    assert refused.status_code in (403, 415)
    assert (browser.cookie, "That did not work" in refused.text) == ("", True)
    assert (await browser.press(page)).status_code == 303


@pytest.mark.parametrize(
    "form",
    [
        "",
        "mark=",
        "mark=" + "0" * 64,
        "mark[$gt]=",
        '{"mark": {"$gt": ""}}',
        "mark=a&mark=b",
        "mark=%ff",
        "mark=" + "a" * 20_000,
        "&".join(f"m{number}=1" for number in range(100)),
    ],
)
async def test_h99_a_form_that_our_page_did_not_make_is_refused(ours, form):
    link = await new_link(ours.client, await ours.workspace())
    headers = {**BUTTON, "content-type": "application/x-www-form-urlencoded"}

    refused = await ours.client.post(link, content=form, headers=headers)

    assert refused.status_code in (403, 422)
    assert "set-cookie" not in refused.headers


async def test_a_new_sign_in_ends_the_session_that_the_browser_had(ours):
    browser = await ours.signed_in()
    before = browser.cookie

    await browser.follow(await new_link(ours.client, await ours.workspace()))

    assert browser.cookie != before
    assert (await browser.call("GET", "/v1/session")).status_code == 200
    old = await Browser(ours.client, before).call("GET", "/v1/session")
    assert (old.status_code, old.json()["code"]) == (401, "identity.session_ended")
    assert old.headers["www-authenticate"] == "Bearer"


async def test_one_sees_ones_sessions_and_ends_them_one_by_one_and_all(ours):
    here, there, third = [await ours.signed_in() for _ in range(3)]

    listed = (await here.call("GET", "/v1/session/all?limit=2")).json()
    rest = (await here.call("GET", f"/v1/session/all?cursor={listed['next_cursor']}")).json()
    every = listed["items"] + rest["items"]
    elsewhere = (await there.call("GET", "/v1/session")).json()["id"]
    ended = [await here.call("DELETE", f"/v1/session/all/{elsewhere}") for _ in range(2)]
    after = await there.call("GET", "/v1/session")
    everywhere = await here.call("DELETE", "/v1/session/all")

    assert [each["current"] for each in every] == [False, False, True]
    assert {each["browser"] for each in every} == {"Firefox on Linux"}
    assert [answer.status_code for answer in ended] == [204, 204]
    assert after.status_code == 401
    assert (everywhere.status_code, here.cookie) == (204, "")
    assert (await third.call("GET", "/v1/session")).status_code == 401


async def test_signing_out_takes_the_cookie_away(ours):
    browser = await ours.signed_in()
    before = browser.cookie

    answer = await browser.call("DELETE", "/v1/session")

    assert answer.status_code == 204
    assert answer.headers["set-cookie"].startswith("openactions=; Path=/; Max-Age=0;")
    old = await Browser(ours.client, before).call("GET", "/v1/session")
    assert old.status_code == 401


async def test_the_button_signs_out_and_no_other_page_can_press_it(ours):
    browser = await ours.signed_in()
    page = await browser.open("/v1/session/signed-in")
    foreign = await browser.press(page, **{"sec-fetch-site": "cross-site"})
    mark = {"mark": "0" * 64}
    guessed = await browser.call("POST", "/v1/session/sign-out", BUTTON, data=mark)
    assert (foreign.status_code, guessed.status_code) == (403, 403)
    assert (await browser.call("GET", "/v1/session")).status_code == 200

    pressed = await browser.press(page)
    arrived = await browser.open(pressed.headers["location"])
    needed = await browser.open("/v1/session/signed-in")

    assert (pressed.status_code, browser.cookie) == (303, "")
    assert "You are signed out" in arrived.text
    assert needed.status_code == 401
    assert "Sign in first" in needed.text


async def test_after_a_role_change_the_cookie_is_exchanged_once(ours):
    body = {"name": "Eve", "role": "owner"}
    eve = (await ours.client.post("/v1/members", json=body, headers=ours.owner)).json()["id"]
    token = {"name": "CI", "member_id": eve}
    made = await ours.client.post("/v1/tokens", json=token, headers=ours.owner)
    browser = await ours.signed_in()
    me = (await browser.call("GET", "/v1/session")).json()["member"]["id"]
    demoted = await ours.client.patch(
        f"/v1/members/{me}", json={"role": "builder"}, headers=bearer(made.json()["token"])
    )
    old = browser.cookie

    refused = await browser.call("GET", "/v1/session")
    renewed = await browser.call("POST", "/v1/session/renew")
    again = await Browser(ours.client, old).call("POST", "/v1/session/renew")
    unchanged = await browser.call("POST", "/v1/session/renew")
    shown = await browser.call("GET", "/v1/session")

    assert demoted.status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (401, "identity.session_renewal")
    assert (renewed.status_code, old != browser.cookie) == (204, True)
    assert (again.status_code, again.json()["code"]) == (401, "identity.session_ended")
    assert (unchanged.status_code, "set-cookie" in unchanged.headers) == (204, False)
    assert shown.json()["member"]["role"] == "builder"


async def test_pages_renew_a_session_by_themselves(ours):
    body = {"name": "Eve", "role": "owner"}
    eve = (await ours.client.post("/v1/members", json=body, headers=ours.owner)).json()["id"]
    token = {"name": "CI", "member_id": eve}
    made = await ours.client.post("/v1/tokens", json=token, headers=ours.owner)
    browser = await ours.signed_in()
    me = (await browser.call("GET", "/v1/session")).json()["member"]["id"]
    await ours.client.patch(
        f"/v1/members/{me}", json={"role": "user"}, headers=bearer(made.json()["token"])
    )

    sent = await browser.open("/v1/session/signed-in")
    back = await browser.open(sent.headers["location"])
    arrived = await browser.open(back.headers["location"])

    assert (sent.status_code, back.status_code, arrived.status_code) == (303, 303, 200)
    assert back.headers["location"] == "/v1/session/signed-in"
    assert "role: <bdi>user</bdi>" in arrived.text


@pytest.mark.parametrize(
    "return_to",
    [
        *("https://evil.example/", "//evil.example", "/\\evil.example", "/%0d%0aset-cookie:x"),
        *("javascript:alert(1)", "/a//evil.example", "evil", "/a b", "/\u0661"),
    ],
)
async def test_the_way_back_leads_to_our_own_pages_only(ours, return_to):
    browser = await ours.signed_in()

    sent = await ours.client.get(
        "/v1/session/renew",
        params={"return_to": return_to},
        headers={"cookie": f"openactions={browser.cookie}", **TYPED},
    )
    shown = await ours.client.get("/v1/session/sign-in", params={"return_to": return_to, "led": 1})

    assert sent.headers["location"] in ("/", "/%0d%0aset-cookie:x")
    assert "evil" not in shown.text
    assert "javascript" not in shown.text


async def test_h97_another_tenants_session_is_not_found_like_what_never_was(ours):
    other, _ = await ours.another()
    theirs = await signed_in(ours.client, other)
    foreign = (await theirs.call("GET", "/v1/session")).json()["id"]
    browser = await ours.signed_in()

    refused = [
        await browser.call("DELETE", f"/v1/session/all/{id_}")
        for id_ in (foreign, "ses_01JD0000000000000000000000")
    ]

    assert {answer.status_code for answer in refused} == {404}
    bodies = [{**answer.json(), "trace_id": ""} for answer in refused]
    assert bodies[0] == bodies[1]
    assert (await theirs.call("GET", "/v1/session")).status_code == 200
    listed = (await browser.call("GET", "/v1/session/all")).json()["items"]
    assert foreign not in {each["id"] for each in listed}


async def test_h98_a_token_of_one_tenant_beside_a_cookie_of_another_acts_in_its_own_only(ours):
    other, their_token = await ours.another()
    browser = await ours.signed_in()

    both = await browser.call("GET", "/v1/session", {**TYPED, **their_token})
    wrong = await browser.call("GET", "/v1/session", {**TYPED, **bearer("oat_" + "x" * 43)})
    named = await browser.call("GET", "/v1/session", {**TYPED, "x-workspace-id": other})
    in_path = await browser.call("GET", f"/v1/workspaces/{other}")

    assert both.json()["workspace"]["id"] == other
    assert wrong.status_code == 401
    assert named.json()["workspace"]["id"] == await ours.workspace()
    assert in_path.status_code == 401


@pytest.mark.parametrize(
    "id_", ["ses_*", "ses_.%3E", "%3E", "ses_%0d%0a", "$where", '{"$gt":""}', "a" * 101, "%00"]
)
async def test_h100_an_id_that_is_none_of_ours_ends_nothing(ours, id_):
    browser = await ours.signed_in()

    refused = await browser.call("DELETE", f"/v1/session/all/{id_}")

    assert refused.status_code in (404, 422)
    assert (await browser.call("GET", "/v1/session")).status_code == 200


async def test_b5_who_may_still_be_let_in_elsewhere_is_not_answered_as_signed_out(ours, nats_url):
    browser = await ours.signed_in()
    here = (await browser.call("GET", "/v1/session")).json()["id"]
    others = await ours.signed_in()

    async with neighbours(nats_url) as around:
        async with refusing(around.bus):
            refused = [
                await browser.call("DELETE", "/v1/session/all"),
                await browser.call("DELETE", "/v1/session"),
            ]
            dead = await others.call("GET", "/v1/session")
        done = await ours.client.delete(f"/v1/session/all/{here}", headers=ours.owner)
        everywhere = await ours.client.delete("/v1/session/all", headers=ours.owner)
        last = await around.bus.jetstream.get_last_msg("FACTS", SessionRevoked.subject)

    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (503, "platform.not_in_force")
        assert "set-cookie" not in answer.headers
    assert dead.status_code in (200, 401)  # cached until the fact is out, a minute at most
    assert (done.status_code, everywhere.status_code) == (204, 204)
    assert SessionRevoked.model_validate_json(last.data).member_id
    listed = await ours.client.get("/v1/session/all", headers=ours.owner)
    assert listed.json()["items"] == []


async def test_who_signed_out_or_was_removed_is_refused_by_another_service_within_a_second(
    ours, servers
):
    settings = PolicySettings(
        **{**servers, "mongodb_database": f"{servers['mongodb_database']}_p"}, openactions=PUBLIC
    )
    browser = await ours.signed_in()
    async with running(build_policy(settings)) as policy:
        elsewhere = Browser(policy, browser.cookie)
        known = await elsewhere.call("GET", "/v1/domains")
        foreign = await elsewhere.call("GET", "/v1/domains", {"sec-fetch-site": "cross-site"})
        await browser.call("DELETE", "/v1/session")

        async def refused():
            return (await elsewhere.call("GET", "/v1/domains")).status_code == 401

        await eventually(refused, within_seconds=1)

    assert known.status_code == 200
    assert (foreign.status_code, foreign.json()["code"]) == (403, "platform.cross_site")


async def test_without_a_public_address_nobody_signs_in_and_the_sentence_says_what_to_set(start):
    async with start(operator_token=OPERATOR_TOKEN) as (client, [token]):
        workspace = (await client.get("/v1/workspace", headers=bearer(token))).json()["id"]
        path = f"/v1/workspaces/{workspace}/sign-in-links"
        refused = await client.post(path, headers=bearer(OPERATOR_TOKEN))
        page = await Browser(client).open("/v1/session/link/osl_x")

    assert (refused.status_code, refused.json()["code"]) == (409, "identity.no_public_address")
    assert page.status_code == 409
    assert "OPENACTIONS_PUBLIC_URL" in page.text
