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
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
]
ROUNDS = 20
STEP = 0.002
"""Seconds by which one of two requests comes later, more in each round."""


class Replicas:
    def __init__(self, one, other, owner):
        self.one, self.other, self.owner = one, other, owner

    async def ask(self, replica, method, path, body=None, headers=None):
        return await replica.request(method, path, json=body, headers=headers or self.owner)

    async def person(self, role="builder"):
        body = {"name": "Ada", "role": role}
        return (await self.ask(self.one, "POST", "/v1/members", body)).json()["id"]

    async def link(self, member_id):
        made = await self.ask(self.one, "POST", f"/v1/members/{member_id}/sign-in-links")
        return made.json()["url"].removeprefix(ORIGIN)

    async def in_a_browser(self, member_id):
        browser = Browser(self.one)
        assert (await browser.follow(await self.link(member_id))).status_code == 303
        return browser

    async def let_in(self, cookies):
        """Which of these cookies are of a session on any replica."""
        found = []
        for replica in (self.one, self.other):
            for cookie in cookies:
                browser = Browser(replica, cookie)
                answer = await browser.call("GET", "/v1/session")
                found.append((answer.status_code, answer.json().get("code")))
        return found


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
    step = (number - ROUNDS // 2) * STEP
    return await asyncio.gather(later(max(0, -step), first), later(max(0, step), second))


async def nobody(ours, cookies):
    return {status for status, _ in await ours.let_in(cookies)} == {401}


async def test_a_session_that_is_renewed_while_its_member_signs_out_everywhere_is_over(ours):
    answers = set()
    for number in range(ROUNDS):
        member = await ours.person()
        browser, elsewhere = await ours.in_a_browser(member), await ours.in_a_browser(member)
        cookie = browser.cookie
        body = {"name": "Own", "member_id": member}
        token = bearer((await ours.ask(ours.one, "POST", "/v1/tokens", body)).json()["token"])
        raised = await ours.ask(ours.one, "PATCH", f"/v1/members/{member}", {"role": "admin"})
        lowered = raised if number % 2 else await ours.ask(
            ours.one, "PATCH", f"/v1/members/{member}", {"role": "user"})
        assert lowered.status_code == 200
        renewing = Browser(ours.other, cookie)
        renewed, out = await at_once(
            number,
            renewing.call("POST", "/v1/session/renew"),
            ours.ask(ours.one, "DELETE", "/v1/session/all", headers=token),
        )
        answers.add((renewed.status_code, out.status_code))
        assert out.status_code == 204, out.text
        cookies = {cookie, renewing.cookie, elsewhere.cookie} - {""}
        assert await eventually(partial(nobody, ours, cookies)), await ours.let_in(cookies)
    print("ANSWERS", answers)


@pytest.mark.parametrize("way", ["link", "token"])
@pytest.mark.parametrize("again", [False, True])
async def test_who_signs_in_while_the_directory_switches_them_off_is_not_let_in(ours, way, again):
    directory = Directory(ours.other, await provisioning_token(ours.other, ours.owner))
    answers = set()
    for number in range(ROUNDS):
        user = (await directory.user(f"ada{number}@example.com"))["id"]
        token = bearer(
            (
                await ours.ask(ours.one, "POST", "/v1/tokens", {"name": "t", "member_id": user})
            ).json()["token"]
        )
        browser = Browser(ours.one)
        if way == "link":
            page = await browser.open(await ours.link(user))
            coming = browser.press(page)
        else:
            coming = browser.call("POST", "/v1/session", {**SCRIPT, **token})
        off = {"op": "replace", "path": "active", "value": False}
        came, gone = await at_once(number, coming, directory.patched(f"/Users/{user}", off))
        answers.add((came.status_code, gone[0]))
        assert gone[0] == 200
        cookies = {browser.cookie} - {""}
        if cookies:
            assert await eventually(partial(nobody, ours, cookies)), await ours.let_in(cookies)
        if again:
            assert (await directory.patched(f"/Users/{user}", {**off, "value": True}))[0] == 200
            if cookies:
                await asyncio.sleep(0.05)
                assert await nobody(ours, cookies), await ours.let_in(cookies)
    print("ANSWERS", answers)


@pytest.mark.parametrize("goes", ["member", "maker"])
async def test_a_token_that_is_made_while_its_member_or_maker_is_removed_lets_nobody_in(ours, goes):
    answers = set()
    for number in range(ROUNDS):
        member, maker = await ours.person(), await ours.person("admin")
        made = await ours.ask(ours.one, "POST", "/v1/tokens", {"name": "m", "member_id": maker})
        by = bearer(made.json()["token"])
        wanted = {"name": "t", "member_id": member}
        whom = member if goes == "member" else maker
        token, removed = await at_once(
            number,
            ours.ask(ours.one, "POST", "/v1/tokens", wanted, by),
            ours.ask(ours.other, "DELETE", f"/v1/members/{whom}"),
        )
        answers.add((token.status_code, removed.status_code))
        assert removed.status_code == 204
        known = (await ours.ask(ours.one, "GET", "/v1/tokens?limit=100")).json()["items"]
        if token.status_code == 201:
            headers = bearer(token.json()["token"])

            async def refused(headers=headers):
                codes = [
                    (await each.get("/v1/workspace", headers=headers)).status_code
                    for each in (ours.one, ours.other)
                ]
                return codes == [401, 401]

            assert await eventually(refused)
        assert member not in {each["member_id"] for each in known}, answers
    print("ANSWERS", answers)
