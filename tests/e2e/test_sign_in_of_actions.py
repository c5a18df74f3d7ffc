"""A member signs in to an action, calls it, and ends that: real processes, and npm `oidc-provider`
as the API's authorization server, whose userinfo is the API.
"""

import asyncio
import re
from contextlib import asynccontextmanager
from html import unescape

import httpx
import pytest

from kit.testing import eventually
from openactions_local.edge import nginx
from openactions_local.servers import free_port
from tests.e2e.platform_process import PlatformProcess
from tests.e2e.test_sign_in_link import LINK
from tests.oidc.company_provider import BROUGHT, CLIENT, SECRET, TYPED, Browser, bring, company

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
ADA = {"sub": "ada", "email": "ada@acme.com", "email_verified": True, "name": "Ada"}
ACCESS_TOKEN_SECONDS = 6
DONE = "You have successfully signed in via OAuth"
OUR_LINK = {**TYPED, "sec-fetch-site": "same-origin"}
CALLS_AT_ONCE = 5


class Installation:
    """An owner who is signed in in a browser, and a GPT with an action that members sign in to."""

    def __init__(self, up, browser, peer):
        self.up, self.browser, self.provider = up, browser, peer
        self.gpt = self.action = ""

    async def build(self):
        call = self.browser.call
        schema = await call("POST", "/v1/schemas", 201, json=document_of(self.provider.issuer))
        self.gpt = (await call("POST", "/v1/gpts", 201, json={"name": "Mine"}))["id"]
        path = f"/v1/gpts/{self.gpt}"
        bound = await call("POST", f"{path}/actions", 201, json={"schema_id": schema["id"]})
        self.action = bound["id"]
        await call("POST", "/v1/domains", json={"domain": "127.0.0.1"})
        credential = f"/v1/credentials/{self.action}"
        callback = await call("GET", f"{credential}/callback")
        await self.provider.says(
            person=ADA,
            redirectUris=[callback["callback_url"]],
            refreshes=True,
            accessTokenSeconds=ACCESS_TOKEN_SECONDS,
        )
        await call("PUT", credential, json=settings_of(self.provider.issuer))
        await call("POST", f"{path}/publish", json={"sharing": "workspace"})

    async def invoke(self, prefer="wait=30"):
        body = {"gpt_id": self.gpt, "operation": "whoAmI", "arguments": {}}
        answer = await self.browser.ask("POST", "/v1/invocations", {"prefer": prefer}, json=body)
        return answer.status_code, answer.json()

    async def succeeds(self):
        status, shown = await self.invoke()
        assert (status, shown.get("outcome")) == (200, "succeeded"), shown
        return shown

    async def is_asked_to_sign_in(self):
        """The address of the page."""
        status, refused = await self.invoke()
        assert (status, refused["code"]) == (403, "auth.sign_in_required"), refused
        return refused["sign_in"]

    async def sign_in_at(self, address):
        """As a person does: our page, its link, the provider, and back."""
        own = self.up.own_url
        assert address.startswith(f"{own}/aip/{self.action}/"), address
        page = await self.browser.open(address.removeprefix(own))
        assert page.status_code == 200, page.text
        assert "127.0.0.1" in page.text
        led = await self.browser.open(link_of(page), OUR_LINK)
        assert led.status_code == 303, led.text
        back = await self.browser.at_company(led.headers["location"])
        done = await self.browser.open(back, BROUGHT)
        assert (done.status_code, DONE in done.text) == (200, True), done.text
        return done, back

    async def calls_of_api(self):
        asked, _ = await self.provider.saw()
        return asked.count("GET /me")

    async def connection(self):
        [only] = (await self.browser.call("GET", "/v1/connections"))["items"]
        return only


