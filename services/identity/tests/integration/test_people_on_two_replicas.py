"""People who come and go at once, by requests to two replicas, on one database and broker."""

import asyncio
from functools import partial

import pytest

from kit.testing import eventually
from services.identity.tests.operating import OPERATOR_TOKEN, bearer
from services.identity.tests.scim_platform import Directory, provisioning_token
from services.identity.tests.signing_in import ORIGIN, PUBLIC, SCRIPT, Browser

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(120),
    # Two replicas in one process: streams of anyio are left open, none of which the races use.
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
]
ROUNDS = 16
STEP_SECONDS = 0.003
"""By which one of two requests comes later, in each round by another multiple."""
OFF = {"op": "replace", "path": "active", "value": False}
ON = {**OFF, "value": True}


class Replicas:
    def __init__(self, one, other, owner):
        self.one, self.other, self.owner = one, other, owner

    async def ask(self, replica, method, path, body=None, headers=None):
        return await replica.request(method, path, json=body, headers=headers or self.owner)

    async def person(self, role="builder"):
        body = {"name": "Ada", "role": role}
        return (await self.ask(self.one, "POST", "/v1/members", body)).json()["id"]

    async def token(self, member_id):
        body = {"name": "Own", "member_id": member_id}
        made = await self.ask(self.one, "POST", "/v1/tokens", body)
        return bearer(made.json()["token"])

    async def link(self, member_id):
        made = await self.ask(self.one, "POST", f"/v1/members/{member_id}/sign-in-links")
        return made.json()["url"].removeprefix(ORIGIN)

    async def in_a_browser(self, member_id):
        browser = Browser(self.one)
        assert (await browser.follow(await self.link(member_id))).status_code == 303
        return browser

    async def role(self, member_id, role):
        changed = await self.ask(self.one, "PATCH", f"/v1/members/{member_id}", {"role": role})
        assert changed.status_code == 200

    async def over(self, *secrets):
        """Whether both replicas refuse the sessions with these secrets."""
        found = {
            (await Browser(replica, secret).call("GET", "/v1/session")).status_code
            for replica in (self.one, self.other)
            for secret in secrets
            if secret
        }
        return found <= {401}

    async def refused(self, headers):
        found = {
            (await each.get("/v1/workspace", headers=headers)).status_code
            for each in (self.one, self.other)
        }
        return found == {401}


@pytest.fixture
async def ours(start):
    async with (
        start(openactions=PUBLIC, operator_token=OPERATOR_TOKEN) as (one, [token]),
        start(openactions=PUBLIC) as (other, _),
    ):
        yield Replicas(one, other, bearer(token))


async def later(delay, asked):
    await asyncio.sleep(delay)
    return await asked


async def at_once(number, first, second):
    """Either comes first in half of the rounds."""
    step = (number - ROUNDS // 2) * STEP_SECONDS
    return await asyncio.gather(later(max(0, -step), first), later(max(0, step), second))


async def test_a_session_that_is_renewed_while_its_member_signs_out_everywhere_is_over(ours):
    for number in range(ROUNDS):
        member = await ours.person()
        browser, elsewhere = await ours.in_a_browser(member), await ours.in_a_browser(member)
        token = await ours.token(member)
        assert (await ours.one.get("/v1/workspace", headers=token)).status_code == 200
        await ours.role(member, "user")
        renewing = Browser(ours.other, browser.cookie)

        renewed, out = await at_once(
            number,
            renewing.call("POST", "/v1/session/renew"),
            ours.ask(ours.one, "DELETE", "/v1/session/all", headers=token),
        )

        assert (renewed.status_code in (204, 401), out.status_code) == (True, 204)
        secrets = (browser.cookie, renewing.cookie, elsewhere.cookie)
        assert await eventually(partial(ours.over, *secrets))


@pytest.mark.parametrize("way", ["link", "token"])
async def test_who_signs_in_while_the_directory_switches_them_off_is_out_also_once_on(ours, way):
    directory = Directory(ours.other, await provisioning_token(ours.other, ours.owner))
    for number in range(ROUNDS):
        user = (await directory.user(f"ada{number}@example.com"))["id"]
        browser, token = Browser(ours.one), await ours.token(user)
        if way == "link":
            coming = browser.press(await browser.open(await ours.link(user)))
        else:
            coming = browser.call("POST", "/v1/session", {**SCRIPT, **token})

        _, gone = await at_once(number, coming, directory.patched(f"/Users/{user}", OFF))

        assert gone[0] == 200
        assert await eventually(partial(ours.over, browser.cookie))
        assert (await directory.patched(f"/Users/{user}", ON))[0] == 200
        assert await ours.over(browser.cookie)


@pytest.mark.parametrize("goes", ["member", "maker"])
async def test_a_token_that_is_made_while_its_member_or_maker_is_removed_is_not_left(ours, goes):
    for number in range(ROUNDS):
        people = {"member": await ours.person(), "maker": await ours.person("admin")}
        by = await ours.token(people["maker"])
        wanted = {"name": "t", "member_id": people["member"]}

        made, removed = await at_once(
            number,
            ours.ask(ours.one, "POST", "/v1/tokens", wanted, by),
            ours.ask(ours.other, "DELETE", f"/v1/members/{people[goes]}"),
        )

        assert removed.status_code == 204
        if made.status_code == 201:
            assert await eventually(partial(ours.refused, bearer(made.json()["token"])))
        known = (await ours.ask(ours.one, "GET", "/v1/tokens?limit=100")).json()["items"]
        assert people["member"] not in {each["member_id"] for each in known}
