"""A person whom the directory switches off or removes: nothing of theirs lets them in."""

from functools import partial

import pytest

from kit.testing import eventually
from services.identity.tests.operating import bearer
from services.identity.tests.scim_platform import Directory, provisioning_token
from services.identity.tests.signing_in import ORIGIN, PUBLIC, Browser

pytestmark = pytest.mark.integration


@pytest.fixture
async def ours(start):
    async with start(openactions=PUBLIC) as (client, [token]):
        owner = bearer(token)
        directory = Directory(client, await provisioning_token(client, owner))
        directory.api = partial(_api, client, owner)
        yield directory


async def _api(client, owner, method, path, body=None):
    return await client.request(method, path, json=body, headers=owner)


async def test_a_deprovisioned_person_s_sessions_and_tokens_are_dead(ours):
    ada = await ours.user("ada@example.com")
    token = {"name": "t", "member_id": ada["id"]}
    theirs = bearer((await ours.api("POST", "/v1/tokens", token)).json()["token"])
    assert (await ours.client.get("/v1/workspace", headers=theirs)).status_code == 200
    browser = await in_a_browser(ours, ada["id"])
    unused = await ours.api("POST", f"/v1/members/{ada['id']}/sign-in-links")

    off = {"op": "Replace", "path": "active", "value": "False"}
    assert (await ours.patched(f"/Users/{ada['id']}", off))[0] == 200
    assert (await ours.client.get("/v1/workspace", headers=theirs)).status_code == 401
    assert (await browser.call("GET", "/v1/session")).status_code == 401
    page = await Browser(ours.client).open(path_of(unused))
    assert (page.status_code, "set-cookie" in page.headers) == (404, False)
    on = {**off, "value": "True"}
    assert (await ours.patched(f"/Users/{ada['id']}", on))[0] == 200

    async def lets_in():
        return (await ours.client.get("/v1/workspace", headers=theirs)).status_code == 200

    assert await eventually(lets_in)
    assert (await browser.call("GET", "/v1/session")).status_code == 401
    assert await ours.delete(f"/Users/{ada['id']}") == (204, None)
    assert (await ours.client.get("/v1/workspace", headers=theirs)).status_code == 401


async def test_a_removed_person_s_session_is_dead(ours):
    ada = await ours.user("ada@example.com")
    browser = await in_a_browser(ours, ada["id"])

    assert await ours.delete(f"/Users/{ada['id']}") == (204, None)

    assert (await browser.call("GET", "/v1/session")).status_code == 401


async def in_a_browser(ours, member_id):
    browser = Browser(ours.client)
    link = await ours.api("POST", f"/v1/members/{member_id}/sign-in-links")
    pressed = await browser.follow(path_of(link))
    assert pressed.status_code == 303, pressed.text
    assert (await browser.call("GET", "/v1/session")).json()["member"]["id"] == member_id
    return browser


def path_of(link):
    assert link.status_code == 201, link.text
    return link.json()["url"].removeprefix(ORIGIN)