def document_of(origin):
    operation = {
        "operationId": "whoAmI",
        "x-openai-isConsequential": False,
        "responses": {"200": {"description": "Whoever is signed in"}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Me", "version": "1"},
        "servers": [{"url": origin}],
        "paths": {"/me": {"get": operation}},
    }


def settings_of(issuer):
    return {
        "type": "oauth",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "authorization_url": f"{issuer}/auth",
        "token_url": f"{issuer}/token",
        "revocation_url": f"{issuer}/token/revocation",
        "token_exchange_method": "basic_auth_header",
        "scope": "openid email",
    }


def link_of(page):
    return unescape(re.search(r'<a href="([^"]+)">Go on to sign in</a>', page.text)[1])


@asynccontextmanager
async def started(folder, options):
    port, provider = free_port(), folder / "provider"
    provider.mkdir()
    bring(provider)
    async with company(provider, f"http://127.0.0.1:{port}") as peer:
        origins = ["--allow-origin", f"{peer.issuer}=127.0.0.1"]
        data = ["--data", folder / "data", "--port", port]
        with PlatformProcess([*data, *origins, *options]) as up:
            client = httpx.AsyncClient(  # noqa: TID251 - only to the platform
                base_url=up.own_url, timeout=40, trust_env=False
            )
            async with client:
                browser = Browser(client, peer, up.own_url)
                [link] = LINK.findall(up.output)
                pressed = await browser.press(await browser.open(link.removeprefix(up.own_url)))
                assert pressed.status_code == 303, pressed.text
                made = Installation(up, browser, peer)
                await made.build()
                yield made


async def waits_and_goes_on_once(ours):
    """A call waits for the sign-in, and is carried out once after it."""
    status, waiting = await ours.invoke("respond-async")
    assert status == 202, waiting
    path = f"/v1/invocations/{waiting['id']}"

    async def shown(state):
        return (await ours.browser.call("GET", path))["state"] == state

    assert await eventually(lambda: shown("waiting_for_sign_in"), within_seconds=10)
    address = (await ours.browser.call("GET", path))["sign_in"]
    assert address == await ours.is_asked_to_sign_in()
    assert await ours.calls_of_api() == 0
    done, back = await ours.sign_in_at(address)
    assert ADA["email"] in done.text
    assert await eventually(lambda: shown("succeeded"), within_seconds=10)
    assert await ours.calls_of_api() == 1
    again = await ours.browser.open(back, BROUGHT)
    assert (again.status_code, "has ended already" in again.text) == (403, True)


async def is_refreshed(ours):
    """Calls at the same time share a token request. How many there are depends on how fast the
    machine is: a token lives for seconds here.
    """
    _, before = await ours.provider.saw()
    assert before[0] == "authorization_code"
    await asyncio.sleep(ACCESS_TOKEN_SECONDS)
    await asyncio.gather(*(ours.succeeds() for _ in range(CALLS_AT_ONCE)))
    _, granted = await ours.provider.saw()
    refreshes = granted[len(before) :]
    assert {*refreshes} == {"refresh_token"}
    assert len(refreshes) < CALLS_AT_ONCE


async def is_revoked(ours):
    kept = await ours.connection()
    assert (kept["state"], kept["account_label"]) == ("linked", ADA["email"])
    assert {*kept["scopes"]} == {"openid", "email"}
    await ours.browser.call("DELETE", f"/v1/connections/{kept['id']}", 204)

    async def is_revoked_there():
        asked, _ = await ours.provider.saw()
        return "POST /token/revocation" in asked

    assert (await ours.connection())["state"] == "revoked"
    assert await eventually(is_revoked_there, within_seconds=30)


@pytest.mark.parametrize("options", [(), ("--separate",)], ids=["embedded", "separate"])
async def test_a_member_signs_in_calls_is_refreshed_revokes_and_is_asked_again(tmp_path, options):
    if options and nginx() is None:
        pytest.skip("nginx is not installed; CI installs it")
    async with started(tmp_path, options) as ours:
        await waits_and_goes_on_once(ours)
        await is_refreshed(ours)
        await is_revoked(ours)
        before = await ours.calls_of_api()
        await ours.is_asked_to_sign_in()
        assert await ours.calls_of_api() == before
        wanted = {"action_id": ours.action, "return_to": "/v1/session/signed-in"}
        begun = await ours.browser.call("POST", "/v1/connections/start", 201, json=wanted)
        done, _ = await ours.sign_in_at(begun["url"])
        assert '<a href="/v1/session/signed-in">' in done.text
        await ours.succeeds()
        used = await ours.browser.open(begun["url"].removeprefix(ours.up.own_url))
        assert used.status_code == 200, "looking at it is no harm"
        led = await ours.browser.open(link_of(used), OUR_LINK)
        assert (led.status_code, "good for one sign-in" in led.text) == (403, True)
        log = ours.up.output
        assert SECRET not in log
