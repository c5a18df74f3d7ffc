"""People are invited, join, are switched off and come back, and act through backends; on real
servers, and refused by another service as by identity.
"""

import pytest

from identity_service.main import build
from identity_service.settings import IdentitySettings
from kit.testing import eventually, running
from policy_service.main import build as build_policy
from policy_service.settings import PolicySettings
from services.identity.tests.operating import OPERATOR_TOKEN, bearer
from services.identity.tests.signing_in import ORIGIN, PUBLIC, Browser, signed_in

pytestmark = pytest.mark.integration
ADA = {"email": "Ada@Example.com", "name": "Ada", "role": "builder"}


@pytest.fixture
async def ours(servers):
    settings = IdentitySettings(**servers, operator_token=OPERATOR_TOKEN, openactions=PUBLIC)
    tokens = []
    async with running(build(settings, tokens.append, announce_sign_in_link=print)) as client:
        yield Ours(client, bearer(tokens[0]))


class Ours:
    def __init__(self, client, owner):
        self.client, self.owner = client, owner

    async def call(self, method, path, headers=None, **body):
        return await self.client.request(method, path, headers=headers or self.owner, **body)

    async def invited(self, headers=None, **changes):
        sent = await self.call("POST", "/v1/members/invitations", headers, json={**ADA, **changes})
        assert sent.status_code == 201, sent.text
        return sent.json()

    async def joined(self, **changes):
        browser = Browser(self.client)
        link = (await self.invited(**changes))["url"].removeprefix(ORIGIN)
        assert (await browser.follow(link)).status_code == 303
        own = (await browser.call("GET", "/v1/session")).json()
        return browser, own["member"]["id"]

    async def token(self, member_id, **more):
        body = {"name": "T", "member_id": member_id, **more}
        made = await self.call("POST", "/v1/tokens", json=body)
        assert made.status_code == 201, made.text
        return bearer(made.json()["token"])


async def test_from_an_invitation_to_a_member_who_is_signed_in(ours):
    invitation = await ours.invited()
    link = invitation["url"].removeprefix(ORIGIN)
    browser = Browser(ours.client)

    page = await browser.open(link)
    listed = (await ours.call("GET", "/v1/members/invitations")).json()["items"]
    pressed = await browser.press(page)
    own = (await browser.call("GET", "/v1/session")).json()

    assert page.status_code == 200
    assert "ada@example.com" in page.text
    assert "set-cookie" not in page.headers
    assert [each["id"] for each in listed] == [invitation["id"]]
    assert "url" not in listed[0]
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/v1/session/signed-in")
    member = (await ours.call("GET", f"/v1/members/{own['member']['id']}")).json()
    assert {**member, "id": ""} == {
        "id": "",
        "name": "Ada",
        "role": "builder",
        "kind": "person",
        "email": "ada@example.com",
        "active": True,
    }
    again = await browser.open(link)
    assert (again.status_code, "identity" in again.text) == (404, False)
    assert "Ask whoever invited you" in again.text
    assert (await ours.call("GET", "/v1/members/invitations")).json()["items"] == []


async def test_a_form_of_another_site_joins_nobody(ours):
    link = (await ours.invited())["url"].removeprefix(ORIGIN)
    browser = Browser(ours.client)
    page = await browser.open(link)

    foreign = await browser.press(page, **{"sec-fetch-site": "cross-site"})

    assert foreign.status_code == 403
    assert (await browser.press(page)).status_code == 303


async def test_h97_a_revoked_invitation_and_another_workspaces_look_like_none(ours):
    invitation = await ours.invited()
    own = (await ours.call("GET", "/v1/workspace")).json()["you"]["member_id"]
    path = f"/v1/members/invitations/{invitation['id']}"
    operator = bearer(OPERATOR_TOKEN)
    theirs = await ours.call("POST", "/v1/workspaces", operator, json={"title": "Theirs"})
    stranger = bearer(theirs.json()["owner_token"])

    assert (await ours.call("GET", "/v1/members/invitations", stranger)).json()["items"] == []
    assert (await ours.call("DELETE", path, stranger)).status_code == 404
    links = [
        await ours.call("POST", f"/v1/members/{id_}/sign-in-links", stranger)
        for id_ in (own, "mem_unknown")
    ]
    foreign, unknown = ({**link.json(), "trace_id": ""} for link in links)
    assert (links[0].status_code, foreign) == (404, unknown)
    assert (await ours.call("DELETE", path)).status_code == 204
    assert (await ours.call("DELETE", path)).status_code == 404
    page = await Browser(ours.client).open(invitation["url"].removeprefix(ORIGIN))
    assert page.status_code == 404


async def test_whoever_is_switched_off_is_refused_by_every_service_until_they_are_on_again(
    ours, servers, database_name
):
    browser, ada = await ours.joined()
    token = await ours.token(ada)
    settings = PolicySettings(
        **{**servers, "mongodb_database": f"{database_name}_policy"}, openactions=PUBLIC
    )
    async with running(build_policy(settings)) as policy:

        async def answered():
            by_token = await policy.get("/v1/settings", headers=token)
            here = Browser(policy, browser.cookie)
            by_session = await here.call("GET", "/v1/settings")
            return by_token.status_code, by_session.status_code

        assert await answered() == (200, 200)
        off = await ours.call("PATCH", f"/v1/members/{ada}", json={"active": False})
        assert (off.status_code, off.json()["active"]) == (200, False)

        async def refused():
            return await answered() == (401, 401)

        await eventually(refused)
        link = await ours.call("POST", f"/v1/members/{ada}/sign-in-links")
        assert (link.status_code, link.json()["code"]) == (409, "identity.member_inactive")
        found = await ours.call("GET", "/v1/members?active=false&q=ADA@")
        assert [each["id"] for each in found.json()["items"]] == [ada]

        on = await ours.call("PATCH", f"/v1/members/{ada}", json={"active": True})
        assert on.json()["active"] is True

        async def only_the_token_is_back():
            return await answered() == (200, 401)

        await eventually(only_the_token_is_back)
        link = await ours.call("POST", f"/v1/members/{ada}/sign-in-links")
        again = Browser(ours.client)
        assert (await again.follow(link.json()["url"].removeprefix(ORIGIN))).status_code == 303


@pytest.mark.parametrize("sent", [{"$gt": ""}, {"$ne": None}, ["a@b.c"], "$where", "a@b.c\x00"])
async def test_h99_no_operator_of_the_database_is_read_out_of_an_address(ours, sent):
    for method, path, body in (
        ("POST", "/v1/members", {**ADA, "email": sent}),
        ("POST", "/v1/members/invitations", {**ADA, "email": sent}),
    ):
        refused = await ours.call(method, path, json=body)
        assert refused.status_code == 422, refused.text
    assert (await ours.call("GET", "/v1/members?q=$ne")).json()["items"] == []
    assert (await ours.call("GET", "/v1/members?q=.*")).json()["items"] == []
    assert (await ours.call("DELETE", "/v1/members/invitations/$ne")).status_code == 404


async def test_addresses_are_read_compared_and_taken_away(ours):
    made = await ours.call("POST", "/v1/members", json=ADA)
    path = f"/v1/members/{made.json()['id']}"

    assert made.json()["email"] == "ada@example.com"
    for body in ({**ADA, "email": "ada@EXAMPLE.com"}, {**ADA, "email": "no address"}):
        refused = await ours.call("POST", "/v1/members", json=body)
        assert refused.status_code in (409, 422), refused.text
        assert refused.json()["code"].startswith("identity.email_")
    renamed = await ours.call("PATCH", path, json={"name": "A."})
    cleared = await ours.call("PATCH", path, json={"email": None})
    assert (renamed.json()["email"], cleared.json()["email"]) == ("ada@example.com", None)
    assert (await ours.call("POST", "/v1/members", json=ADA)).status_code == 201
    taken = await ours.call("PATCH", path, json={"email": "ada@example.com"})
    assert (taken.status_code, taken.json()["code"]) == (409, "identity.email_taken")


async def test_a_service_account_has_tokens_and_never_signs_in(ours):
    body = {"name": "Deploys", "role": "builder", "kind": "service"}
    robot = (await ours.call("POST", "/v1/members", json=body)).json()
    token = await ours.token(robot["id"])

    assert (await ours.call("GET", "/v1/workspace", token)).status_code == 200
    link = await ours.call("POST", f"/v1/members/{robot['id']}/sign-in-links")
    assert (link.status_code, link.json()["code"]) == (409, "identity.service_signs_in_nowhere")
    listed = await ours.call("GET", "/v1/members?kind=service")
    assert [each["id"] for each in listed.json()["items"]] == [robot["id"]]
    kept = await ours.call("PATCH", f"/v1/members/{robot['id']}", json={"kind": "person"})
    assert kept.status_code == 422


async def test_a_backend_acts_for_people_within_its_scopes_and_nowhere_else(ours):
    _, ada = await ours.joined(role="user")
    body = {"name": "Backend", "role": "builder", "kind": "service"}
    backend = (await ours.call("POST", "/v1/members", json=body)).json()["id"]
    scopes = ["users:impersonate", "invocations:create", "workspace:read", "members:read"]
    token = await ours.token(backend, scopes=scopes)

    async def asked(whom, path="/v1/workspace"):
        answer = await ours.call("GET", path, {**token, "openactions-user": whom})
        return answer.status_code, answer.json().get("code")

    assert (await ours.call("GET", "/v1/members", token)).status_code == 200
    for path in ("/v1/workspace", "/v1/members", "/v1/session", "/v1/session/all", "/v1/tokens"):
        assert await asked("ADA@example.com", path) == (403, "identity.not_on_behalf")
    for unknown in ("mem_unknown", "nobody@example.com", backend):
        assert await asked(unknown) == (403, "identity.cannot_act_for")
    browser = await signed_in(ours.client, (await ours.call("GET", "/v1/workspace")).json()["id"])
    by_cookie = {"sec-fetch-site": "same-origin", "openactions-user": ada}
    refused = await browser.call("GET", "/v1/workspace", by_cookie)
    assert (refused.status_code, refused.json()["code"]) == (403, "identity.only_tokens_act")
